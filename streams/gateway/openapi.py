"""The doors as an OpenAPI 3.1 document, made from what they take: GET /openapi.json."""

from collections.abc import Iterable
from typing import Any

from processors.vocabulary import ANNOUNCED, COMMUNITY
from streams.gateway.bodies import BODY_MAX
from streams.gateway.cloud_event_requests import BATCH, STRUCTURED

REFUSALS = {
    "400": "No JSON, nested too deeply, or not packed as it says.",
    "401": "The signature, secret or key is not right.",
    "403": "The key is of another community.",
    "404": "No such door.",
    "408": "The body did not arrive in time.",
    "409": "This very request was taken before.",
    "413": f"Larger than {BODY_MAX} bytes, or than may be once unpacked.",
    "415": "Packed or written in what is not read here.",
    "422": "What was sent is not as its kind must be; errors say where.",
    "429": "More than this key may send; Retry-After says when to come again.",
    "431": "The headers are too large.",
    "503": "Broker or store are away; Retry-After says when to send it again.",
}
_TAKEN = {
    "type": "object",
    "properties": {
        "events": {"type": "integer"}, "ignored": {"type": "integer"},
        "ignored_because": {"type": "array", "items": {"type": "string"}}, "errors": {"type": "array", "items": {"type": "string"}},
    },
}  # fmt: skip
_REFUSED = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}, "errors": {"type": "array", "items": {"type": "string"}}},
}  # fmt: skip
_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject"],
    "properties": {
        "specversion": {"const": "1.0"}, "id": {"type": "string", "minLength": 1}, "source": {"type": "string", "minLength": 1},
        "type": {"enum": sorted(COMMUNITY)}, "subject": {"type": "string", "description": "the member, or <community>/<member>"},
        "time": {"type": "string", "format": "date-time"}, "data": {"type": "object", "description": "see streams/schemas/<type>.json"},
    },
}  # fmt: skip
_PLAIN = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"enum": sorted(COMMUNITY)}, "member": {"type": ["string", "integer"]}, "id": {"type": ["string", "integer"]},
        "time": {"type": ["string", "number"]}, "data": {"type": "object"},
    },
    "description": f"The member's id is needed except in what a whole community is told: {', '.join(sorted(ANNOUNCED))}.",
}  # fmt: skip


def document(doors: Iterable[str]) -> dict[str, Any]:
    """Return the document for doors of these names."""
    many = {"oneOf": [_PLAIN, {"type": "array", "items": _PLAIN}]}
    events = {STRUCTURED: _EVENT, BATCH: {"type": "array", "items": _EVENT}, "application/json": many}
    door = {"name": "door", "in": "path", "required": True, "schema": {"enum": sorted(doors)}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lotse gateway", "version": "1", "description": "Where platforms and scripts send events."},
        "security": [{"bearer": []}],
        "paths": {
            "/events": {"post": _operation("Take events in our own words.", events, "202")},
            "/in/{door}": {
                "post": {
                    **_operation("Take what a platform sends.", {"application/json": {}}, "200"),
                    "parameters": [door],
                }
            },
        },
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(summary: str, bodies: dict[str, Any], taken: str) -> dict[str, Any]:
    json = {"application/json": {"schema": _REFUSED}}
    answers: dict[str, Any] = {code: {"description": said, "content": json} for code, said in REFUSALS.items()}
    answers[taken] = {"description": "Acknowledged by the broker.", "content": {"application/json": {"schema": _TAKEN}}}
    content = {kind: {"schema": schema} for kind, schema in bodies.items()}
    return {"summary": summary, "requestBody": {"required": True, "content": content}, "responses": answers}
