"""The gateway's doors in this process, on a real Kafka and Redis, with a clock that tests set."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from streams.gateway.server import Gateway
from streams.settings import Settings
from tests.support.kafka import wait_until


class Doors:
    """A gateway on a loop of its own; `now` is what it takes for the time."""

    def __init__(self, settings: Settings) -> None:
        self.now, self.loop = 1767225600.0, asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.gateway = self.run(self._start(settings))
        transport = httpx.ASGITransport(self.gateway.app(), raise_app_exceptions=True)
        self.client = httpx.AsyncClient(transport=transport, base_url="https://door.example")

    async def _start(self, settings: Settings) -> Gateway:
        gateway = Gateway(settings, settings.redis, lambda: self.now)
        gateway.start()
        return gateway

    def run(self, work: Any) -> Any:
        """Run a coroutine on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def post(self, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """Send a request; an exception within the gateway is raised here."""
        answer: httpx.Response = self.run(self.client.post(path, content=content, headers=headers))
        return answer

    def get(self, path: str) -> httpx.Response:
        """Ask."""
        answer: httpx.Response = self.run(self.client.get(path))
        return answer


@contextmanager
def doors(settings: Settings) -> Iterator[Doors]:
    """Open the doors; close them at the end."""
    running = Doors(settings)
    try:
        wait_until(lambda: running.get("/ready").status_code == 200, 40, "the doors are open")
        yield running
    finally:
        running.run(running.client.aclose())
        running.run(running.gateway.stop())
        running.loop.call_soon_threadsafe(running.loop.stop)
        running.thread.join(10)
        running.loop.close()
