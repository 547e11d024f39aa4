"""Requests to a platform's HTTP API: one session, one time limit, and what each answer means for a delivery."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import aiohttp
import orjson

from sinks.channel import Receipt

TIMEOUT_S = 10.0
ANSWER_MAX = 1 << 20  # bytes of an answer that are read
AGAIN = frozenset({408, 409, 425})  # may pass by itself
BUSY = 429
REFUSED_AT_THE_DOOR = frozenset({503})  # said before the request was worked on
RETRY_AFTER_MAX = 3600.0


class Answer(NamedTuple):
    """What came back. `status` 0: nothing; then `fault` names why, and `sent` tells whether the request may have arrived."""

    status: int
    body: Any = None
    retry_after: float = 0.0
    fault: str = ""
    sent: bool = True
    location: str = ""

    @property
    def ok(self) -> bool:
        """Whether the platform said yes."""
        return 200 <= self.status < 300

    def receipt(self, remote: str = "") -> Receipt:
        """Return what the answer means where the status says it all.

        2xx delivered; 429 too much; 408, 409, 425, 503 and no connection not delivered, again; other 5xx and silence
        unknown; everything else final.
        """
        if self.ok:
            return Receipt("delivered", str(self.status), remote=remote)
        if self.status == BUSY:
            return Receipt("retry", str(self.status), self.retry_after, limited=True)
        if self.status in AGAIN | REFUSED_AT_THE_DOOR or not self.sent:
            return Receipt("retry", self.fault or str(self.status), self.retry_after)
        if self.status == 0 or self.status >= 500:
            return Receipt("unknown", self.fault or str(self.status), self.retry_after)
        return Receipt("failed", str(self.status))


class HttpClient:
    """A session to one platform; opened at the first request, closed once for all. Of an answer `answer_max` bytes are read."""

    def __init__(
        self, base: str, headers: Mapping[str, str], timeout_s: float = TIMEOUT_S, *, answer_max: int = ANSWER_MAX
    ) -> None:
        self._base, self._headers, self._answer_max = base.rstrip("/"), dict(headers), answer_max
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once, follow no redirect; raises nothing for the other side's faults. A body that is no JSON is None."""
        if json is not None:
            data, headers = orjson.dumps(json), {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        try:
            async with self._open().request(
                method, self._base + path, data=data, params=params, headers=headers, allow_redirects=False
            ) as answer:
                raw = await _read(answer.content, self._answer_max)
                wait, location = retry_after(answer.headers.get("Retry-After", "")), answer.headers.get("Location", "")
                return Answer(answer.status, _json(raw), wait, location=location)
        except aiohttp.ClientConnectorError as error:  # nobody took the request
            return Answer(0, fault=type(error).__name__, sent=False)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Answer(0, fault=type(error).__name__)

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), headers=self._headers
            )
        return self._session


def retry_after(header: str) -> float:
    """Read a Retry-After header, seconds or a date, an hour at most; 0 where it is neither, or past."""
    if header.isascii() and header.isdigit():
        return min(float(header), RETRY_AFTER_MAX)
    try:
        left = (parsedate_to_datetime(header).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except ValueError:
        return 0.0
    return min(max(0.0, left), RETRY_AFTER_MAX)


async def _read(content: aiohttp.StreamReader, limit: int) -> bytes:
    """Return what comes, up to a limit: one read gives no more than has arrived."""
    found = bytearray()
    while len(found) < limit and (piece := await content.read(limit - len(found))):
        found += piece
    return bytes(found)


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
