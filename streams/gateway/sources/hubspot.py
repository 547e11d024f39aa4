"""HubSpot: webhooks v3 (batches of changes), and the contact that a workflow posts.

No id of a change is unique, so it is made of portal, subscription, object, time, property and value. Fields after
HubSpot's webhooks guide.
"""

from collections.abc import Iterable
from typing import Any

from processors.vocabulary import Data, Preference, Profile
from streams.gateway.payloads import Delivery, Ignored, Outcome, needed
from streams.gateway.reading import PROFILE_NAMES, fields, first, identifier, profile, text, truth

CONTACTS = ("0-1", None)  # objectTypeId of contacts, where generic subscriptions name one
PROPERTIES = frozenset(name for usual in PROFILE_NAMES.values() for name in usual) | {"interests"}
OPTED_OUT = "hs_email_optout"
READ = frozenset(
    {"creation", "deletion", "privacyDeletion", "propertyChange"}
)  # what happened to a contact; all else has ids of its own


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what one change of a batch, or a workflow's contact, says."""
    body = delivery.body
    kind = text(first(body, "subscriptionType", "eventType"))
    if kind is not None:
        yield from _change(delivery, body, kind)
    elif isinstance(body.get("properties"), dict) and first(body, "vid", "canonical-vid", "objectId", "id") is not None:
        yield from _contact(delivery, body)
    else:
        yield Ignored("neither a change (subscriptionType) nor a contact of a workflow (vid, properties)")


def _change(delivery: Delivery, change: dict[str, Any], kind: str) -> Iterable[Outcome]:
    thing, _, happened = kind.partition(".")
    contact = thing == "contact" or (thing == "object" and identifier(change.get("objectTypeId")) in CONTACTS)
    if not contact:
        yield Ignored(f"{kind}: not about a contact")
        return
    if happened == "merge":
        yield Ignored("contact.merge: joins two contacts, which is the identity table's to do (lotse identity link)")
        return
    if happened not in READ:
        yield Ignored(f"{kind}: says nothing of what a member did")
        return
    member, time = delivery.key(needed(change, "objectId")), change.get("occurredAt")
    about = [
        text(change.get(name)) for name in ("portalId", "subscriptionId", "occurredAt", "propertyName", "propertyValue")
    ]
    if happened == "creation":
        yield delivery.event("community.joined", member, time, Data(), *about)
    elif happened == "deletion":
        yield delivery.event("community.left", member, time, Data(), *about)
    elif happened == "privacyDeletion":
        yield delivery.event("consent.withdrawn", member, time, Preference(), *about)
        yield delivery.event("community.left", member, time, Data(), *about)
    else:
        yield from _property(delivery, member, change, about)


def _property(
    delivery: Delivery, member: str | None, change: dict[str, Any], about: list[str | None]
) -> Iterable[Outcome]:
    name, value, time = text(change.get("propertyName")), change.get("propertyValue"), change.get("occurredAt")
    if name == OPTED_OUT and truth(value):
        yield delivery.event("preference.opted_out", member, time, Preference(), *about)
    elif name in PROPERTIES and (known := profile({name: value})):
        yield delivery.event("profile.changed", member, time, known, *about)
    else:
        yield Ignored(f"property {name or 'without a name'}: no part of a profile")


def _contact(delivery: Delivery, contact: dict[str, Any]) -> Iterable[Outcome]:
    """Yield the profile of a contact, in the shape of the old API ({name: {value}}) or the new one ({name: value})."""
    given = fields(contact["properties"])
    values = {name: one.get("value") if isinstance(one, dict) else one for name, one in given.items()}
    number = identifier(first(contact, "canonical-vid", "vid", "objectId", "id"))
    time = first(values, "lastmodifieddate", "hs_lastmodifieddate") or contact.get("updatedAt")
    member, changed = delivery.key(number), text(time)
    about = ("contact", number, changed) if changed else (delivery.fingerprint(),)
    if truth(values.get(OPTED_OUT)):
        yield delivery.event("preference.opted_out", member, time, Preference(), *about)
    yield delivery.event("profile.changed", member, time, profile(values) or Profile(), *about)
