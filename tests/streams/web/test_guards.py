"""Guards: limits by client, faults without a trace, bounded memory."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

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
    assert (answer.status_code, answer.text) == (500, "Something went wrong here.\n")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "RuntimeError" in caplog.text
    assert "ann" not in caplog.text
    assert counted == [("GET", 500)]


def test_a_client_that_asks_too_often_waits_others_do_not() -> None:
    """429 with Retry-After; the allowance recovers with time."""
    now = [0.0]
    app = Guards(well, Allowance(0.5, 3, lambda: now[0]))
    assert [one.status_code for one in ask(app, 4)] == [200, 200, 200, 429]
    assert ask(app)[0].headers["retry-after"] == "3"
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
