"""A platform on loopback that enforces what the real one does, and fails as real ones do, request by request."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, NamedTuple, TypeVar

import orjson
from aiohttp import web

# What becomes of one request. "after": the platform did what was asked for, and then its answer got lost.
Fault = Literal["", "429", "500", "503", "hang", "cut", "500 after", "hang after", "cut after"]


class Asked(NamedTuple):
    """One request as it came; `body` is its JSON, or its text where it is none."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any


class FakePlatform:
    """`faults` are taken one by one, by requests that begin with `failing`; then all goes well. `seen` is what reached people."""

    retry_after = "1"
    takes_s = 0.0  # between doing and answering

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.failing = ""
        self.asked: list[Asked] = []
        self.seen: list[Any] = []
        self.url = ""

    async def authorised(self, asked: Asked) -> web.Response | None:
        """Return the refusal of whoever shows no valid key, None where it is valid."""
        raise NotImplementedError

    async def answer(self, asked: Asked) -> web.Response:
        """Do what is asked for, as the platform does."""
        raise NotImplementedError

    def busy(self) -> web.Response:
        """Return the platform's way to say that it gets too much."""
        return web.Response(status=429, headers={"Retry-After": self.retry_after})

    async def handle(self, request: web.Request) -> web.Response:
        """Record a request, let it fail if a fault is due, else answer."""
        raw = await request.read()
        try:
            body = orjson.loads(raw) if raw else None
        except orjson.JSONDecodeError:
            body = raw.decode()
        asked = Asked(request.method, request.path, dict(request.query), request.headers, body)
        self.asked.append(asked)
        fault = self.faults.pop(0) if self.faults and asked.path.startswith(self.failing) else ""
        if fault == "429":
            return self.busy()
        if fault and not fault.endswith("after"):
            return await _fail(request, fault)
        answer = await self.authorised(asked) or await self.answer(asked)
        if self.takes_s:
            await asyncio.sleep(self.takes_s)
        return await _fail(request, fault.removesuffix(" after")) if fault else answer

    def paths(self) -> list[str]:
        """Return which paths were asked for, in order."""
        return [one.path for one in self.asked]


async def _fail(request: web.Request, fault: str) -> web.Response:
    if fault == "hang":  # half open: the connection stands, nothing comes
        await asyncio.Event().wait()
    if fault == "cut":
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    return web.Response(status=int(fault))


_F = TypeVar("_F", bound=FakePlatform)


@contextmanager
def in_a_thread(platform: _F) -> Iterator[_F]:
    """Serve a platform from a thread of its own, for processes that ask it."""
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        async with running(platform):
            ready.set()
            await ending.wait()

    ending = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield platform
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(10)
        loop.close()


@asynccontextmanager
async def running(platform: _F) -> AsyncIterator[_F]:
    """Serve a platform on a free port."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", platform.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield platform
    finally:
        await runner.cleanup()
