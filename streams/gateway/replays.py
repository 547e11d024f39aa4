"""Requests that were seen before: one claim in Redis for what was signed, held while it is read and kept once it is taken.

A claim that is only held ends soon, so that a gateway that dies in between costs the sender no more than a later try.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256

from redis.asyncio import Redis

from streams.gateway.refusals import RefusedError, away
from streams.gateway.signatures import WINDOW
from streams.gateway.store import store_needed

HELD_S = 15  # longer than a request may take
KEPT_S = int(2 * WINDOW)  # a timestamp may lie a window ahead, and is good for another
_HELD, _TAKEN = b"held", b"taken"


class Replays:
    """The claims of a deployment."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix

    @asynccontextmanager
    async def once(self, door: str, signed: bytes) -> AsyncIterator[None]:
        """Run the block unless what was signed was taken before; a block that fails leaves no trace. Raises `RefusedError`."""
        key = f"{self._prefix}:request:{door}:{sha256(signed).hexdigest()}"
        with store_needed():
            before = await self._redis.set(key, _HELD, nx=True, ex=HELD_S, get=True)
        if before == _TAKEN:
            raise RefusedError(409, "replayed", "this very request was taken before; sign a new one")
        if before is not None:
            raise away("busy", "this very request is being read", 1)
        try:
            yield
        except BaseException:
            with suppress(RefusedError), store_needed():
                await self._redis.delete(key)
            raise
        with suppress(RefusedError), store_needed():  # what is written is written: the sender is told so
            await self._redis.set(key, _TAKEN, ex=KEPT_S)
