"""Slack's Web API: methods, what its errors mean, and messages in Block Kit.

After docs.slack.dev: 200 also for failures, `ok` and `error` in the body; limits of blocks from the Block Kit reference.
"""

import re
from typing import Any, NamedTuple

from sinks.channel import Receipt
from sinks.escaping import mrkdwn
from sinks.message import Message
from sinks.platforms.http import Answer, HttpClient

API = "https://slack.com/api"
EVENT_TYPE = "lotse_command"  # of the metadata by which our own messages are found again
TEXT_MAX, HEADER_MAX, BUTTON_MAX, VALUE_MAX = 3000, 150, 75, 2000
PAGES, PER_PAGE = 5, 100  # of a conversation that are looked through for a message of ours
BUSY = frozenset({"ratelimited", "rate_limited"})
PASSING = frozenset({"service_unavailable", "team_added_to_org", "org_login_required"})
MAYBE_SENT = frozenset({"fatal_error", "internal_error", "request_timeout"})
THERE_ALREADY = frozenset({"already_pinned", "no_pin", "message_not_found"})  # wanted, and so as wanted
_WORD = re.compile(r"[a-z0-9_]{1,64}")


class SlackAnswer(NamedTuple):
    """What a method answered: `body` where it worked, `receipt` what that means for a delivery."""

    body: dict[str, Any]
    receipt: Receipt

    @property
    def ok(self) -> bool:
        """Whether it worked."""
        return self.receipt.result == "delivered"


class SlackApi:
    """The methods of one workspace's bot."""

    def __init__(self, token: str, base: str = API) -> None:
        self._http = HttpClient(base, {"Authorization": f"Bearer {token}"})

    async def call(self, method: str, **arguments: Any) -> SlackAnswer:
        """Call a method with JSON arguments; None leaves one out."""
        given = {name: value for name, value in arguments.items() if value is not None}
        return _read(await self._http.request("POST", f"/{method}", given))

    async def look(self, method: str, **arguments: str) -> SlackAnswer:
        """Call a method that reads; such take no JSON."""
        return _read(await self._http.request("GET", f"/{method}", params=arguments))

    async def find(self, channel: str, command: str, since: float, thread: str = "") -> Receipt | None:
        """Look through a conversation from `since` (epoch s) on for the message of a command; None where it is not there."""
        arguments = {
            "channel": channel, "oldest": f"{since:.6f}", "limit": str(PER_PAGE), "inclusive": "true", "include_all_metadata": "true",
        }  # fmt: skip
        method = "conversations.replies" if thread else "conversations.history"
        if thread:
            arguments["ts"] = thread
        for _ in range(PAGES):
            answer = await self.look(method, **arguments)
            if not answer.ok:
                return answer.receipt._replace(result="unknown")
            for message in answer.body.get("messages", ()):
                if _command_of(message) == command:
                    return Receipt("delivered", "found", remote=f"{channel}:{message.get('ts', '')}")
            cursor = answer.body.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return None
            arguments["cursor"] = cursor
        return Receipt("unknown", "too_many_messages")

    async def check(self) -> Receipt:
        """Ask whose token it is, which needs no scope."""
        return (await self.call("auth.test")).receipt

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()


def metadata(command: str) -> dict[str, Any]:
    """Return what marks a message as that of a command; members do not see it."""
    return {"event_type": EVENT_TYPE, "event_payload": {"command_id": command}}


def blocks(message: Message, command: str) -> list[dict[str, Any]]:
    """Return a message as Block Kit. All is plain text, so that nothing in it is markup or a mention."""
    laid: list[dict[str, Any]] = []
    if message.title:
        laid.append({"type": "header", "text": _plain(message.title, HEADER_MAX)})
    if message.text:
        laid.append({"type": "section", "text": _plain(message.text, TEXT_MAX)})
    for item in message.items:
        more = {"accessory": {**_button("item", message.words.open), "url": item.link}} if item.link else {}
        said = "\n".join(part for part in (item.title, item.text, item.because) if part)
        laid.append({"type": "section", "text": _plain(said, TEXT_MAX), **more})
    buttons = _buttons(message)
    if buttons:
        laid.append({"type": "actions", "block_id": f"lotse:{command}"[:255], "elements": buttons})
    if message.because:
        laid.append({"type": "context", "elements": [_plain(message.footer, TEXT_MAX)]})
    return laid


def fallback(message: Message) -> str:
    """Return the text that notifications show, as mrkdwn."""
    return mrkdwn("\n".join(part for part in (message.title, message.text, message.link) if part))


def _buttons(message: Message) -> list[dict[str, Any]]:
    words, buttons = message.words, []
    if message.link:
        buttons.append({**_button("open", words.open), "url": message.link, "style": "primary"})
    buttons += [
        {**_button(answer.action, answer.label), "value": answer.token}
        for answer in message.answers
        if len(answer.token) <= VALUE_MAX
    ]
    if message.preferences:
        buttons.append({**_button("why", words.why), "url": message.preferences})
    return buttons


def _button(action: str, label: str) -> dict[str, Any]:
    return {"type": "button", "action_id": f"lotse:{action}", "text": _plain(label, BUTTON_MAX)}


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": text if len(text) <= most else text[: most - 1] + "…", "emoji": False}


def _command_of(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    return found.get("event_payload", {}).get("command_id") if found.get("event_type") == EVENT_TYPE else None


def _read(answer: Answer) -> SlackAnswer:
    body = answer.body if isinstance(answer.body, dict) else {}
    if not answer.ok or body.get("ok") is True:
        return SlackAnswer(body, answer.receipt() if answer.ok or not body.get("error") else _fault(body, answer))
    return SlackAnswer(body, _fault(body, answer))


def _fault(body: dict[str, Any], answer: Answer) -> Receipt:
    error = str(body.get("error", "no_answer"))
    error = error if _WORD.fullmatch(error) else "unreadable"
    if error in BUSY or answer.status == 429:
        return Receipt("retry", error, answer.retry_after, limited=True)
    if error in PASSING:
        return Receipt("retry", error, answer.retry_after)
    if error in MAYBE_SENT or error in ("no_answer", "unreadable"):
        return Receipt("unknown", error)
    return Receipt("failed", error)
