"""In-app items in Redis: one hash for each target, bounded, gone when they expire; who looks is told of changes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import msgspec
from redis.asyncio import Redis

from processors.commands import Command

ITEMS_MAX = 30  # of one target; beyond, the oldest go
TARGETS_AT_ONCE = 500  # in one question to the store, where all are looked through
_RANK = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_DECODER = msgspec.json.Decoder(Command)


class Inbox:
    """The items of members, and of places where something is pinned. All methods raise `RedisError` without a store.

    What is stored is the command itself: the tokens of its actions are made when somebody looks, so no key is needed to put it there.
    """

    def __init__(self, redis: Redis, prefix: str = "lotse") -> None:
        self._redis, self._prefix = redis, prefix

    async def put(self, command: Command) -> None:
        """Show a command to its target until it expires; putting it again changes nothing."""
        key = self._key(command.target)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, command.id, msgspec.json.encode(command))
            pipe.expireat(key, int(command.expires) + 1, nx=True)
            pipe.expireat(key, int(command.expires) + 1, gt=True)
            pipe.hvals(key)
            stored = (await pipe.execute())[-1]
        if len(stored) > ITEMS_MAX:
            known = sorted((_DECODER.decode(one) for one in stored), key=lambda one: (one.not_before, one.id))
            await self._redis.hdel(key, *(one.id for one in known[:-ITEMS_MAX]))
        await self._changed(command.target)

    async def items(self, target: str, now: float) -> list[Command]:
        """Return what a target is shown at `now` (epoch s): the most urgent first, then the newest."""
        stored = [_DECODER.decode(one) for one in await self._redis.hvals(self._key(target))]
        gone = [one.id for one in stored if one.expires <= now]
        if gone:
            await self._redis.hdel(self._key(target), *gone)
        found = [one for one in stored if one.expires > now]
        return sorted(found, key=lambda one: (_RANK.get(one.priority, 2), -one.not_before, one.id))

    async def everything(self) -> AsyncIterator[Command]:
        """Yield all that is stored, of all targets; what changes meanwhile may be there or not."""
        keys: list[bytes] = []
        async for key in self._redis.scan_iter(match=self._key("*"), count=TARGETS_AT_ONCE):
            keys.append(key)
            if len(keys) >= TARGETS_AT_ONCE:
                for one in await self._of(keys):
                    yield one
                keys = []
        for one in await self._of(keys):
            yield one

    async def _of(self, keys: Sequence[bytes]) -> list[Command]:
        if not keys:
            return []
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hvals(key)
            return [_DECODER.decode(one) for stored in await pipe.execute() for one in stored]

    async def withdraw(self, target: str, ids: Sequence[str]) -> None:
        """Show these no more; what is not there is no fault."""
        if ids and await self._redis.hdel(self._key(target), *ids):
            await self._changed(target)

    async def clear(self, target: str) -> None:
        """Forget all of a target."""
        await self._redis.delete(self._key(target))
        await self._changed(target)

    async def changes(self) -> AsyncIterator[str]:
        """Yield each target that something changes for, from now on, and "" once it listens."""
        async with aclosing(self._redis.pubsub(ignore_subscribe_messages=False)) as channel:
            await channel.subscribe(f"{self._prefix}:inbox")
            async for message in channel.listen():
                if message["type"] == "subscribe":
                    yield ""
                elif message["type"] == "message":
                    yield message["data"].decode()

    async def _changed(self, target: str) -> None:
        await self._redis.publish(f"{self._prefix}:inbox", target)

    def _key(self, target: str) -> str:
        return f"{self._prefix}:inbox:{target}"
