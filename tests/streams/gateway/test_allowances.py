"""What a key may send, on a real Redis: the rate is held over all gateways, whatever each of them asks for."""

import asyncio
import time

import pytest

from streams.gateway.allowances import BURST_S, Allowances
from streams.gateway.refusals import RefusedError
from streams.gateway.store import connect

pytestmark = pytest.mark.integration


def test_two_gateways_together_give_no_more_than_the_rate(redis_url: str) -> None:
    """A burst, then the rate; who is refused is told when to come again."""
    rate = 200

    async def run() -> tuple[int, float, RefusedError]:
        redis = connect(redis_url)
        both, spent, began = [Allowances(redis, "allow-test") for _ in range(2)], 0, time.monotonic()
        last: RefusedError | None = None
        while time.monotonic() - began < 1.0:
            for one in both:
                try:
                    await one.spend("key", 3, rate)
                    spent += 3
                except RefusedError as error:
                    last = error
        took = time.monotonic() - began
        await redis.aclose()
        assert last is not None
        return spent, took, last

    spent, took, refused = asyncio.run(run())
    assert rate * BURST_S <= spent <= rate * (BURST_S + took) + 10
    assert (refused.status, refused.reason) == (429, "rate")
    assert refused.retry_after >= 1


def test_more_than_a_bucket_holds_is_refused_for_good(redis_url: str) -> None:
    """It would never pass: to come again would not help."""

    async def run() -> None:
        redis = connect(redis_url)
        with pytest.raises(RefusedError) as told:
            await Allowances(redis, "allow-test").spend("other", 21, 10)
        assert told.value.status == 413
        await redis.aclose()

    asyncio.run(run())


def test_without_the_store_one_comes_again() -> None:
    """503, with a time."""

    async def run() -> None:
        redis = connect("redis://127.0.0.1:1/0")
        with pytest.raises(RefusedError) as told:
            await Allowances(redis, "allow-test").spend("other", 1, 10)
        assert (told.value.status, told.value.reason) == (503, "store_away")
        assert told.value.retry_after > 0
        await redis.aclose()

    asyncio.run(run())
