"""Where a member can be reached on a platform: by the id itself, or by what was noted in Redis."""

from redis.asyncio import Redis

KINDS = ("email", "slack", "discourse", "circle")


class AddressBook:
    """One Redis hash a member, `<app>:address:<community>/<member>`: kind to address. Personal data, and nowhere else.

    All methods raise `RedisError` without a store.
    """

    def __init__(self, redis: Redis, prefix: str = "lotse") -> None:
        self._redis, self._prefix = redis, prefix

    async def find(self, member: str, kind: str) -> str | None:
        """Return a member's address of one kind: what was noted, else the id of a member key `<community>/<kind>:<id>`."""
        found = await self._redis.hget(self.key(member), kind)
        if found:
            return found.decode() if isinstance(found, bytes) else str(found)
        return self.by_id(member, kind)

    @staticmethod
    def by_id(member: str, kind: str) -> str | None:
        """Return the id of a member key `<community>/<kind>:<id>`, None for any other."""
        platform, _, identifier = member.partition("/")[2].partition(":")
        return identifier or None if platform == kind else None

    async def note(self, member: str, kind: str, address: str) -> None:
        """Note an address; "" forgets it. Raises `ValueError` for a kind that no channel knows."""
        if kind not in KINDS:
            raise ValueError(f"expected one of {', '.join(KINDS)}, found {kind!r}")
        if address:
            await self._redis.hset(self.key(member), kind, address)
        else:
            await self._redis.hdel(self.key(member), kind)

    async def forget(self, member: str) -> bool:
        """Forget all addresses of a member; False where there were none."""
        return bool(await self._redis.delete(self.key(member)))

    def key(self, member: str) -> str:
        """Return the key under which a member's addresses are."""
        return f"{self._prefix}:address:{member}"
