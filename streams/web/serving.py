"""uvicorn as all our web processes run it: quiet, bounded, ended by a signal with exit code 0."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from streams.errors import UserError

HEADERS_MAX = 16_384  # bytes of a request's line and headers
CONNECTIONS_MAX = 2_000
STOP_S = 10


def listen(setting: str, address: str) -> socket.socket:
    """Return a socket that listens at an address. Raises `UserError` that names the setting where it is taken."""
    host, _, port = address.rpartition(":")
    try:
        return socket.create_server((host.strip("[]") or "127.0.0.1", int(port)), backlog=1024, reuse_port=False)
    except OSError as error:
        raise UserError(f"{setting} {address}: {error.strerror}; choose another address or port") from None


def serve_until_told(
    app: ASGIApp, listening: socket.socket, proxies: str, ending: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or SIGINT; `ending` is called then, before answers under way are waited for."""
    config = uvicorn.Config(
        app, log_config=None, log_level="warning", access_log=False, server_header=False, proxy_headers=True,
        forwarded_allow_ips=proxies, limit_concurrency=CONNECTIONS_MAX, timeout_keep_alive=20,
        timeout_graceful_shutdown=STOP_S, h11_max_incomplete_event_size=HEADERS_MAX, http="h11", ws="none",
    )  # fmt: skip
    asyncio.run(_Server(config, ending).serve([listening]))


class _Server(uvicorn.Server):
    """Ends by itself with exit code 0 when it is told to; uvicorn's own would die of the signal a second time."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT end the loop once answers under way are given."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self._end)
        yield

    def _end(self) -> None:
        self._ending()
        self.should_exit = True
