"""HubSpot: a single-send e-mail, a contact property, or a custom event; one of them for each deployment.

All three may be repeated: `sendId` and `uuid` are made of the command's id, a property set twice is the same property.
The e-mail is a template there: it gets title, text, link and reason as custom properties. Paths of developers.hubspot.com.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from processors.commands import Command
from sinks.addresses import AddressBook
from sinks.channel import Channel, Rate, Receipt
from sinks.message import Composer, Message
from sinks.platforms.http import Answer, HttpClient
from sinks.platforms.mail import is_address

SENT_ALREADY = frozenset({"IDEMPOTENT_IGNORE", "IDEMPOTENT_FAIL"})
WAITS = frozenset({"THROTTLED"})
PER_S, BURST = 10.0, 50  # private apps: 100 in 10 s on the smallest plan
MOVING = 477  # the account is being moved; Retry-After says for how long


class Does(NamedTuple):
    """What a delivery does: `email` with the id of a template, `property` or `event` with its name."""

    what: Literal["email", "property", "event"]
    email: int = 0
    name: str = ""


class HubspotChannel(Channel):
    """One account."""

    name = "hubspot"
    serves = frozenset({"email"})
    attempts = 16

    def __init__(self, http: HttpClient, does: Does, addresses: AddressBook, composer: Composer) -> None:
        self._http, self._does, self._addresses, self._composer = http, does, addresses, composer

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """The account's limit."""
        return (Rate("requests", PER_S, BURST),)

    async def deliver(self, command: Command) -> Receipt:
        """Send, set or tell."""
        to = await self._addresses.find(command.member, "email")
        if to is None or not is_address(to):
            return Receipt("failed", "no_address")
        path, body = {"email": self._send, "property": self._set, "event": self._tell}[self._does.what](command, to)
        return _read(await self._http.request("POST", path, body))

    async def check(self) -> Receipt:
        """Ask whose token it is, which needs no scope."""
        return (await self._http.request("GET", "/integrations/v1/me")).receipt()

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    def _send(self, command: Command, to: str) -> tuple[str, dict[str, Any]]:
        message = self._composer.message(command)
        shown = {
            "lotse_title": message.title, "lotse_text": _whole(message), "lotse_link": message.link,
            "lotse_because": message.because, "lotse_unsubscribe": message.unsubscribe, "lotse_preferences": message.preferences,
        }  # fmt: skip
        body = {"emailId": self._does.email, "message": {"to": to, "sendId": command.id}, "customProperties": shown}
        return "/marketing/v4/email/single-send", body

    def _set(self, command: Command, to: str) -> tuple[str, dict[str, Any]]:
        given = {"idProperty": "email", "id": to, "properties": {self._does.name: command.resource}}
        return "/crm/v3/objects/contacts/batch/upsert", {"inputs": [given]}

    def _tell(self, command: Command, to: str) -> tuple[str, dict[str, Any]]:
        at = datetime.fromtimestamp(command.not_before, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = {
            "eventName": self._does.name, "email": to, "occurredAt": at, "uuid": str(uuid5(NAMESPACE_URL, command.id)),
            "properties": {"resource_id": command.resource, "playbook_id": command.playbook, "link": self._composer.message(command).link},
        }  # fmt: skip
        return "/events/v3/send", body


def _whole(message: Message) -> str:
    """Return the text with the further parts of a digest: a template has one place for both."""
    parts = ["\n".join(part for part in (one.title, one.text, one.because, one.link) if part) for one in message.items]
    return "\n\n".join((message.text, *parts))


def _read(answer: Answer) -> Receipt:
    said = str(answer.body.get("sendResult", "")) if isinstance(answer.body, dict) else ""
    if answer.ok and said in WAITS:
        return Receipt("retry", said, answer.retry_after, limited=True)
    if said and said not in SENT_ALREADY | {"SENT", "QUEUED"} and answer.ok:
        return Receipt("failed", said if said.replace("_", "").isalnum() and len(said) <= 64 else "unreadable")
    if answer.status == MOVING:
        return Receipt("retry", str(answer.status), answer.retry_after, limited=True)
    receipt = answer.receipt()
    return receipt._replace(result="retry") if receipt.result == "unknown" else receipt
