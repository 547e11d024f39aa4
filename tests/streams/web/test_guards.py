"""Guards: limits by client, faults without a trace, bounded memory."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from streams.web import guards
from streams.web.guards import HEADERS, Allowance, Guards


def ask(app: Guards, times: int = 1, client: str = "10.0.0.1") -> list[httpx.Response]:
    """Ask an application some times."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app, client=(client, 1), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return [await http.get("/") for _ in range(times)]

    return asyncio.run(send())


def still() -> float:
    """A clock that stands."""
    return 0.0


async def well(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers."""
    await PlainTextResponse("well", headers={"cache-control": "public"})(scope, receive, send)


async def badly(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that fails."""
    Request(scope)
    raise RuntimeError("ann's own words")


def test_headers_are_set_unless_the_page_says_otherwise() -> None:
    """Every answer has them."""
    headers = ask(Guards(well, Allowance(1, 5, still)))[0].headers
    assert headers["cache-control"] == "public"
    assert {name: headers[name] for name in HEADERS if name != "cache-control"} == {
        name: value for name, value in HEADERS.items() if name != "cache-control"
    }


def test_a_fault_is_a_plain_answer_and_a_line_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """What a member wrote might be in it."""
    counted: list[tuple[str, int]] = []
    [answer] = ask(Guards(badly, Allowance(1, 5, still), lambda *one: counted.append(one)))
    assert (answer.status_code, answer.text) == (500, "Something went wrong here.\nHier ging etwas schief.\n")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "RuntimeError" in caplog.text
    assert "ann" not in caplog.text
    assert counted == [("GET", 500)]


def test_a_client_that_hangs_up_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    """A telephone in a tunnel: neither an error in the log, nor a 500 among the answers, whatever a handler would still say."""
    counted: list[tuple[str, int]] = []
    inner = Starlette(routes=[Route("/", _reads, methods=["POST"])], exception_handlers={Exception: _refused})
    app = Guards(inner, Allowance(1, 5, still), lambda *one: counted.append(one))
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [], "client": ("10.0.0.1", 1),
    }  # fmt: skip

    async def hung_up() -> Message:
        return {"type": "http.disconnect"}

    async def nowhere(_message: Message) -> None:
        return

    asyncio.run(app(scope, hung_up, nowhere))
    assert counted == [("POST", 499)]
    assert "failed" not in caplog.text


async def _reads(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _refused(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("failed", 500)


def test_a_client_that_asks_too_often_waits_others_do_not() -> None:
    """429 with Retry-After; the allowance recovers with time."""
    now = [0.0]
    app = Guards(well, Allowance(0.5, 3, lambda: now[0]))
    assert [one.status_code for one in ask(app, 4)] == [200, 200, 200, 429]
    waiting = ask(app)[0]
    assert waiting.headers["retry-after"] == "3"
    assert waiting.text == "Too many requests; please wait a moment.\nZu viele Anfragen; bitte einen Moment warten.\n"
    assert ask(app, client="10.0.0.2")[0].status_code == 200
    now[0] = 2.0
    assert [one.status_code for one in ask(app, 2)] == [200, 429]


def test_the_memory_of_clients_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was quiet for longest is forgotten."""
    monkeypatch.setattr(guards, "CLIENTS_MAX", 3)
    allowance = Allowance(1, 1, still)
    for client in "abcd":
        assert allowance.wait(client) == 0
    assert allowance.wait("d") > 0
    assert allowance.wait("a") == 0, "forgotten, so it may go on"
    assert len(allowance._clients) == 3
