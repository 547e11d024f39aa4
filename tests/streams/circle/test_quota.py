"""What a month allows is spread over it, and never exceeded."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from streams.circle.quota import ROUND_MIN_S, Quota, month_ends, pause

T0 = 1767225600.0  # 2026-01-01
MONTH_S = 31 * 86400.0


@given(st.integers(10, 250_000), st.integers(1, 3), st.floats(0, MONTH_S - 1))
def test_rounds_never_want_more_than_is_left(allowed: int, a_round: int, begun: float) -> None:
    """Whenever it begins, the rounds up to the month's end fit into what there is."""
    now, left, rounds = T0 + begun, allowed, 0
    while now < T0 + MONTH_S and rounds < 3000:
        assert left >= a_round or pause(now, left, a_round) == T0 + MONTH_S - now
        if left < a_round:
            break
        left -= a_round
        rounds += 1
        now += pause(now, left, a_round)
    assert left >= 0


def test_the_plan_business_is_asked_every_half_hour() -> None:
    """4,000 requests, three lists: 33 minutes; with a quarter million the pause is the least there is."""
    assert 30 * 60 < pause(T0, 4000, 3) < 36 * 60
    assert pause(T0, 250_000, 3) == ROUND_MIN_S
    assert month_ends(T0 + 86400 * 40) == T0 + 86400 * (31 + 28)


@pytest.mark.integration
def test_the_count_is_of_the_month_and_stops_at_what_is_allowed(redis_url: str) -> None:
    """What did not reach Circle is given back; the next month begins anew."""

    async def story() -> None:
        redis = Redis.from_url(redis_url)
        quota = Quota(redis, "quota-test", 3)
        assert [await quota.take(T0) for _ in range(5)] == [True, True, True, False, False]
        assert await quota.left(T0) == 0
        await quota.give_back(T0)
        assert (await quota.left(T0), await quota.take(T0), await quota.take(T0)) == (1, True, False)
        assert await quota.take(T0 + 86400 * 31)
        await redis.aclose()

    asyncio.run(story())
