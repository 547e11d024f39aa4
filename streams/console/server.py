"""The process of the console: on this machine alone unless told otherwise."""

import sys
import time

from streams.catalog_feed import CatalogFeed
from streams.codec import Codec
from streams.console.accounts import Accounts, Role, accounts_path
from streams.console.app import console
from streams.console.coverage import ConsoleMeter
from streams.console.desk import Desk
from streams.console.followed import Asked, Story
from streams.console.follower import Follower
from streams.console.store import Store
from streams.settings import Settings
from streams.topics import REVIEW, SAFETY
from streams.web.serving import listen, serve_until_told


class ConsoleServer:
    """Pages on `console_address`; decisions and events are followed into `console_db`, accounts lie in a file beside it."""

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
        self._follower = Follower(settings.bootstrap, Story(self._store, codec, reviews.forget))
        self._asked = {
            "moderation": Follower(settings.bootstrap, Asked(reviews, REVIEW)),
            "safety": Follower(settings.bootstrap, Asked(reviews, SAFETY)),
        }
        self.meter = ConsoleMeter(self._store, reviews)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises `UserError` where the address is taken. Without a broker, pages show what is kept."""
        listening = listen("LOTSE_CONSOLE_ADDRESS", self._settings.console_address)
        self._feed.follow()
        for follower in (self._follower, *self._asked.values()):
            follower.start()
        base = self._settings.console_url or f"http://{self._settings.console_address}"
        sys.stdout.write(f"the console is at {base}\n")
        if self._accounts.empty():
            sys.stdout.write(f"make the first account, once: {base}/join/{self._accounts.invite(Role.ADMIN)}\n")
        sys.stdout.flush()
        serve_until_told(console(self._desk), listening, self._settings.console_proxies, self._stop)

    def _reading(self) -> tuple[int | None, str]:
        return self._follower.behind, self._follower.fault

    def _asking(self) -> dict[str, str]:
        return {queue: one.fault for queue, one in self._asked.items()}

    def _stop(self) -> None:
        for follower in (self._follower, *self._asked.values()):
            follower.stop()
        self._desk.counting.stop()
