"""Segment's spec, which RudderStack and others speak too: track, identify, group, page, screen, alone or as a `batch`.

Members are known by `userId`, the company's own id; who has none yet by `anonymousId`, as `anonymous:<id>`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from processors.vocabulary import Data, Item, Profile
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, each
from streams.gateway.product_events import product_event
from streams.gateway.reading import fields, first, identifier, profile, text


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Return what one call says, or those of a batch."""
    batch = delivery.body.get("batch")
    return _call(delivery) if not isinstance(batch, list) else each(delivery, batch, _call, "batch")


def _call(delivery: Delivery) -> Iterable[Outcome]:
    body = delivery.body
    kind = text(body.get("type"))
    if kind in READERS:
        yield from READERS[kind](delivery, _member(delivery), body)
    elif kind == "alias":
        yield Ignored("alias: joins two ids, which is the identity table's to do")
    else:
        yield Ignored(f"type {kind or 'unknown'}: not read from Segment")


def _track(delivery: Delivery, member: str | None, body: dict[str, Any]) -> Iterable[Outcome]:
    name = text(body.get("event"))
    if name is None:
        raise PayloadError("event: expected a name, as in every track call")
    found = product_event(name, fields(body.get("properties")))
    if found is None:
        yield Ignored(f"event {name}: told by Lotse itself")
    else:
        yield delivery.event(found[0], member, _time(body), found[1], _about(body))


def _identify(delivery: Delivery, member: str | None, body: dict[str, Any]) -> Iterable[Outcome]:
    traits = fields(body.get("traits"))
    known = profile(traits, fields(traits.get("address")), fields(body.get("context")))
    yield delivery.event("profile.changed", member, _time(body), known or Profile(), _about(body))


def _group(delivery: Delivery, member: str | None, body: dict[str, Any]) -> Iterable[Outcome]:
    group = identifier(body.get("groupId"))
    if group is None:
        raise PayloadError("groupId: expected an id, as in every group call")
    data = Item(name=group, title=text(fields(body.get("traits")).get("name")))
    yield delivery.event("group.joined", member, _time(body), data, _about(body))


def _page(delivery: Delivery, member: str | None, body: dict[str, Any]) -> Iterable[Outcome]:
    yield delivery.event("presence.seen", member, _time(body), Data(), _about(body))


def _member(delivery: Delivery) -> str | None:
    user, anonymous = identifier(delivery.body.get("userId")), identifier(delivery.body.get("anonymousId"))
    return delivery.neutral_key(user or (f"anonymous:{anonymous}" if anonymous else None))


def _time(body: dict[str, Any]) -> Any:
    return first(body, "timestamp", "originalTimestamp", "sentAt", "receivedAt")


def _about(body: dict[str, Any]) -> str | None:
    return identifier(body.get("messageId"))


READERS: dict[str | None, Callable[[Delivery, str | None, dict[str, Any]], Iterable[Outcome]]] = {
    "track": _track,
    "identify": _identify,
    "group": _group,
    "page": _page,
    "screen": _page,
}
