"""One delivery of a platform, and what is made of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import orjson

from processors.events import Event
from processors.ids import digest
from processors.vocabulary import ANNOUNCED, Data
from streams.gateway.reading import identifier, time_of


class PayloadError(ValueError):
    """A payload that is of a known kind and lacks what that kind must have; the message says where and what."""


class Ignored(NamedTuple):
    """A payload, or a part of one, that carries no event; `reason` is for people."""

    reason: str


class Invalid(NamedTuple):
    """A part of a payload that is not as its kind must be; the parts beside it still count."""

    message: str


class Press(NamedTuple):
    """A button of ours whose value is a signed token: what it means, only who holds the deployment's keys can tell.

    `presser` is the key of who pressed, as the platform says it; `time` in any form that `time_of` reads.
    """

    token: str
    presser: str | None
    time: Any
    via: str


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One payload with what came beside it.

    `body` is the parsed JSON object, or the fields of a form. Names of `headers` are in lower case. `received` (epoch
    seconds) stands in where the payload has no time of its own; no id depends on it.
    """

    source: str
    community: str
    received: float
    body: dict[str, Any] = {}
    headers: Mapping[str, str] = {}

    def key(self, member: str | None) -> str | None:
        """Return the key of a member of this source, None where there is none.

        Ids of a platform's own carry its name: the number 17 of a forum and the number 17 of a CRM are two people until
        somebody proves that they are one.
        """
        return f"{self.community}/{self.source}:{member}" if member else None

    def neutral_key(self, member: str | None) -> str | None:
        """Return the key of a member whom the payload names by the company's own id, the same on every platform."""
        return f"{self.community}/{member}" if member else None

    def event(self, kind: str, key: str | None, time: Any, data: Data, *about: str | None) -> Event | Ignored:
        """Return an event whose id is a hash of `about`, the platform's own ids; ignored where no member is named.

        `time` is what the payload says, in any form that `time_of` reads.
        """
        if key is None:
            return Ignored(f"{kind}: the payload names no member")
        when = time_of(time)
        parts = [part or "" for part in about] if any(about) else [self.fingerprint()]
        return Event(digest(self.source, kind, key, *parts), kind, key, self.received if when is None else when, data)

    def announcement(self, kind: str, time: Any, data: Data, *about: str | None) -> Event | Ignored:
        """Return an event addressed to the whole community."""
        if kind not in ANNOUNCED:
            return Ignored(f"{kind}: nothing that a whole community is told of")
        return self.event(kind, self.community, time, data, *about)

    def fingerprint(self) -> str:
        """Return a hash of the whole body: the same delivery sent twice has the same. Raises `PayloadError`."""
        try:
            return digest(orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS).decode())
        except (orjson.JSONEncodeError, TypeError):
            raise PayloadError("the payload is nested too deeply or holds no JSON; at most 250 levels") from None

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        return identifier(self.headers.get(name))

    def of(self, source: str) -> "Delivery":
        """Return the same delivery under the proper name of its source."""
        return msgspec.structs.replace(self, source=source)

    def inner(self, body: dict[str, Any]) -> "Delivery":
        """Return the same delivery with a part of it for its body."""
        return msgspec.structs.replace(self, body=body)


Outcome = Event | Ignored | Invalid | Press
Mapper = Callable[[Delivery], Iterable[Outcome]]


def each(delivery: Delivery, bodies: Sequence[Any], mapper: Mapper, where: str = "") -> Iterator[Outcome]:
    """Yield what a mapper makes of each of several bodies; one that is invalid does not spoil the others."""
    for number, body in enumerate(bodies):
        place = f"{where}[{number}]" if where or len(bodies) > 1 else ""
        if not isinstance(body, dict):
            yield Invalid(f"{place or 'the payload'}: expected a JSON object, found {shown(body)}")
            continue
        try:
            yield from mapper(delivery.inner(body))
        except PayloadError as error:
            yield Invalid(f"{place}: {error}" if place else str(error))


class Mapped(msgspec.Struct, frozen=True):
    """What a payload gave: events, why parts of it gave none, and what was wrong with others."""

    events: list[Event] = []
    ignored: list[str] = []
    errors: list[str] = []
    presses: list[Press] = []


def needed(body: Mapping[str, Any], field: str, where: str = "") -> str:
    """Return an id that a payload of this kind must have. Raises `PayloadError`."""
    found = identifier(body.get(field))
    if found is None:
        path = f"{where}.{field}" if where else field
        raise PayloadError(f"{path}: expected an id, found {shown(body.get(field))}")
    return found


def shown(value: Any) -> str:
    """Return the kind of a JSON value in words; never the value, which may be somebody's."""
    kinds = {
        bool: "true or false",
        dict: "an object",
        list: "a list",
        str: "a text",
        int: "a number",
        float: "a number",
    }
    return "nothing" if value is None else next((word for kind, word in kinds.items() if isinstance(value, kind)), "?")
