"""`lotse calendar sync` on a real Kafka and Redis: what comes near is announced once, however often it runs."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from streams.codec import Codec
from streams.topics import ANNOUNCEMENTS
from tests.support.deployment import KEY, Deployment
from tests.support.in_process import lotse
from tests.support.kafka import Broker, read_all

pytestmark = pytest.mark.integration


def calendar(title: str, days: float) -> bytes:
    """Return a calendar with something in so many days, weekly from then on."""
    starts = (datetime.fromtimestamp(time.time(), UTC) + timedelta(days=days)).strftime("%Y%m%dT%H0000Z")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", f"UID:{title}", f"SUMMARY:{title}", f"DTSTART:{starts}", "RRULE:FREQ=WEEKLY",
             "END:VEVENT", "END:VCALENDAR", ""]  # fmt: skip
    return "\r\n".join(lines).encode()


@contextmanager
def served(content: bytes) -> Iterator[str]:
    """Serve a calendar at an address with a secret in it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/c.ics") else 404)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def test_what_is_near_is_announced_once(empty_kafka: Broker, redis_url: str, tmp_path: Path) -> None:
    """From a file and from an address; a dry run announces nothing; a second run nothing new; a new time is news."""
    place = Deployment(empty_kafka.bootstrap, app="calendar-sync")
    place.prepare()
    given = {**place.environment(), "LOTSE_REDIS": redis_url, "LOTSE_COMMUNITY": "town"}
    file = tmp_path / "c.ics"
    file.write_bytes(calendar("meetup", 2))

    def sync(*words: str) -> tuple[int, int]:
        done = lotse("calendar", "sync", *words, "--json", **given)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return told["near"], told["announced"]

    assert sync(str(file), "--dry-run") == (1, 0)
    assert [sync(str(file)), sync(str(file))] == [(1, 1), (1, 0)]
    assert sync(str(file), "--ahead", "10") == (2, 1)
    with served(calendar("meetup", 3)) as address:
        assert sync(f"{address}/c.ics?key=secret") == (1, 1)
        gone = lotse("calendar", "sync", f"{address}/gone?key=secret", **given)
    assert (gone.returncode, "secret" in gone.stderr, "404" in gone.stderr) == (3, False, True)
    codec = Codec(KEY.encode())
    events = [codec.decode_announcement(one.key, one.value) for one in read_all(empty_kafka.bootstrap, ANNOUNCEMENTS)]
    assert [(one.type, one.key) for one in events] == [("event.announced", "town")] * 3
    assert len({one.id for one in events}) == 3


@pytest.mark.parametrize(
    ("words", "redis", "code", "told"),
    [
        (("nothing.ics",), "", 2, "cannot be read"),
        (("{}/c.ics", "--timezone", "Mars/Base"), "", 2, "no such zone"),
        (("{}/c.ics",), "", 2, "LOTSE_REDIS"),
        (("{}/c.ics",), "redis://127.0.0.1:1/0", 3, "no store answers"),
        (("http://127.0.0.1:1/c.ics?key=secret",), "", 3, "not reached"),
        (("{}/bad.ics",), "", 2, "iCalendar"),
    ],
)
def test_a_mistake_is_one_message(words: tuple[str, ...], redis: str, code: int, told: str, tmp_path: Path) -> None:
    """What, and how to mend it."""
    (tmp_path / "c.ics").write_bytes(calendar("meetup", 2))
    (tmp_path / "bad.ics").write_bytes(b"no calendar")
    done = lotse(
        "calendar",
        "sync",
        *(word.replace("{}", str(tmp_path)) for word in words),
        LOTSE_CONTROL_KEY=KEY,
        LOTSE_REDIS=redis,
    )
    assert (done.returncode, "Traceback" in done.stderr, "secret" in done.stderr) == (code, False, False), done.stderr
    assert told in done.stderr
