"""Zapier, and scripts of one's own: events in our own words, `{"type", "member", "id", "time", ...}`; others by a mapping file.

Fields of the event's data stand in `data` or beside the others.
"""

from collections.abc import Iterable

from processors.vocabulary import ANNOUNCED, COMMUNITY, CONTROL
from streams.gateway.mapping import read_data
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, each
from streams.gateway.reading import fields, first, identifier, text


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Return the event of a payload in our own words, or those of its `events`."""
    many = delivery.body.get("events")
    return _one(delivery) if not isinstance(many, list) else each(delivery, many, _one, "events")


def _one(delivery: Delivery) -> Iterable[Outcome]:
    body = delivery.body
    kind = text(body.get("type"))
    if kind in CONTROL:
        raise PayloadError(f"type {kind}: only the deployment itself may write it; expected activity")
    elif kind is None or kind not in COMMUNITY:
        yield Ignored(f"type {kind or 'unknown'}: outside the vocabulary; a mapping file can say what it means")
    else:
        yield _event(delivery, kind)


def _event(delivery: Delivery, kind: str) -> Outcome:
    body = delivery.body
    data = read_data(kind, {**body, **fields(body.get("data"))}, delivery)
    member, about = identifier(first(body, "member", "member_id")), identifier(body.get("id"))
    time = first(body, "time", "timestamp")
    if member is None and kind in ANNOUNCED:
        return delivery.announcement(kind, time, data, about)
    if member is None:
        raise PayloadError("member: expected the member's id")
    return delivery.event(kind, delivery.neutral_key(member), time, data, about)
