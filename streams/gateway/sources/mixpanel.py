"""Mixpanel: the cohort webhook, and events as its export writes them. Members are known by the company's own id."""

from collections.abc import Iterable
from typing import Any

from processors.vocabulary import Item
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, needed
from streams.gateway.product_events import product_event
from streams.gateway.reading import fields, first, identifier, items, text

ACTIONS = {"members": "group.joined", "add_members": "group.joined", "remove_members": "group.left"}


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield one event for each member of a cohort call, or the event of an export row."""
    body = delivery.body
    action = text(body.get("action"))
    if "event" in body and isinstance(body.get("properties"), dict):
        yield _row(delivery, body)
    elif "action" not in body or "parameters" not in body:
        yield Ignored("neither a cohort call (action, parameters) nor an event (event, properties)")
    elif action not in ACTIONS:
        yield Ignored(f"action {action or 'unknown'}: not read from Mixpanel")
    else:
        yield from _cohort(delivery, ACTIONS[action], action, fields(body["parameters"]))


def _cohort(delivery: Delivery, kind: str, action: str, call: dict[str, Any]) -> Iterable[Outcome]:
    cohort = needed(call, "mixpanel_cohort_id", "parameters")
    if not isinstance(call.get("members"), list):
        raise PayloadError("parameters.members: expected a list of members")
    data = Item(name=f"cohort_{cohort}", title=text(call.get("mixpanel_cohort_name")))
    # `members` repeats the whole cohort at each sync: whoever is in it joined once. The other actions are news each time.
    sync = None if action == "members" else identifier(call.get("mixpanel_session_id"))
    about = (identifier(call.get("mixpanel_project_id")), cohort, sync)
    for member in items(call["members"]):
        known = first(fields(member), "mixpanel_distinct_id", "$distinct_id", "distinct_id")
        key = delivery.neutral_key(_distinct(known))
        yield delivery.event(kind, key, None, data, *about)


def _row(delivery: Delivery, row: dict[str, Any]) -> Outcome:
    name, properties = text(row.get("event")), fields(row["properties"])
    if name is None:
        raise PayloadError("event: expected a name")
    found = product_event(name, properties)
    if found is None:
        return Ignored(f"event {name}: told by Lotse itself")
    key = delivery.neutral_key(_distinct(properties.get("distinct_id")))
    return delivery.event(found[0], key, properties.get("time"), found[1], identifier(properties.get("$insert_id")))


def _distinct(value: Any) -> str | None:
    """Return a member's id; Mixpanel marks those it made up for a device."""
    found = identifier(value)
    return f"anonymous:{found.removeprefix('$device:')}" if found and found.startswith("$device:") else found
