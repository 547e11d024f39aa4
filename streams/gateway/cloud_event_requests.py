"""A request to /events: CloudEvents structured, binary or in a batch, or plain JSON in our own words.

After the HTTP binding of CloudEvents 1.0.2: attributes of binary mode are headers `ce-<name>`, percent-encoded.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from streams.gateway.documents import parse
from streams.gateway.refusals import RefusedError

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
PREFIX = "ce-"
JSON_TYPES = ("application/json", "text/json", "application/x-ndjson", "application/jsonl", "")


def documents_of(content: bytes, headers: Mapping[str, str]) -> tuple[str, list[Any], list[str]]:
    """Return the source that reads them, the documents, and faults of lines. Raises `RefusedError` or `NoJsonError`."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("application/cloudevents"):
        return _cloud_events(content, kind)
    if "ce-specversion" in headers:
        return "cloudevents", [_binary(content, kind, headers)], []
    if kind not in JSON_TYPES and not kind.endswith("+json"):
        raise RefusedError(415, "content_type", f"content-type: expected JSON or {STRUCTURED}")
    found = parse(content)
    ours = _first(found.bodies)
    return "cloudevents" if "specversion" in ours else "zapier", found.bodies, found.faults


def _cloud_events(content: bytes, kind: str) -> tuple[str, list[Any], list[str]]:
    if kind not in (STRUCTURED, BATCH):
        raise RefusedError(415, "content_type", f"content-type: expected {STRUCTURED} or {BATCH}, the JSON format")
    found = parse(content)
    batch = len(found.bodies) == 1 and isinstance(found.bodies[0], list)
    if kind == BATCH and not batch:
        raise RefusedError(400, "body", "a batch is one JSON list of CloudEvents")
    if kind == STRUCTURED and batch:
        raise RefusedError(400, "body", f"one CloudEvent is a JSON object; a list is {BATCH}")
    return "cloudevents", found.bodies, found.faults


def _binary(content: bytes, kind: str, headers: Mapping[str, str]) -> dict[str, Any]:
    event: dict[str, Any] = {
        name.removeprefix(PREFIX): unquote(value) for name, value in headers.items() if name.startswith(PREFIX)
    }
    if not content:
        return event
    if kind not in JSON_TYPES and not kind.endswith("+json"):
        raise RefusedError(415, "content_type", "content-type: expected JSON, the data of every event here")
    found = parse(content)
    if len(found.bodies) != 1 or found.faults:
        raise RefusedError(400, "body", "expected one JSON document, the event's data")
    return {**event, "data": found.bodies[0]}


def _first(bodies: list[Any]) -> dict[str, Any]:
    found = bodies[0] if bodies else None
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else {}
