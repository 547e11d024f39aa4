"""Who delivers what, and what is done: one Redis key per command, claim, deliver, done.

A process that dies after the channel delivered and before `done` leaves its claim to expire; another then delivers
the same command again. That is the one crash that can repeat a message; channels pass the command's id on, so that
the other side can tell. No crash loses one: a command's offset is committed only when its record says done.
"""

from typing import Literal

from redis.asyncio import Redis

KEEP_S = 35 * 86400  # longer than the topics' 28 days, so that no re-read delivers again
# Only the holder of a claim may finish or release it (compare and set, atomic in Redis).
_FINISH = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) return 1 else return 0 end"
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"


class DeliveryRecord:
    """Claims with a lease of `lease_s` seconds; `owner` names the process."""

    def __init__(self, redis: Redis, owner: str, lease_s: float = 60.0, prefix: str = "lotse") -> None:
        self._redis, self._owner, self._lease_ms = redis, f"claimed:{owner}", int(lease_s * 1000)
        self._prefix = prefix

    async def claim(self, command: str) -> Literal["mine", "others", "done"]:
        """Try to claim a command; an own claim left by a crash is taken up again."""
        key = self._key(command)
        if await self._redis.set(key, self._owner, nx=True, px=self._lease_ms):
            return "mine"
        held = await self._redis.get(key)
        if held is None:
            return "others"  # it expired between the two looks: ask again
        text = held.decode() if isinstance(held, bytes) else str(held)
        return "done" if text.startswith("done:") else "mine" if text == self._owner else "others"

    async def finish(self, command: str, result: str) -> bool:
        """Record the result; False where the lease had gone to somebody else meanwhile."""
        return bool(await self._redis.eval(_FINISH, 1, self._key(command), self._owner, f"done:{result}", str(KEEP_S)))

    async def release(self, command: str) -> None:
        """Give an unfinished claim back."""
        await self._redis.eval(_RELEASE, 1, self._key(command), self._owner)

    def _key(self, command: str) -> str:
        return f"{self._prefix}:delivery:{command}"
