"""Google Analytics 4: rows of its BigQuery export (JSON lines), and bodies of the Measurement Protocol.

Members are known by `user_id`, the company's own id; who has none by the device's, as `anonymous:<id>`. No id of an event is
given: it is made of the device, the name and the time in microseconds.
"""

import re
from collections.abc import Iterable
from typing import Any

from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, each
from streams.gateway.product_events import product_event
from streams.gateway.reading import fields, first, identifier, items, text

# Sending events, "Event naming rules" of the Measurement Protocol: a letter first, then letters, digits, underscores; at most 40.
NAME = re.compile(r"[^\W\d_]\w{0,39}")


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield what a row or a body says."""
    body = delivery.body
    if "event_name" in body:
        yield _event(delivery, "event_name", body.get("event_name"), _parameters(body), body.get("event_timestamp"), 0)
    elif isinstance(body.get("events"), list) and (
        "client_id" in body or "app_instance_id" in body or "user_id" in body
    ):
        yield from _collected(delivery, body)
    else:
        yield Ignored("neither a row of the export (event_name) nor a Measurement Protocol body (client_id, events)")


def _collected(delivery: Delivery, body: dict[str, Any]) -> Iterable[Outcome]:
    shared = {name: value for name, value in body.items() if name != "events"}
    numbered = [
        {**shared, **one, "number": at} if isinstance(one, dict) else one for at, one in enumerate(body["events"])
    ]
    yield from each(delivery, numbered, _one, "events")


def _one(delivery: Delivery) -> Iterable[Outcome]:
    event = delivery.body
    parameters, time = fields(event.get("params")), event.get("timestamp_micros")
    yield _event(delivery, "name", event.get("name"), parameters, time, event["number"])


def _event(delivery: Delivery, where: str, name: Any, parameters: dict[str, Any], time: Any, number: int) -> Outcome:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise PayloadError(f"{where}: expected a letter, then letters, digits and underscores, at most 40 in all")
    found = product_event(name, parameters)
    if found is None:
        return Ignored(f"event {name}: told by Lotse itself")
    stamp = text(time)
    about = (stamp, name, str(number)) if stamp else (delivery.fingerprint(), name, str(number))
    return delivery.event(found[0], _member(delivery), time, found[1], *about)


def _member(delivery: Delivery) -> str | None:
    body = delivery.body
    device = identifier(first(body, "user_pseudo_id", "client_id", "app_instance_id"))
    return delivery.neutral_key(identifier(body.get("user_id")) or (f"anonymous:{device}" if device else None))


def _parameters(row: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of an export row: a list of {key, value: {string_value | int_value | ...}}, or already an object."""
    if isinstance(row.get("event_params"), dict):
        return fields(row["event_params"])
    pairs = [fields(one) for one in items(row.get("event_params"))]
    kinds = ("string_value", "int_value", "double_value", "float_value")
    return {key: first(fields(one.get("value")), *kinds) for one in pairs if (key := text(one.get("key")))}
