"""The store's client on a real Redis."""

import asyncio

import pytest

from streams.servers.store import CONNECTIONS, connect


@pytest.mark.integration
def test_more_questions_than_connections_wait_and_none_fails(redis_url: str) -> None:
    """Redis holds each for a moment, so that all are under way at once."""

    async def run() -> list[object]:
        redis = connect(redis_url, 10.0)
        try:
            asked = (redis.blpop([f"nothing-{number}"], timeout=0.1) for number in range(3 * CONNECTIONS))
            return await asyncio.gather(*asked)
        finally:
            await redis.aclose()

    assert asyncio.run(run()) == [None] * 3 * CONNECTIONS
