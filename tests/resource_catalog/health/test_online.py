"""Links to other places, asked of a real server: dead ones are errors, what cannot be told is a note, and all is bounded."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resource_catalog.health import online
from resource_catalog.health.links import Link

STATUS = {"/well": 200, "/gone": 410, "/missing": 404, "/private": 403, "/broken": 500}


class Answers(BaseHTTPRequestHandler):
    """Answers by path; knows no HEAD at `/no-head`, and leads from `/moved` to `/well`, from `/round` to itself."""

    def do_HEAD(self) -> None:
        """Answer HEAD."""
        self._answer(405 if self.path == "/no-head" else None)

    def do_GET(self) -> None:
        """Answer GET."""
        self._answer(200 if self.path == "/no-head" else None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
        """Nothing is printed."""

    def _answer(self, status: int | None) -> None:
        leads = {"/moved": "/well", "/round": "/round"}.get(self.path)
        self.send_response(status or (302 if leads else STATUS.get(self.path, 404)))
        if leads:
            self.send_header("Location", leads)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server() -> Iterator[str]:
    """A web server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def links(*targets: str) -> list[Link]:
    """Links of one resource."""
    return [Link("guide", "guide.en.md", target) for target in targets]


@pytest.mark.parametrize(
    ("path", "level"),
    [("/well", ""), ("/moved", ""), ("/no-head", ""), ("/gone", "error"), ("/missing", "error"), ("/private", "note"),
     ("/broken", "note"), ("/round", "note")],
)  # fmt: skip
def test_each_answer_is_judged(server: str, path: str, level: str) -> None:
    """Only a place that says itself that it is gone is dead."""
    asked = online.ask(links(server + path))
    assert (asked.asked, [one.level for one in asked.findings]) == (1, [level] if level else [])


def test_what_is_not_there_at_all(server: str) -> None:
    """No such name is dead; a server that does not answer may be back tomorrow."""
    refused = links("http://127.0.0.1:1/")
    assert [(one.level, one.check) for one in online.ask(refused).findings] == [("note", "dead-link")]


def test_no_more_than_so_many_are_asked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is counted, and said."""
    monkeypatch.setattr(online, "LINKS_MAX", 3)
    asked = online.ask(links(*[f"{server}/missing?{number}" for number in range(5)]))
    assert (asked.asked, asked.left_out, len(asked.findings)) == (3, 2, 3)
