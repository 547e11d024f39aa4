"""The process of the member pages: one door to the world, apart from everything that operators use."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from sinks.action_tokens import ActionTokens
from sinks.inbox import Inbox
from streams.catalog.feed import CatalogFeed
from streams.codec import Codec
from streams.errors import UserError
from streams.gateway.writer import Writer
from streams.pages.app import member_pages
from streams.pages.inbox_door import InboxDoor
from streams.pages.inbox_watch import InboxWatch
from streams.pages.journal import KafkaJournal
from streams.pages.member_tokens import SECRET_MIN
from streams.pages.site import Site
from streams.runtime.quiet import pass_over_failed_batches, quieten_clients
from streams.servers import store_access
from streams.servers.store import connect
from streams.settings import Settings
from streams.telemetry import known_series
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import PAGES, PRESSES, REGISTRY, child
from streams.web.serving import listen, serve_until_told

STORE_S = 5.0
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
log = logging.getLogger("lotse.pages")


class PageServer:
    """Pages on `pages_address`, probes and metrics on `health_address`. Guides are served from memory while the broker is away."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._feed = CatalogFeed(settings.bootstrap)
        self._writer = Writer(settings.bootstrap, settings.partitions)
        self._site = Site(
            ActionTokens(settings.action_keys()),
            KafkaJournal(self._writer, Codec(settings.control())),
            lambda: self._feed.latest,
            counted=lambda action, result: child(PRESSES, action, result).inc(),
        )
        known_series.of_pages()
        self._started = False
        self._redis: list[Redis] = []
        self._watch: InboxWatch | None = None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `UserError` where the address is taken, or the catalog cannot be read."""
        listening = listen("LOTSE_PAGES_ADDRESS", self._settings.pages_address)
        self._feed.load().follow()
        if self._feed.latest is None:
            log.warning("no catalog is published yet; run: lotse catalog publish")
        probes = {"live": lambda: True, "ready": lambda: self._writer.ready, "startup": lambda: self._started}
        serve(
            self._settings.health_address,
            REGISTRY,
            probes,
            lambda: {"pages": self._settings.pages_address},
            lambda: None,
        )
        app = member_pages(self._site, self._inbox(), _count, self._lifespan)
        serve_until_told(app, listening, self._settings.pages_proxies, self._end_streams)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        quieten_clients(stacks=False)
        asyncio.get_running_loop().set_exception_handler(pass_over_failed_batches)
        self._writer.start()
        if self._watch is not None:
            self._watch.start()
        self._started = True
        yield
        if self._watch is not None:
            await self._watch.stop()
        await self._writer.close()
        for one in self._redis:
            await one.aclose()

    def _inbox(self) -> list[BaseRoute]:
        """Return the routes of the in-app inbox, none where the platform has no secret for it. Raises `UserError`."""
        secrets = [one for one in (self._settings.inbox_secret, self._settings.inbox_secret_old) if one]
        if not secrets:
            return []
        if any(len(one.encode()) < SECRET_MIN for one in secrets):
            raise UserError(
                f"LOTSE_INBOX_SECRET, LOTSE_INBOX_SECRET_OLD: expected secrets of at least {SECRET_MIN} characters"
            )
        if not self._settings.redis:
            raise UserError("LOTSE_INBOX_SECRET: the in-app inbox needs LOTSE_REDIS too, the one of lotse deliver")
        asked = connect(self._settings.redis, STORE_S)
        how = store_access.options(self._settings.redis)
        heard = Redis.from_url(self._settings.redis, **how, socket_connect_timeout=STORE_S, health_check_interval=30)
        self._redis = [asked, heard]
        self._watch = InboxWatch(Inbox(heard, self._settings.app))
        door = InboxDoor(Inbox(asked, self._settings.app), self._watch, secrets, self._site.clock)
        return [door.mount([one.strip() for one in self._settings.inbox_origins.split(",") if one.strip()])]

    def _end_streams(self) -> None:
        if self._watch is not None:
            self._watch.close()


def _count(method: str, status: int) -> None:
    child(PAGES, method if method in METHODS else "other", str(status)).inc()
