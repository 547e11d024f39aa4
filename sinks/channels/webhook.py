"""Posts commands to a URL as Standard Webhooks (standardwebhooks.com), signed, with the command's id as the message's."""

import base64
from datetime import UTC, datetime

import aiohttp
import msgspec
from standardwebhooks.webhooks import Webhook

from processors.commands import Command
from sinks.channel import Receipt

TIMEOUT_S = 10.0
AGAIN = frozenset({408, 409, 425, 429})
RETRY_AFTER_MAX = 3600.0


class WebhookChannel:
    """POST to one URL; any 2xx is delivered, 408/409/425/429/5xx and network faults are tried again, the rest failed."""

    name, accepts_replay = "webhook", False

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        encoded = (
            secret.removeprefix("whsec_") if secret.startswith("whsec_") else base64.b64encode(secret.encode()).decode()
        )
        self._webhook = Webhook(encoded)
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, command: Command) -> Receipt:
        """Post once, follow no redirect."""
        body = msgspec.json.encode(command)
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": command.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(command.id, now, body.decode()),
        }
        try:
            async with self._open().post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                return _receipt(answer.status, answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Receipt("retry", type(error).__name__)

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self._session


def _receipt(status: int, retry_after: str) -> Receipt:
    if 200 <= status < 300:
        return Receipt("delivered", str(status))
    if status in AGAIN or status >= 500:
        return Receipt("retry", str(status), min(float(retry_after), RETRY_AFTER_MAX) if retry_after.isdigit() else 0.0)
    return Receipt("failed", str(status))
