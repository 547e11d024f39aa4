"""A platform with the in-app script in its pages, the member pages beside it, a real Redis: for tests in a real browser."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import jwt
import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from processors.actions import pressed
from processors.commands import Command
from sinks.inbox import Inbox
from streams.pages.app import member_pages
from streams.pages.inbox_door import InboxDoor
from streams.pages.inbox_watch import InboxWatch
from tests.support.commands import command
from tests.support.member_pages import Pages
from tests.support.processes import free_port, wait_until

SECRET = "a secret that town and lotse share, 32 bytes"
SECRET_OLD = "an older secret of the town, 32 bytes too"
T = TypeVar("T")
PAGE = """<!doctype html><html lang="{lang}"><head><title>Town</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>The town</h1><p>Words of the platform.</p><button id="host">Host an event</button></main>
<script src="{base}/static/inbox.js" data-token-url="/token" data-place="general" data-anchors='{{"slow": "#host"}}' defer></script></body></html>"""


def member_token(
    member: str = "town/ann", ends: float = 600.0, secret: str = SECRET, now: float = 0.0, **claims: Any
) -> str:
    """What a platform's backend signs for its member."""
    content = {"sub": member, "aud": "lotse-inbox", "exp": now + ends, **claims}
    return jwt.encode({name: value for name, value in content.items() if value is not None}, secret, algorithm="HS256")


class InboxTown(Pages):
    """Pages with an inbox, served on a port; `page` is the platform's page. Its clock is the browser's."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        self._url, self._prefix = redis_url, prefix
        self.port, self.platform = free_port(), free_port()
        self.base, self.page = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.platform}/"
        self.members_token: Callable[[], str] = lambda: member_token(now=self.now)
        super().__init__()

    @contextmanager
    def running(self, lang: str = "en") -> Iterator["InboxTown"]:
        """Serve pages and platform while the block runs."""
        with _served(self._app, self.port), _served(lambda: _platform(self, lang), self.platform):
            yield self

    @contextmanager
    def platform_alone(self) -> Iterator["InboxTown"]:
        """Serve the platform while nobody answers for the member pages."""
        with _served(lambda: _platform(self, "en"), self.platform):
            yield self

    def _app(self) -> ASGIApp:
        asked, listened = Redis.from_url(self._url), Redis.from_url(self._url)
        watch = InboxWatch(Inbox(listened, self._prefix))
        door = InboxDoor(Inbox(asked, self._prefix), watch, [SECRET, SECRET_OLD], lambda: self.now)

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            watch.start()
            yield
            await watch.stop()
            await asked.aclose()
            await listened.aclose()

        routes = [door.mount([self.page.rstrip("/")])]
        return member_pages(self.site, routes, lambda *answer: self.answers.append(answer), lifespan)

    def put(self, number: int = 1, **changes: Any) -> Command:
        """Put an item into an inbox, as delivery does."""
        one = command(
            number,
            **{
                "not_before": self.now,
                "expires": self.now + 3600,
                "kind": "onboarding",
                "resource": "first-day",
                **changes,
            },
        )
        self.store(lambda inbox: inbox.put(one))
        return one

    def withdraw(self, one: Command) -> None:
        """Take an item back, as delivery does with what is recalled."""
        self.store(lambda inbox: inbox.withdraw(one.target, [one.id]))

    def store(self, work: Callable[[Inbox], Coroutine[Any, Any, T]]) -> T:
        """Do something with the store."""

        async def story() -> T:
            async with Redis.from_url(self._url) as redis:
                return await work(Inbox(redis, self._prefix))

        with ThreadPoolExecutor(1) as pool:  # a browser under test has a loop in this thread
            return pool.submit(lambda: asyncio.run(story())).result()

    def types(self) -> list[str]:
        """The types of what was pressed, without what was only seen."""
        return [event.type for event in self.journal.events if event.type != "outcome.seen"]

    def press(self, one: Command, action: str) -> str:
        """The id of the event that a press is."""
        return pressed(self.tokens.read(self.tokens.offer(one, action), self.now), self.now, "in_app").id


def _platform(town: InboxTown, lang: str) -> Starlette:
    policy = f"default-src 'none'; script-src {town.base}; connect-src 'self' {town.base}; style-src 'none'; require-trusted-types-for 'script'"

    async def page(_request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(lang=lang, base=town.base), headers={"content-security-policy": policy})

    async def token(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(town.members_token())

    return Starlette(routes=[Route("/", page), Route("/token", token)])


@contextmanager
def _served(make: Callable[[], ASGIApp], port: int) -> Iterator[None]:
    """Serve what `make` makes on the server's own loop."""
    servers: list[uvicorn.Server] = []

    async def story() -> None:
        config = uvicorn.Config(make(), port=port, log_level="error", timeout_graceful_shutdown=1, lifespan="auto")
        servers.append(uvicorn.Server(config))
        await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(story()), daemon=True)
    thread.start()
    try:
        wait_until(lambda: servers and servers[0].started, 20, "the server answers")
        yield
    finally:
        servers[0].should_exit = True
        thread.join(20)
