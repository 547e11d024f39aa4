"""Posts commands to a URL as Standard Webhooks (standardwebhooks.com), signed, with the command's id as the message's."""

import base64
import binascii
from datetime import UTC, datetime

import msgspec
from standardwebhooks.webhooks import Webhook

from processors.commands import Command, Recall
from sinks.action_links import ActionLinks
from sinks.channel import Channel, Receipt
from sinks.platforms.http import TIMEOUT_S, HttpClient


class WebhookChannel(Channel):
    """POST to one URL; any 2xx is delivered, 408/409/425/429/5xx and network faults are tried again, the rest failed.

    The body is the command; with `actions` it has the signed `tokens` of its actions too, and their `links` where there are pages.
    `secret` is `whsec_` and base64, or any other text, taken as its bytes. Raises `ValueError` where it is neither.
    A Zap's catch hook is such a URL (its limits: 30 a second, 10,000 in 5 minutes).
    """

    name = "webhook"

    def __init__(self, url: str, secret: str, actions: ActionLinks | None = None) -> None:
        self._http, self._webhook, self._actions = HttpClient(url, {}, TIMEOUT_S), Webhook(_key(secret)), actions

    async def deliver(self, command: Command) -> Receipt:
        """Post once, follow no redirect."""
        return await self._post(command.id, self._body(command), command.trace)

    async def withdraw(self, recall: Recall, remote: str) -> Receipt:  # noqa: ARG002
        """Post the recall itself; the receiver takes back the command that it names."""
        return await self._post(recall.id, msgspec.json.encode(recall))

    async def _post(self, identifier: str, body: bytes, trace: str = "") -> Receipt:
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(identifier, now, body.decode()),
        }
        if trace:  # W3C Trace Context
            headers["traceparent"] = trace
        receipt = (await self._http.request("POST", "", data=body, headers=headers)).receipt()
        return receipt._replace(result="retry") if receipt.result == "unknown" else receipt

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    def _body(self, command: Command) -> bytes:
        if self._actions is None:
            return msgspec.json.encode(command)
        signed = {"tokens": self._actions.tokens(command), "links": self._actions.of(command)}
        parts = [{**msgspec.to_builtins(one), "open": self._actions.item(command, one)} for one in command.items]
        told = {**signed, "items": [{name: found for name, found in one.items() if found} for one in parts]}
        return msgspec.json.encode(
            {**msgspec.to_builtins(command), **{name: found for name, found in told.items() if found}}
        )


def _key(secret: str) -> bytes:
    encoded = secret.removeprefix("whsec_")
    try:
        key = (
            base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
            if encoded != secret
            else secret.encode()
        )
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("a secret that begins with whsec_ goes on in base64, as the receiver shows it")
    return key
