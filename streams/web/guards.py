"""What stands before every page: security headers, a limit of requests for each client, no traceback for anybody."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Literal

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("lotse.web")

# Pages load nothing from elsewhere, run no script of theirs unless a page says so, and are shown in no frame. Addresses
# hold tokens, so no referrer leaves.
CSP = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS: dict[str, str] = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
# Said without looking at the request, which costs least; so in both languages.
TOO_MANY = "Too many requests; please wait a moment.\nZu viele Anfragen; bitte einen Moment warten.\n"
FAILED = "Something went wrong here.\nHier ging etwas schief.\n"
HUNG_UP = 499  # as proxies count a client that is gone before its answer
CLIENTS_MAX = 20_000  # remembered at once; the one that was quiet for longest is forgotten


class Allowance:
    """A token bucket for each client: `burst` requests at once, then `per_second`; memory is bounded, replicas count apart."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = per_second, burst, clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Take one request; return the seconds to wait where there is none left, 0 if it may go on."""
        now = self._clock()
        left, since = self._clients.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._clients[client] = (left - 1 if allowed else left, now)
        if len(self._clients) > CLIENTS_MAX:
            self._clients.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate


class Guards:
    """ASGI middleware around an application. What it raises becomes a plain 500 and one line of log without its text."""

    def __init__(
        self,
        app: ASGIApp,
        allowance: Allowance,
        counted: Callable[[str, int], None] = lambda _method, _status: None,
        headers: Mapping[str, str] = HEADERS,
    ) -> None:
        self._app, self._allowance, self._counted, self._headers = app, allowance, counted, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[Literal["status"], int] = {}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                state["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._answer(scope, receive, guarded)
        except (
            ClientDisconnect
        ):  # they hung up, or their connection broke: no fault of a page, and nobody to be answered
            state["status"] = HUNG_UP
        except Exception as error:  # noqa: BLE001  (the last place that can turn a fault into an answer)
            log.error("a page failed: %s", type(error).__name__)
            if "status" not in state:
                await PlainTextResponse(FAILED, 500)(scope, receive, guarded)
        self._counted(scope["method"], state.get("status", 500))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        wait = self._allowance.wait(client[0] if client else "")
        if wait:
            headers = {"retry-after": str(int(wait) + 1)}
            await PlainTextResponse(TOO_MANY, 429, headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)
