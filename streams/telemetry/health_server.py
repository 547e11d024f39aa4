"""Answers on one port: /metrics, /live, /ready, /startup; bound to loopback unless told otherwise."""

import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import make_wsgi_app

from streams.errors import UserError

Probe = Callable[[], bool]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing of each scrape."""


def serve(
    address: str,
    registry: CollectorRegistry,
    probes: dict[str, Probe],
    facts: Callable[[], object],
    before: Callable[[], None],
) -> int:
    """Answer in a daemon thread; return the port. `before` refreshes gauges. Raises `UserError` if the port is taken."""
    host, _, port = address.rpartition(":")
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].strip("/")
        if path == "metrics":
            before()
            page: Iterable[bytes] = metrics(environ, start)
            return page
        probe = probes.get(path)
        if probe is None:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"metrics, " + ", ".join(probes).encode() + b"\n"]
        start("200 OK" if probe() else "503 Service Unavailable", [("Content-Type", "application/json")])
        return [msgspec.json.encode(facts())]

    try:
        server = make_server(host or "127.0.0.1", int(port), answer, _Server, _Quiet)
    except OSError as error:
        raise UserError(
            f"LOTSE_HEALTH_ADDRESS {address}: {error.strerror}; choose another port, 0 takes a free one"
        ) from None
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return int(server.server_port)
