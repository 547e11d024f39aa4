"""Who is who: a platform's id is a member of its own until there is proof that it is another's; kept in Redis, bounded.

`<community>/<source>:<id>` is the key of somebody of whom only a platform's id is known. A link says that it is the member of
another key, by which proof, and how sure that makes us. Without proof nothing is joined: two people taken for one would each
get what concerns the other. Who is only a device (`anonymous:`) is unsure: enough for a tooltip, never for support in distress.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis

from processors.events import Event
from processors.ids import digest
from processors.vocabulary import Profile
from streams.gateway.store import store_needed

# How sure each proof makes us. An address that the platform itself has verified may since have gone to somebody else.
PROOFS = {"signed_token": 1.0, "single_sign_on": 1.0, "operator": 1.0, "verified_email": 0.9}
UNPROVED = 0.3  # a device that nobody has signed in on
SURE = 0.8  # from here on identity is sure enough for everything
KEPT_S = 730 * 86400  # a link that nobody has needed for two years is forgotten
REMEMBERED_S, REMEMBERED_MAX = 30.0, 50_000
NAMED = ("to", "by", "author")  # fields of data that hold a member's key


class Link(msgspec.Struct, frozen=True, array_like=True):
    """To which member's key an id belongs, by which proof, since when (epoch s)."""

    member: str
    proof: str
    at: float

    @property
    def confidence(self) -> float:
        """How sure it is, from 0 to 1."""
        return PROOFS.get(self.proof, UNPROVED)


class Address(NamedTuple):
    """An e-mail address that a platform says it has verified for one of its ids; it is hashed at once and never kept."""

    key: str
    email: str


def is_platform_id(key: str) -> bool:
    """Tell whether a key holds a platform's own id; the company's own ids have no source before them."""
    return ":" in key.partition("/")[2]


def confidence_of(key: str) -> float:
    """Return how sure it is who an id without a link is: a platform's account is itself, a device may be anybody's."""
    return UNPROVED if key.partition("/")[2].startswith("anonymous:") else 1.0


class Identities:
    """The table, as one gateway sees it; what it was told is remembered for half a minute."""

    def __init__(self, redis: Redis, prefix: str, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._redis, self._prefix, self._clock = redis, f"{prefix}:identity", clock
        self._secret = blake2b(secret, person=b"lotse-address").digest()
        self._remembered: dict[str, tuple[Link | None, float]] = {}

    async def members(self, keys: Iterable[str]) -> dict[str, Link]:
        """Return the links of those keys that have one. Raises `RefusedError` without the store: a guess could split a member."""
        now, found, unknown = self._clock(), dict[str, Link](), []
        for key in {key for key in keys if is_platform_id(key)}:
            link, until = self._remembered.get(key, (None, 0.0))
            if until < now:
                unknown.append(key)
            elif link is not None:
                found[key] = link
        return found | await self._look(unknown, now) if unknown else found

    async def link(self, key: str, member: str, proof: str) -> Link | None:
        """Join an id to a member, and return what holds now; a weaker proof never replaces a stronger one.

        Raises `ValueError` for what is no proof, for two communities, and for a member who is not there to be joined to.
        """
        if proof not in PROOFS:
            raise ValueError(f"proof: expected one of {', '.join(PROOFS)}, found {proof}")
        if key.partition("/")[0] != member.partition("/")[0] or not is_platform_id(key) or not member.partition("/")[2]:
            raise ValueError("expected <community>/<source>:<id> and a member of the same community")
        beyond = (await self.members([member])).get(member)
        target = beyond.member if beyond is not None else member
        known = (await self.members([key])).get(key)
        if target == key or (known is not None and known.confidence > PROOFS[proof]):
            return known
        link = Link(target, proof, self._clock())
        with store_needed():
            await self._redis.set(self._name(key), msgspec.msgpack.encode(link), ex=KEPT_S)
        self._remember(key, link)
        return link

    async def unlink(self, key: str) -> bool:
        """Take a link back; tell whether there was one. Other gateways forget it within half a minute."""
        self._remembered.pop(key, None)
        with store_needed():
            return bool(await self._redis.delete(self._name(key)))

    async def proved(self, addresses: Collection[Address]) -> None:
        """Join ids that have the same verified address in one community: the first that came is the member."""
        for one in addresses:
            community = one.key.partition("/")[0]
            name = f"{self._prefix}:address:{self._hash(community, one.email)}"
            with store_needed():
                answer = await self._redis.set(name, one.key.encode(), nx=True, ex=KEPT_S, get=True)
            first = answer.decode() if isinstance(answer, bytes) else one.key
            if first != one.key:
                await self.link(one.key, first, "verified_email")

    async def _look(self, keys: list[str], now: float) -> dict[str, Link]:
        with store_needed():
            async with self._redis.pipeline(transaction=False) as asked:
                for key in keys:
                    asked.getex(self._name(key), ex=KEPT_S)
                answers = await asked.execute()
        links = {key: msgspec.msgpack.decode(raw, type=Link) for key, raw in zip(keys, answers, strict=True) if raw}
        for key in keys:
            self._remember(key, links.get(key), now)
        return links

    def _remember(self, key: str, link: Link | None, now: float | None = None) -> None:
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[key] = link, (self._clock() if now is None else now) + REMEMBERED_S

    def _name(self, key: str) -> str:
        return f"{self._prefix}:{key}"

    def _hash(self, community: str, email: str) -> str:
        about = f"{community}\x1f{email.strip().casefold()}".encode()
        return blake2b(about, digest_size=16, key=self._secret).hexdigest()


def named(event: Event) -> list[str]:
    """Return the keys that an event names: whose it is, whom it answers, who wrote what it is about."""
    return [event.key, *(key for field in NAMED if (key := getattr(event.data, field, None)))]


def known_as(event: Event, members: Mapping[str, str]) -> Event:
    """Return an event with the members in it that its platform's ids are."""
    given = {field: getattr(event.data, field, None) for field in NAMED}
    changes = {field: members[key] for field, key in given.items() if key is not None and key in members}
    data = msgspec.structs.replace(event.data, **changes) if changes and event.data is not None else event.data
    return msgspec.structs.replace(event, key=members.get(event.key, event.key), data=data)


class Unsure:
    """Says once of each device that it may be anybody's, so that the arbiter knows it before its first decision."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def events(self, events: Iterable[Event]) -> list[Event]:
        """Return what to say before these events; once in a while again, with the same id, which the stage ignores."""
        said = []
        for event in events:
            if event.key not in self._said and confidence_of(event.key) < SURE:
                if len(self._said) >= REMEMBERED_MAX:
                    self._said.clear()
                self._said[event.key] = None
                data = Profile(identity="unsure")
                said.append(
                    Event(digest("identity", event.key, "unsure"), "profile.changed", event.key, event.time, data)
                )
        return said
