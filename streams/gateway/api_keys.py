"""API keys: made once, shown once, kept as a hash (Argon2id); a key speaks for one community.

A key is `lotse_<id>_<secret>`. The secret has 256 bits, so the hash is not what makes guessing hopeless; it makes a stolen store
useless. What was verified is remembered by its SHA-256 for `REMEMBERED_S`, so that the hash is paid once; then the
store is asked whether the key is still there, so that a removed one ends soon.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from hashlib import sha256

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from redis.asyncio import Redis

from streams.gateway.refusals import RefusedError, away
from streams.gateway.store import store_needed

RATE = 50_000  # events a second, unless a key was given another
REMEMBERED_S, REMEMBERED_MAX = 15.0, 1024
CHECKS_MAX = 32  # hashes that may wait; more is a flood
_KEY = re.compile(r"lotse_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
# OWASP's least cost for Argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet).
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class ApiKey(msgspec.Struct, frozen=True):
    """A key as it is kept: never the secret. `created` in epoch seconds, `rate` in events a second."""

    id: str
    name: str
    community: str
    hash: str
    created: float
    rate: int = RATE


class ApiKeys:
    """The keys of a deployment, in one Redis hash."""

    def __init__(self, redis: Redis, prefix: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis, self._name, self._clock = redis, f"{prefix}:gateway:keys", clock
        self._remembered: dict[bytes, tuple[ApiKey, float]] = {}
        self._looking: dict[bytes, asyncio.Future[ApiKey]] = {}
        self._checks, self._one = 0, asyncio.Semaphore(1)

    async def add(self, name: str, community: str, rate: int, now: float) -> tuple[ApiKey, str]:
        """Make a key; return it and its text, which nobody can ask for again."""
        identifier, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        key = ApiKey(identifier, name, community, _HASHER.hash(secret), now, rate)
        with store_needed():
            await self._redis.hset(self._name, identifier, msgspec.json.encode(key))
        return key, f"lotse_{identifier}_{secret}"

    async def all(self) -> list[ApiKey]:
        """Return all keys, the oldest first."""
        with store_needed():
            found = await self._redis.hvals(self._name)
        return sorted((msgspec.json.decode(one, type=ApiKey) for one in found), key=lambda key: key.created)

    async def remove(self, identifier: str) -> bool:
        """Remove a key; tell whether there was one."""
        with store_needed():
            return bool(await self._redis.hdel(self._name, identifier))

    async def verify(self, given: str) -> ApiKey:
        """Return the key of this text. Raises `RefusedError`: 401 where there is none, 503 without the store."""
        mark = sha256(given.encode("utf-8", "replace")).digest()
        known = self._remembered.get(mark)
        if known is not None and known[1] > self._clock():
            return known[0]
        found = _KEY.fullmatch(given)
        if found is None:
            raise _no_such_key()
        looking = self._looking.get(mark)
        if looking is None:  # all requests that come with this key now wait for one look
            looking = self._looking[mark] = asyncio.ensure_future(self._look(mark, found[1], found[2], known))
            looking.add_done_callback(lambda _done: self._looking.pop(mark, None))
        return await asyncio.shield(looking)

    async def _look(self, mark: bytes, identifier: str, secret: str, known: tuple[ApiKey, float] | None) -> ApiKey:
        """Return the key as it is kept now. One whose hash was checked before is not hashed again."""
        key = await self._stored(identifier)
        checked = known is not None and key is not None and known[0].hash == key.hash
        if key is None or not (checked or await self._fits(key.hash, secret)):
            self._remembered.pop(mark, None)
            raise _no_such_key()
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[mark] = key, self._clock() + REMEMBERED_S
        return key

    async def _stored(self, identifier: str) -> ApiKey | None:
        with store_needed():
            found = await self._redis.hget(self._name, identifier)
        return None if found is None else msgspec.json.decode(found, type=ApiKey)

    async def _fits(self, hashed: str, secret: str) -> bool:
        """Check a secret beside the loop, one at a time: a flood of wrong ones must not take the machine."""
        if self._checks >= CHECKS_MAX:
            raise away("busy", "too many keys wait to be checked", 1)
        self._checks += 1
        try:
            async with self._one:
                return await asyncio.to_thread(_verified, hashed, secret)
        finally:
            self._checks -= 1


def _verified(hashed: str, secret: str) -> bool:
    try:
        return _HASHER.verify(hashed, secret)
    except VerificationError:
        return False


def _no_such_key() -> RefusedError:
    return RefusedError(401, "key", "no such key; expected Authorization: Bearer <key>, made by: lotse gateway key add")
