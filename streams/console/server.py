"""The process of the console: on this machine alone unless told otherwise."""

import sys
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette

from streams.catalog.feed import CatalogFeed
from streams.codec import Codec
from streams.console.accounts import Accounts, Role, accounts_path
from streams.console.app import console
from streams.console.coverage import ConsoleMeter
from streams.console.desk import Desk
from streams.console.followed import Asked, Story
from streams.console.follower import Follower
from streams.console.noisy_pages import afterwards
from streams.console.store import Store
from streams.errors import UserError
from streams.runtime.garbage import spare_states
from streams.settings import Settings
from streams.telemetry import known_series
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import CONSOLE, CONSOLE_BEHIND, REGISTRY, child
from streams.topics import REVIEW, SAFETY
from streams.web.serving import listen, serve_until_told

METHODS = frozenset({"GET", "HEAD", "POST"})


class ConsoleServer:
    """Pages on `console_address`, probes and metrics on `health_address`.

    Decisions and events are followed into `console_db`, accounts lie in a file beside it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        codec = Codec(settings.control())
        self._store = Store(settings.console_db, settings.console_decisions_max, codec.deployment(), settings.control())
        self._accounts = Accounts(accounts_path(settings.console_db), time.time)
        self._feed = CatalogFeed(settings.bootstrap)
        self._desk = Desk(
            settings, self._store, self._accounts, lambda: self._feed.latest, self._reading, asking=self._asking
        )
        reviews = self._desk.reviews
        self._follower = Follower(settings.bootstrap, Story(self._store, codec, self._forget))
        self._asked = {
            "moderation": Follower(settings.bootstrap, Asked(reviews, REVIEW)),
            "safety": Follower(settings.bootstrap, Asked(reviews, SAFETY)),
        }
        self.meter = ConsoleMeter(self._store, reviews, later=lambda: afterwards(self._desk.counting.last))
        known_series.of_console()
        self._serving = False

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `UserError` where an address is taken. Without a broker, pages show what is kept."""
        listening = listen("LOTSE_CONSOLE_ADDRESS", self._settings.console_address)
        self._answer()
        self._feed.follow()
        for follower in (self._follower, *self._asked.values()):
            follower.start()
        self._greet()
        threading.Thread(target=self._warm, name="console-warm", daemon=True).start()
        serve_until_told(
            console(self._desk, _count, self._lifespan), listening, self._settings.console_proxies, self._stop
        )

    def _warm(self) -> None:
        """Read the catalog's folder before somebody asks for it; what is wrong with it is told to whoever does.

        A full collection walks through all modules and the catalog, a tenth of a second in which nobody is answered: they are left out.
        """
        with suppress(UserError):
            self._desk.folder.words()
        spare_states()

    def _greet(self) -> None:
        base = self._settings.console_url or f"http://{self._settings.console_address}"
        sys.stdout.write(f"the console is at {base}\n")
        if self._accounts.empty():
            sys.stdout.write(f"make the first account, once: {base}/join/{self._accounts.invite(Role.ADMIN)}\n")
        sys.stdout.flush()

    def _reading(self) -> tuple[int | None, str]:
        return self._follower.behind, self._follower.fault

    def _forget(self, keys: Iterable[str]) -> None:
        """Forget members who are erased, wherever their keys lie beside the store."""
        erased = list(keys)
        self._desk.reviews.forget(erased)
        self._desk.own_addresses.forget_members(erased)

    def _asking(self) -> dict[str, str]:
        return {queue: one.fault for queue, one in self._asked.items()}

    def _stop(self) -> None:
        for follower in (self._follower, *self._asked.values()):
            follower.stop()
        self._desk.counting.stop()
        self._desk.trials.stop()

    def _answer(self) -> None:
        """Answer probes and metrics. It is ready while it serves: pages show what is kept where the broker is away."""
        probes = {"live": lambda: True, "ready": lambda: self._serving, "startup": lambda: self._serving}
        serve(self._settings.health_address, REGISTRY, probes, self._facts, self._measure)

    def _facts(self) -> dict[str, object]:
        return {
            "console": self._settings.console_address,
            "behind": self._follower.behind,
            "fault": self._follower.fault,
        }

    def _measure(self) -> None:
        self.meter.show()
        if self._follower.behind is not None:
            CONSOLE_BEHIND.set(self._follower.behind)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._serving = True
        yield
        self._serving = False


def _count(method: str, status: int) -> None:
    child(CONSOLE, method if method in METHODS else "other", str(status)).inc()
