"""Who delivers what, and how it ended: one Redis key per command; claimed, begun, ended, told.

Which crash can repeat a message: a holder that dies, or stands still for longer than the lease, after the channel
delivered and before `finish` leaves a claim that expires. Where a repetition is not harmless, a second key says that an
attempt was begun; whoever claims next then looks before it delivers, or leaves it to a person. So does nobody who finds
a store that has lost its memory. No crash loses an outcome: what has ended but was not told is answered again until
somebody calls `told`.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal, NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

KEEP_S = 35 * 86400  # longer than the topics' 28 days, so that no re-read delivers again
UNKNOWN = "unknown"  # the reason of an end of which nobody can tell whether it was a delivery
OTHERS_S = 1.0  # between two looks at a command that another process holds
LEASE_S = 30.0  # how long after a crash the commands under way wait; renewed three times within it
# Only the holder of a claim may renew, end or release it (compare and set, atomic in Redis).
_IF_HELD = "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "
_RENEW = _IF_HELD + "return redis.call('pexpire', KEYS[1], ARGV[2])"
_FINISH = _IF_HELD + "redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) redis.call('del', KEYS[2]) return 1"
_RELEASE = _IF_HELD + "if ARGV[2] == '1' then redis.call('del', KEYS[2]) end return redis.call('del', KEYS[1])"
# What has been told stays: it may have taken the place of theirs, as the end of an erasure does.
_TOLD = """
local held = redis.call('get', KEYS[1])
if held and string.sub(held, 1, 1) == '[' and cjson.decode(held)[4] == true then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
# A dead end is opened again at most once for each letter that asks for it: `letter` is kept in the end that follows.
_REOPEN = """
local held = redis.call('get', KEYS[1])
if not held or string.sub(held, 1, 1) ~= '[' then return 0 end
local ending = cjson.decode(held)
if ending[3] ~= true or ending[6] == ARGV[1] then return 0 end
redis.call('del', KEYS[1], KEYS[2])
return 1
"""


class Ending(msgspec.Struct, frozen=True, array_like=True):
    """How a delivery ended: kind of outcome, its reason, whether it asks for a dead letter, whether all that was told.

    `remote` is what the platform calls the message; `letter` the dead letter by which it was tried anew, `via` the channel.
    """

    kind: str
    reason: str = ""
    dead: bool = False
    told: bool = False
    remote: str = ""
    letter: str = ""
    via: str = ""


class Claim(NamedTuple):
    """`mine`: deliver. `others`: ask again later. `ended`: as `ending` says."""

    state: Literal["mine", "others", "ended"]
    ending: Ending | None = None


class DeliveryRecord:
    """The claims of one process, with a lease of `lease_s` seconds. All methods raise `RedisError` without a store."""

    def __init__(self, redis: Redis, owner: str, lease_s: float = LEASE_S, prefix: str = "lotse") -> None:
        # The token is the process's own: two of the same name, or the same one twice on one command, exclude each other.
        self._token = f"claimed:{owner}:{secrets.token_hex(8)}"
        self._redis, self._lease_ms, self._prefix = redis, int(lease_s * 1000), prefix

    async def claim(self, command: str) -> Claim:
        """Try to claim a command."""
        key = self._key(command)
        if await self._redis.set(key, self._token, nx=True, px=self._lease_ms):
            return Claim("mine")
        held = await self._redis.get(key)
        text = held.decode() if isinstance(held, bytes) else held
        if text is None or text.startswith("claimed:"):
            return Claim("others")  # None: it expired between the two looks
        return Claim("ended", msgspec.json.decode(text, type=Ending))

    async def end_unclaimed(self, command: str, ending: Ending) -> Claim:
        """End a command that nobody holds and that has no end yet; `ended` says how it ended, `others` that it is held."""
        key = self._key(command)
        if await self._redis.set(key, msgspec.json.encode(ending), nx=True, ex=KEEP_S):
            return Claim("ended", ending)
        held = await self._redis.get(key)
        text = held.decode() if isinstance(held, bytes) else held
        if text is None or text.startswith("claimed:"):
            return Claim("others")
        return Claim("ended", msgspec.json.decode(text, type=Ending))

    async def has_ended(self, command: str) -> bool:
        """Tell whether a command has come to an end."""
        held = await self._redis.get(self._key(command))
        text = held.decode() if isinstance(held, bytes) else held
        return text is not None and not text.startswith("claimed:")

    async def has_begun(self, command: str) -> bool:
        """Tell whether an attempt was begun of which nobody knows the end."""
        return bool(await self._redis.exists(self._begun(command)))

    async def begin(self, command: str) -> bool:
        """Note that an attempt begins; False where one was begun before that nobody ended, so that it may have delivered."""
        return bool(await self._redis.set(self._begun(command), self._token, nx=True, ex=KEEP_S))

    async def renew(self, command: str) -> bool:
        """Begin the lease anew; False where it has gone to somebody else, or to nobody."""
        return bool(await self._redis.eval(_RENEW, 1, self._key(command), self._token, str(self._lease_ms)))

    @asynccontextmanager
    async def holding(self, command: str) -> AsyncIterator[None]:
        """Keep a claim while the block runs."""
        over = asyncio.Event()
        keeper = asyncio.create_task(self._keep(command, over))
        try:
            yield
        finally:
            over.set()
            keeper.cancel()
            await asyncio.wait({keeper})

    async def finish(self, command: str, ending: Ending) -> bool:
        """Record the end; False, and nothing done, where the lease has gone to somebody else."""
        value = msgspec.json.encode(ending)
        keys = (self._key(command), self._begun(command))
        return bool(await self._redis.eval(_FINISH, 2, *keys, self._token, value, str(KEEP_S)))

    async def told(self, command: str, ending: Ending) -> None:
        """Record that the end was told to everybody concerned; one that is told already stays."""
        value = msgspec.json.encode(msgspec.structs.replace(ending, told=True))
        await self._redis.eval(_TOLD, 1, self._key(command), value, str(KEEP_S))

    async def release(self, command: str, *, sure: bool = False) -> None:
        """Give an unfinished claim back; `sure` where the attempt that was begun has certainly not delivered."""
        await self._redis.eval(_RELEASE, 2, self._key(command), self._begun(command), self._token, "1" if sure else "0")

    async def reopen(self, command: str, letter: str) -> bool:
        """Let a command that ended in the dead letters be delivered anew; once for each letter."""
        return bool(await self._redis.eval(_REOPEN, 2, self._key(command), self._begun(command), letter))

    async def _keep(self, command: str, over: asyncio.Event) -> None:
        """Renew until it is `over`. To be cancelled is not enough: a client of Redis that writes at that moment forgets it (wait_for of Python 3.11)."""
        held = True
        while held and not over.is_set():
            await asyncio.sleep(self._lease_ms / 3000)
            with suppress(RedisError):  # a store that is back before the lease ends has forgotten nothing
                held = await self.renew(command)

    def _key(self, command: str) -> str:
        return f"{self._prefix}:delivery:{command}"

    def _begun(self, command: str) -> str:
        return f"{self._prefix}:delivery:{command}:begun"
