"""How much a key may send: a token bucket for each in Redis, shared by all gateways, of which each takes a portion at a time.

A portion is a twentieth of a second's rate, so that asking costs little, and what a gateway holds unspent is little too.
Clock: Redis's own, so that no gateway's counts.
"""

import asyncio
from math import ceil
from typing import Any

from redis.asyncio import Redis

from streams.gateway.refusals import RefusedError
from streams.gateway.store import store_needed

PORTION_S = 0.05
BURST_S = 2.0  # what a bucket holds, in seconds of its rate
KEPT_MAX = 4096  # keys whose portions are remembered
# Refill by the time that passed, give what is asked for or what there is; return what was given, and milliseconds until `need` is there.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local ask, need = tonumber(ARGV[3]), tonumber(ARGV[4])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1]) or burst
local passed = math.max(0, at - (tonumber(held[2]) or at))
tokens = math.min(burst, tokens + passed * rate / 1000)
local given = 0
if tokens >= need then given = math.min(ask, math.floor(tokens)) end
tokens = tokens - given
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(at))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return {given, math.max(0, math.ceil((need - tokens) / rate * 1000))}
"""


class Allowances:
    """The buckets as this gateway sees them."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._take_script: Any = redis.register_script(_TAKE)
        self._prefix = prefix
        self._portions: dict[str, int] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def spend(self, name: str, count: int, rate: int) -> None:
        """Take `count` tokens of a key that may use `rate` a second. Raises `RefusedError`: 429, or 503 without the store."""
        burst = int(rate * BURST_S) or 1
        if count > burst:
            raise RefusedError(413, "rate", f"more at once than this key may ever send: {burst}; send it in parts")
        if self._held(name, count):
            return
        async with self._asking.setdefault(name, asyncio.Lock()):
            if self._held(name, count):
                return
            need = count - self._portions.get(name, 0)
            given, wait_ms = await self._ask(name, need, rate, burst)
            self._portions[name] = self._portions.get(name, 0) + given
        if not self._held(name, count):
            raise RefusedError(429, "rate", f"this key may send {rate} events a second", max(1, ceil(wait_ms / 1000)))

    def _held(self, name: str, count: int) -> bool:
        held = self._portions.get(name, 0)
        if held < count:
            return False
        self._portions[name] = held - count
        return True

    async def _ask(self, name: str, need: int, rate: int, burst: int) -> tuple[int, int]:
        if len(self._portions) > KEPT_MAX:
            self._portions.clear()
        ask = max(need, min(burst, int(rate * PORTION_S)))
        with store_needed():
            given, wait_ms = await self._take_script(
                keys=[f"{self._prefix}:allowance:{name}"], args=[rate, burst, ask, need]
            )
        return int(given), int(wait_ms)
