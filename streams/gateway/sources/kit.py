"""Kit (ConvertKit): signed webhooks (`{delivery_id, events}`), and the older unsigned ones (`{subscriber}`)."""

import re
from collections.abc import Iterable
from typing import Any

from processors.vocabulary import Click, Data, Item, Preference
from streams.gateway.payloads import Delivery, Ignored, Outcome, each, needed
from streams.gateway.reading import fields, first, identifier, profile, text

# A type's last words, and what they mean. Bounces say nothing of what the subscriber wishes.
WISHES = frozenset({"unsubscribed", "unsubscribe", "complained", "complain"})
JOINED = frozenset({"created", "activated", "activate"})
GROUPS = {
    "subscribed_to_form": ("group.joined", "form"), "form_subscribe": ("group.joined", "form"),
    "added_to_sequence": ("group.joined", "sequence"), "course_subscribe": ("group.joined", "sequence"),
    "tag_added": ("group.joined", "tag"), "tag_add": ("group.joined", "tag"),
    "tag_removed": ("group.left", "tag"), "tag_remove": ("group.left", "tag"),
    "removed_from_sequence": ("group.left", "sequence"),
    "sequence_completed": ("task.completed", "sequence"), "course_complete": ("task.completed", "sequence"),
}  # fmt: skip
CLICKS = frozenset({"link_clicked", "link_click"})
STATES = {"active": "community.joined", "cancelled": "preference.opted_out", "complained": "preference.opted_out"}


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one delivery says."""
    body = delivery.body
    if isinstance(body.get("events"), list):
        yield from each(delivery, body["events"], _event, "events")
    elif isinstance(body.get("subscriber"), dict) and "state" in body["subscriber"]:
        yield from _legacy(delivery, body["subscriber"])
    elif "transaction_id" in body:
        yield Ignored("a purchase: no activity of a community")
    else:
        yield Ignored("neither a delivery (events) nor a subscriber with its state")


def _event(delivery: Delivery) -> Iterable[Outcome]:
    event = delivery.body
    kind, data = text(event.get("type")), fields(event.get("data"))
    happened = re.sub(r"^(subscriber[._])+", "", kind or "").replace(".", "_")
    subscriber = fields(data.get("subscriber")) or data
    known = happened in WISHES | JOINED | CLICKS or happened in GROUPS
    if not known:
        yield Ignored(f"type {kind or 'unknown'}: not read from Kit")
        return
    number = needed(subscriber, "id", "data.subscriber")
    member, time, about = delivery.key(number), event.get("created"), identifier(event.get("id"))
    if happened in JOINED:  # created and activated are one joining
        yield delivery.event("community.joined", member, time, Data(), "subscriber", number)
        if profiled := profile(fields(subscriber.get("fields"))):
            yield delivery.event("profile.changed", member, time, profiled, about)
    elif happened in WISHES:
        yield delivery.event("preference.opted_out", member, time, Preference(), about)
    elif happened in CLICKS:
        url = text(first(data, "url", "link_url") or fields(data.get("link")).get("url"), 2000)
        yield delivery.event("link.clicked", member, time, Click(url=url), about)
    else:
        kind, thing = GROUPS[happened]
        yield delivery.event(kind, member, time, _named(data, thing), about)


def _named(data: dict[str, Any], thing: str) -> Item:
    """Return the form, tag or sequence that the data names, as an object or by its id."""
    named = fields(first(data, thing, "course") if thing == "sequence" else data.get(thing))
    number = identifier(first(named, "id") or first(data, f"{thing}_id"))
    return Item(name=f"{thing}_{number}" if number else thing, title=text(first(named, "name", "title")))


def _legacy(delivery: Delivery, subscriber: dict[str, Any]) -> Iterable[Outcome]:
    """Yield what a subscriber's state says; the older webhooks name no event."""
    number, state = needed(subscriber, "id", "subscriber"), text(subscriber.get("state"))
    kind = STATES.get(state or "")
    if kind is None:
        yield Ignored(f"state {state or 'unknown'}: says nothing of what the subscriber did")
    elif kind == "community.joined":
        yield delivery.event(kind, delivery.key(number), subscriber.get("created_at"), Data(), "subscriber", number)
    else:  # `created_at` is when they subscribed, not when they left
        yield delivery.event(kind, delivery.key(number), None, Preference(), "subscriber", number, state)
