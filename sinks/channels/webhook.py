"""Posts commands to a URL as Standard Webhooks (standardwebhooks.com), signed, with the command's id as the message's."""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import msgspec
from standardwebhooks.webhooks import Webhook

from processors.commands import Command
from sinks.channel import Receipt

TIMEOUT_S = 10.0
AGAIN = frozenset({408, 409, 425, 429})
RETRY_AFTER_MAX = 3600.0


class WebhookChannel:
    """POST to one URL; any 2xx is delivered, 408/409/425/429/5xx and network faults are tried again, the rest failed.

    `secret` is `whsec_` and base64, or any other text, taken as its bytes. Raises `ValueError` where it is neither.
    """

    name, accepts_replay = "webhook", False

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._webhook = url, Webhook(_key(secret))
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
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


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


def _receipt(status: int, retry_after: str) -> Receipt:
    if 200 <= status < 300:
        return Receipt("delivered", str(status))
    if status in AGAIN or status >= 500:
        return Receipt("retry", str(status), min(_seconds(retry_after), RETRY_AFTER_MAX))
    return Receipt("failed", str(status))


def _seconds(retry_after: str) -> float:
    """Read a Retry-After header: seconds or a date; 0 where it is neither, or past."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return 0.0
