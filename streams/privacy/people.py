"""The keys that are one person: a member's key, and the platforms' ids that are linked to it."""

from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from streams.gateway.identities import Link

SCANNED = 500  # keys a step


class Person(NamedTuple):
    """`keys`: the member's key first, then linked ids. `links` are their Redis keys, `addresses` those of verified addresses."""

    keys: tuple[str, ...]
    links: dict[str, Link]
    addresses: tuple[bytes, ...]

    @property
    def community(self) -> str:
        """The community of all keys."""
        return self.keys[0].partition("/")[0]


async def find_person(redis: Redis | None, app: str, member: str) -> Person:
    """Return whose key this is. Without a store nothing is linked. Raises `RedisError`.

    All links are looked through: they are kept by the id that is linked, not by the member.
    """
    if redis is None:
        return Person((member,), {}, ())
    prefix = f"{app}:identity:"
    links, addresses = dict[str, Link](), dict[bytes, str]()
    name: Any
    async for name in redis.scan_iter(f"{prefix}*", count=SCANNED):
        stored: Any = await redis.get(name)
        plain = name.decode()
        if stored is None:
            continue
        if plain.startswith(f"{prefix}address:"):
            addresses[name] = stored.decode()
        else:
            links[plain.removeprefix(prefix)] = msgspec.msgpack.decode(stored, type=Link)
    owner = links[member].member if member in links else member
    own = {key: link for key, link in links.items() if link.member == owner}
    keys = tuple(dict.fromkeys((owner, member, *sorted(own))))
    return Person(keys, own, tuple(name for name, key in addresses.items() if key in keys))
