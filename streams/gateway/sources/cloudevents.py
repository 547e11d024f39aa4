"""CloudEvents 1.0, structured or in a batch: events of our own vocabulary as they stand, others passed over.

The member is the `subject`: `<community>/<member>`, or a member of the delivery's community; an announcement's subject is
the community. Specification: CloudEvents 1.0.2, its JSON format.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import orjson

from processors.ids import digest
from processors.vocabulary import ANNOUNCED, COMMUNITY, CONTROL, Data
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, shown
from streams.gateway.reading import bounded, identifier, text, time_of

REQUIRED = ("id", "source", "type")


def events(delivery: Delivery) -> Iterable[Outcome]:
    """Yield the event of one CloudEvent."""
    body = delivery.body
    if "specversion" not in body and not all(name in body for name in REQUIRED):
        yield Ignored("no CloudEvent: it has no specversion")
        return
    if body.get("specversion") != "1.0":
        raise PayloadError("specversion: expected 1.0")
    for name in REQUIRED:
        if not isinstance(body.get(name), str) or not body[name]:
            raise PayloadError(f"{name}: expected a text, found {shown(body.get(name))}")
    kind = body["type"]
    if kind in CONTROL:
        raise PayloadError(f"type {kind}: only the deployment itself may write it; expected activity")
    if kind in COMMUNITY:
        yield _event(delivery, body, kind)
    else:
        yield Ignored(f"type {text(kind)}: outside the vocabulary")


def _event(delivery: Delivery, body: dict[str, Any], kind: str) -> Outcome:
    subject, time = identifier(body.get("subject")) or "", body.get("time")
    if time is not None and not _rfc3339(time):
        raise PayloadError("time: expected RFC 3339 with a zone, between 2000 and 2100")
    data = _data(body, kind)
    # The id may be long, or the same from two sources: both belong to it.
    about = digest(body["source"], body["id"])
    community, slash, member = subject.partition("/")
    if kind in ANNOUNCED and subject in ("", delivery.community):
        return delivery.announcement(kind, time, data, about)
    if slash and community != delivery.community:
        raise PayloadError(f"subject: expected <member> or {delivery.community}/<member>, found another community")
    return delivery.event(kind, delivery.neutral_key(member if slash else subject), time, data, about)


def _rfc3339(time: Any) -> bool:
    try:
        parsed = datetime.fromisoformat(time.upper()) if isinstance(time, str) else None
    except ValueError:
        return False
    return parsed is not None and parsed.tzinfo is not None and time_of(time) is not None


def _data(body: dict[str, Any], kind: str) -> Data:
    data = body.get("data")
    if data is None and isinstance(body.get("data_base64"), str):
        try:
            data = orjson.loads(base64.b64decode(body["data_base64"], validate=True))
        except (binascii.Error, ValueError):
            raise PayloadError("data_base64: expected Base64 of JSON") from None
    try:
        return bounded(msgspec.convert({} if data is None else data, COMMUNITY[kind]))
    except msgspec.ValidationError as error:
        raise PayloadError(f"data: {error}; see the schema of {kind}") from None
