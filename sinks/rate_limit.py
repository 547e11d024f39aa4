"""Rate limits that all processes share: token buckets in Redis, in which each attempt books its place."""

from collections.abc import Sequence

from redis.asyncio import Redis

from sinks.channel import Rate

# Buckets as "theoretical arrival time" (GCRA, ITU-T I.371): `tat` is when the bucket would be full again, `hold` until when
# the platform wants nothing. The attempt is booked at the first time that all its buckets allow; Redis's clock rules.
_BOOK = """
local clock = redis.call('time')
local now = clock[1] * 1000 + clock[2] / 1000
local start, tats = now, {}
for i, key in ipairs(KEYS) do
  local found = redis.call('hmget', key, 'tat', 'hold')
  tats[i] = tonumber(found[1] or '0')
  start = math.max(start, tats[i] - tonumber(ARGV[2 * i]), tonumber(found[2] or '0'))
end
for i, key in ipairs(KEYS) do
  local tat = math.max(tats[i], start) + tonumber(ARGV[2 * i - 1])
  redis.call('hset', key, 'tat', string.format('%.3f', tat))
  redis.call('pexpire', key, math.ceil(tat - now) + 60000)
end
return tostring(start - now)
"""
_HOLD = """
local clock = redis.call('time')
local now = clock[1] * 1000 + clock[2] / 1000
local hold = math.max(tonumber(redis.call('hget', KEYS[1], 'hold') or '0'), now + tonumber(ARGV[1]))
redis.call('hset', KEYS[1], 'hold', string.format('%.3f', hold))
redis.call('pexpire', KEYS[1], math.max(redis.call('pttl', KEYS[1]), math.ceil(hold - now) + 60000))
return 1
"""
_HELD = """
local clock = redis.call('time')
return tostring((tonumber(redis.call('hget', KEYS[1], 'hold') or '0')) - clock[1] * 1000 - clock[2] / 1000)
"""


class RateLimit:
    """The buckets of one platform. All methods raise `RedisError` without a store."""

    def __init__(self, redis: Redis, platform: str, prefix: str = "lotse") -> None:
        self._redis = redis
        self._own = f"{prefix}:rate:{{{platform}}}"  # in braces: one slot of a Redis cluster

    async def book(self, rates: Sequence[Rate]) -> float:
        """Book an attempt and return in how many seconds it may be made, 0 for now."""
        keys, numbers = [self._own], [0.0, 0.0]
        for rate in rates:
            interval = 1000 / rate.per_s
            keys.append(f"{self._own}:{rate.bucket}")
            numbers += [interval, interval * (rate.burst - 1)]
        waited = await self._redis.eval(_BOOK, len(keys), *keys, *map(str, numbers))
        return float(waited) / 1000

    async def held(self) -> float:
        """Return for how many seconds the platform wants nothing, 0 where it takes more."""
        return max(0.0, float(await self._redis.eval(_HELD, 1, self._own)) / 1000)

    async def hold(self, seconds: float) -> None:
        """Keep all processes from the platform for so long: it said that it gets too much."""
        await self._redis.eval(_HOLD, 1, self._own, str(seconds * 1000))
