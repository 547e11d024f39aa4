"""Rate limits: shared by all processes, in the order of booking, and a platform's own word on top."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from sinks.channel import Rate
from sinks.rate_limit import RateLimit

pytestmark = pytest.mark.integration


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on an empty database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


def test_a_burst_goes_at_once_and_the_rest_at_the_rate(redis_url: str) -> None:
    """Two processes book from one bucket: together they get no more than one would."""

    async def story(redis: Redis) -> None:
        one, other = RateLimit(redis, "p"), RateLimit(redis, "p")
        waits = [await limit.book([Rate("all", 0.1, 3)]) for limit in (one, other, one, other, one)]
        assert waits[:3] == [0.0, 0.0, 0.0]
        assert 5.0 < waits[3] <= 10.0
        assert 15.0 < waits[4] <= 20.0

    run(redis_url, story)


def test_the_tightest_bucket_rules(redis_url: str) -> None:
    """One conversation's rate does not hold back another one's, the platform's holds back both."""

    async def story(redis: Redis) -> None:
        limit, wide = RateLimit(redis, "p"), Rate("all", 0.5, 2)
        assert await limit.book([wide, Rate("a", 0.01)]) == 0.0
        assert await limit.book([wide, Rate("b", 0.01)]) == 0.0
        assert 1.0 < await limit.book([wide, Rate("c", 0.01)]) <= 2.0
        assert 90.0 < await limit.book([wide, Rate("a", 0.01)]) <= 100.0

    run(redis_url, story)


def test_what_the_platform_asks_for_keeps_everybody_away(redis_url: str) -> None:
    """A Retry-After that one process met holds for all, and a shorter one does not end a longer one."""

    async def story(redis: Redis) -> None:
        one, other = RateLimit(redis, "p"), RateLimit(redis, "p")
        assert await other.held() == 0.0
        await one.hold(50.0)
        await one.hold(1.0)
        assert 40.0 < await other.held() <= 50.0
        assert 40.0 < await other.book([Rate("all", 1000.0, 1000)]) <= 50.0
        assert await RateLimit(redis, "another").book([]) == 0.0

    run(redis_url, story)


def test_buckets_do_not_stay_for_ever(redis_url: str) -> None:
    """One bucket a conversation must not fill the store."""

    async def story(redis: Redis) -> None:
        await RateLimit(redis, "p").book([Rate("town/ann", 1.0)])
        keys = [key async for key in redis.scan_iter("*")]
        assert len(keys) == 2
        assert all([0 < await redis.ttl(key) <= 62 for key in keys])

    run(redis_url, story)
