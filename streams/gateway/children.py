"""Children at the doors: once a platform says that a member is under thirteen, nothing of theirs is written but that."""

import time
from collections.abc import Callable, Sequence
from hashlib import blake2b

import msgspec
from redis.asyncio import Redis

from processors.events import Event
from processors.member.children import TELLS, is_child
from processors.vocabulary import Profile
from streams.gateway.store import store_needed

REMEMBERED_S, REMEMBERED_MAX = 30.0, 100_000  # in this process; a change reaches other gateways after so long


class Children:
    """Who is known to be a child, as keyed hashes in one Redis set. All methods raise `RefusedError` without a store."""

    def __init__(self, redis: Redis, prefix: str, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._redis, self._name, self._clock = redis, f"{prefix}:children", clock
        self._secret = blake2b(secret, person=b"lotse-child").digest()
        self._remembered: dict[bytes, tuple[bool, float]] = {}

    async def without(self, events: Sequence[Event], keys: Sequence[str]) -> list[Event | None]:
        """Return the events, each of the member in `keys`; None in the place of a child's, but for the year of birth."""
        marks, now = [self._mark(key) for key in keys], self._clock()
        for event, mark in zip(events, marks, strict=True):
            born = event.data.birth_year if isinstance(event.data, Profile) else None
            if born:
                await self._note(mark, child=is_child(born, now), now=now)
        children = await self._among(set(marks), now)
        return [_left(event) if mark in children else event for event, mark in zip(events, marks, strict=True)]

    async def _note(self, mark: bytes, *, child: bool, now: float) -> None:
        with store_needed():
            await (self._redis.sadd(self._name, mark) if child else self._redis.srem(self._name, mark))
        self._remember(mark, now, child=child)

    async def _among(self, marks: set[bytes], now: float) -> set[bytes]:
        known = {mark: found for mark in marks if (found := self._remembered.get(mark)) and found[1] >= now}
        unknown = sorted(marks - known.keys())
        if unknown:
            with store_needed():
                answers = await self._redis.smismember(self._name, unknown)
            for mark, child in zip(unknown, answers, strict=True):
                known[mark] = self._remember(mark, now, child=bool(child))
        return {mark for mark, (child, _) in known.items() if child}

    def _remember(self, mark: bytes, now: float, *, child: bool) -> tuple[bool, float]:
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[mark] = child, now + REMEMBERED_S
        return self._remembered[mark]

    def _mark(self, key: str) -> bytes:
        return blake2b(key.encode(), digest_size=12, key=self._secret).digest()


def _left(event: Event) -> Event | None:
    """Return what of a child's event is written."""
    if event.type != TELLS or not isinstance(event.data, Profile) or not event.data.birth_year:
        return None
    return msgspec.structs.replace(event, data=Profile(birth_year=event.data.birth_year))
