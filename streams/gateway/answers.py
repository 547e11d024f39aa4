"""What a platform is answered once its request was taken: each wants to hear it in its own way."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import PlainTextResponse, Response

from streams.gateway.payloads import Mapped
from streams.gateway.refusals import JSON
from streams.gateway.sources import slack

ERRORS_SHOWN, REASONS_SHOWN = 20, 5
_COMMAND = re.compile(r"/[a-z0-9_-]{1,32}")
LOOKED_FOR = "Looked for; what fits comes to you as a message."
HOW = "Say after {command} what you look for, such as: {command} report spam. {command} snooze pauses our messages, {command} stop ends them, {command} start takes both back."
WISHES = {
    "stop": "No more messages, except answers when you ask, and an offer of help in a crisis. {command} start takes it back.",
    "snooze": "No messages for a week. {command} start takes it back.",
    "start": "Messages may come again.",
}  # fmt: skip


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
    asked = str(body.get("text") or "").strip().lower()
    said = HOW if asked in ("", "help") else WISHES.get(asked, LOOKED_FOR)
    text = said.replace("{command}", _name(body["command"]))
    return Response(orjson.dumps({"response_type": "ephemeral", "text": text}), media_type=JSON)


def _name(command: object) -> str:
    """Return what a slash command is called; a workspace chooses its name."""
    return command if isinstance(command, str) and _COMMAND.fullmatch(command) else "/help"
