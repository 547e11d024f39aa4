"""A receiver of webhooks in threads of its own: it answers by what a command is, and keeps in which order they came."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = int | threading.Event  # a status, or a gate at which the answer (200) waits
HANG_S = 120.0


class Receiver:
    """`received` keeps the ids of the messages as they came; `answer` decides by the command's JSON."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.traces: dict[str, str] = {}  # traceparent by message
        self.answer: Callable[[dict[str, Any]], Answer] = lambda _command: 200
        self.url = ""

    def times(self, identifier: str) -> int:
        """How often a message came."""
        return self.received.count(identifier)


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Serve on a free port of loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            command = json.loads(self.rfile.read(int(self.headers["content-length"])))
            receiver.received.append(self.headers["webhook-id"])
            receiver.traces[receiver.received[-1]] = self.headers.get("traceparent", "")
            answer = receiver.answer(command)
            if isinstance(answer, threading.Event):
                answer.wait(HANG_S)
                answer = 200
            try:
                self.send_response(answer)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:  # whoever asked is gone
                return

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
