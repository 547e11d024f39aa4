"""The receiver of a service under test: takes whatever is posted to it, and knows commands by a mark in their text."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from processors.ids import digest
from streams.errors import UserError

BODY_MAX = 1_000_000  # bytes of a request that are looked at
MARK = re.compile(rb"mark-[0-9a-f]{16}")


class Arrival(NamedTuple):
    """A message that came: when (epoch s), and the status that it was answered with."""

    at: float
    status: int

    @property
    def taken(self) -> bool:
        """Tell whether the service was told that it had arrived."""
        return self.status < 300


def mark_of(command: str) -> str:
    """Return what stands in title and text of a command, and in no recall of it."""
    return f"mark-{digest('conformance', command)[:16]}"


class Arrivals:
    """What came, by the mark of its command; how each is answered, and after how long, can be said before."""

    def __init__(self) -> None:
        self._came: dict[str, list[Arrival]] = defaultdict(list)
        self._lock = threading.Lock()
        self.answers: dict[str, Callable[[int], int]] = {}  # status by how often it came before
        self.delays: dict[str, float] = {}  # seconds before the answer

    def of(self, command: str) -> list[Arrival]:
        """Return the arrivals of a command, in order."""
        with self._lock:
            return list(self._came.get(mark_of(command), ()))

    def take(self, body: bytes) -> tuple[int, float]:
        """Note a request; return status and delay of the answer."""
        status, delay = 200, 0.0
        with self._lock:
            for mark in {found.decode() for found in MARK.findall(body)}:
                came = self._came[mark]
                status = self.answers.get(mark, _well)(len(came))
                delay = self.delays.get(mark, 0.0)
                came.append(Arrival(time.time(), status))
        return status, delay


def _well(_before: int) -> int:
    return 200


@contextmanager
def receiving(address: str) -> Iterator[tuple[Arrivals, str]]:
    """Serve at host:port while the block runs; give what comes, and the URL. Raises `UserError` where it is taken."""
    arrivals = Arrivals()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), BODY_MAX)
            status, delay = arrivals.take(self.rfile.read(length))
            time.sleep(delay)  # a thread of its own for each connection
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        do_PUT = do_POST  # noqa: N815  (the name is http.server's)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing of each request."""

    host, _, port = address.rpartition(":")
    try:
        server = ThreadingHTTPServer((host or "127.0.0.1", int(port)), Handler)
    except (OSError, ValueError) as error:
        raise UserError(f"--receiver {address}: {error}; expected host:port that is free") from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="receiver", daemon=True)
    thread.start()
    try:
        yield arrivals, f"http://{host or '127.0.0.1'}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
