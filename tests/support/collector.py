"""A collector of spans over OTLP/HTTP, in threads of its own."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collected(NamedTuple):
    """A span as it came; ids in hexadecimal."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    facts: dict[str, Any]
    failed: bool


class Collector:
    """`spans` are those that came, `url` what LOTSE_OTLP_ENDPOINT is to say."""

    def __init__(self) -> None:
        self.spans: list[Collected] = []
        self.url = ""

    def of(self, service: str, trace: str) -> list[Collected]:
        """Return a process's spans of a trace."""
        return [one for one in self.spans if (one.service, one.trace) == (service, trace)]


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Serve on a free port of loopback."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            assert self.path == "/v1/traces"
            collector.spans += _spans(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _spans(request: Any) -> list[Collected]:
    return [
        Collected(
            _facts(of.resource)["service.name"], one.name, one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex(),
            _facts(one), one.status.code == 2,
        )
        for of in request.resource_spans for scope in of.scope_spans for one in scope.spans
    ]  # fmt: skip


def _facts(one: Any) -> dict[str, Any]:
    return {fact.key: fact.value.string_value or fact.value.int_value for fact in one.attributes}
