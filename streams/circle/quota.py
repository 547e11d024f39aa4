"""How many requests Circle's plan allows in a month, counted in Redis, and how they are spread over it.

Circle, "Usage and limits": 5,000 requests a month on the plan Business, 30,000 on Enterprise and Plus, 250,000 on Plus Platform;
2,000 in 5 minutes for an address. Delivery spends of the same, so polling gets a part of it (LOTSE_CIRCLE_MONTH).
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

ROUND_MIN_S = 60.0  # between two rounds, however much there is to spend
GAP_S = 0.2  # between two requests: 1,500 in 5 minutes
KEPT_S = 40 * 86400


class Quota:
    """The count of this month, UTC; two pollers of one deployment share it."""

    def __init__(self, redis: Redis, prefix: str, allowed: int) -> None:
        self._redis, self._prefix, self.allowed = redis, f"{prefix}:circle:requests", allowed

    async def take(self, now: float) -> bool:
        """Count a request before it is made; False, and nothing counted, where the month's are spent. Raises `RedisError`."""
        name = self._name(now)
        if await self._redis.incr(name) > self.allowed:
            await self._redis.decr(name)
            return False
        await self._redis.expire(name, KEPT_S)
        return True

    async def give_back(self, now: float) -> None:
        """Take a request back that Circle does not count: one that it answered with 5xx, or that never arrived."""
        await self._redis.decr(self._name(now))

    async def left(self, now: float) -> int:
        """Return how many requests are left in this month. Raises `RedisError`."""
        return max(0, self.allowed - int(await self._redis.get(self._name(now)) or 0))

    def _name(self, now: float) -> str:
        return f"{self._prefix}:{datetime.fromtimestamp(now, UTC):%Y-%m}"


def pause(now: float, left: int, a_round: int) -> float:
    """Return the seconds until the next round, so that what is left lasts for the month when a round takes `a_round` requests."""
    rest = month_ends(now) - now
    return min(rest, max(ROUND_MIN_S, rest * a_round / left)) if left >= a_round else rest


def month_ends(now: float) -> float:
    """Return when the month ends, UTC, in epoch seconds."""
    at = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (at.replace(day=1) + timedelta(days=monthrange(at.year, at.month)[1])).timestamp()
