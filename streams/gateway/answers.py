"""What a platform is answered once its request was taken: each wants to hear it in its own way."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import PlainTextResponse, Response

from streams.gateway.payloads import Mapped
from streams.gateway.refusals import JSON
from streams.gateway.sources import slack

ERRORS_SHOWN, REASONS_SHOWN = 20, 5
HELP_COMMAND = "Looked for; what fits comes to you as a message."


def challenge(source: str, documents: list[Any]) -> Response | None:
    """Return the answer to a platform that only wants to know whether we are here; None for any other request."""
    body = documents[0] if len(documents) == 1 else None
    if source != "slack" or not isinstance(body, dict):
        return None
    wanted = slack.challenge(body)
    return None if wanted is None else PlainTextResponse(wanted)


def taken(source: str, documents: list[Any], mapped: Mapped, status: int) -> Response:
    """Return the answer to what was taken: how many events, how much was passed over, what was wrong."""
    body = documents[0] if documents and isinstance(documents[0], dict) else {}
    if source == "slack":
        return _slack(body)
    told: dict[str, Any] = {"events": len(mapped.events), "ignored": len(mapped.ignored)}
    if mapped.ignored:
        told["ignored_because"] = list(dict.fromkeys(mapped.ignored[:1000]))[:REASONS_SHOWN]
    if mapped.errors:
        told["errors"] = mapped.errors[:ERRORS_SHOWN]
    if source == "mixpanel" and isinstance(body.get("action"), str):
        told |= {"action": body["action"][:100], "status": "success"}  # its cohort sync waits for these two
    return Response(orjson.dumps(told), status, media_type=JSON)


def _slack(body: Mapping[str, Any]) -> Response:
    """Slack shows what a slash command is answered, and takes anything else for a fault of a press or a form."""
    if body.get("command") is None:
        return Response(status_code=200)
    return Response(orjson.dumps({"response_type": "ephemeral", "text": HELP_COMMAND}), media_type=JSON)
