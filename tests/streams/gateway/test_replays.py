"""Requests seen before, on a real Redis: taken once; one that failed may come again."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from streams.gateway.refusals import RefusedError
from streams.gateway.replays import KEPT_S, Replays
from streams.gateway.signatures import WINDOW
from streams.servers.store import CONNECTIONS, connect

pytestmark = pytest.mark.integration


def with_replays(url: str, work: Callable[[Replays], Coroutine[Any, Any, None]]) -> None:
    """Run with fresh claims, on a store that may take its time: its connections are opened all at once."""

    async def run() -> None:
        redis = connect(url, 60.0)
        try:
            await work(Replays(redis, f"replays-{work.__name__}"))
        finally:
            await redis.aclose()

    asyncio.run(run())


def test_what_was_taken_is_refused_for_as_long_as_its_signature_is_good(redis_url: str) -> None:
    """Another body, or another door, is another request."""

    async def taken(replays: Replays) -> None:
        async with replays.once("slack", b"signed"):
            pass
        with pytest.raises(RefusedError) as told:
            async with replays.once("slack", b"signed"):
                pass
        assert (told.value.status, told.value.reason) == (409, "replayed")
        for door, signed in (("slack", b"other"), ("kit", b"signed")):
            async with replays.once(door, signed):
                pass

    with_replays(redis_url, taken)
    assert KEPT_S >= 2 * WINDOW


def test_what_failed_may_come_again_and_what_is_being_read_must_wait(redis_url: str) -> None:
    """A broker that was away must not make the sender's retry a replay."""

    async def read_twice(replays: Replays) -> None:
        async with replays.once("slack", b"signed"):
            with pytest.raises(RefusedError) as told:
                async with replays.once("slack", b"signed"):
                    pass
            assert told.value.status == 503
            raise ValueError("away")

    async def failed(replays: Replays) -> None:
        with pytest.raises(ValueError, match="away"):
            await read_twice(replays)
        async with replays.once("slack", b"signed"):
            pass

    with_replays(redis_url, failed)


def test_many_at_once_wait_for_the_store_rather_than_being_sent_away(redis_url: str) -> None:
    """More than there are connections to it."""

    async def many(replays: Replays) -> None:
        async def one(number: int) -> None:
            async with replays.once("slack", b"%d" % number):
                await asyncio.sleep(0)

        await asyncio.gather(*(one(number) for number in range(5 * CONNECTIONS)))

    with_replays(redis_url, many)
