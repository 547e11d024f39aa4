"""The console in a test: a store that is filled by hand, accounts, and requests without a server."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher

from processors.decisions import Decision, Reason, verdict_of
from processors.events import Event
from processors.ids import digest
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from processors.vocabulary import VOCABULARY
from resource_catalog.loader import SHIPPED
from streams.console.accounts import Accounts, Role
from streams.console.app import console
from streams.console.counting import Counted
from streams.console.desk import COOKIE, Desk
from streams.console.store import Store
from streams.settings import Settings


class Counts:
    """In the place of a process that counts: what a test says was counted."""

    def __init__(self) -> None:
        self.counted: Counted | None = None
        self.fault, self.busy = "", False

    def latest(self) -> Counted | None:
        """Return it."""
        return self.counted

    def stop(self) -> None:
        """Nothing is under way."""


NOW = 1_790_000_000.0  # a Monday
PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
KEY = b"a control key of the tests"


def decision(number: int, member: str = "town/ann", reason: Reason = Reason.SENT, **more: Any) -> Decision:
    """A decision, one second after the one before."""
    fields: dict[str, Any] = {
        "time": NOW + number, "playbook": "welcome", "resource": "first-day", "channel": "in_app", "lane": "proactive", "theme": "onboarding",
        "episode": f"e{number}", "command": digest("command", str(number)) if reason is Reason.SENT else "", **more,
    }  # fmt: skip
    return Decision(digest("decision", str(number)), member, verdict=verdict_of(reason), reason=reason, **fields)


def event(number: int, kind: str, /, member: str = "town/ann", at: float = 0.0, **data: Any) -> Event:
    """An event of a member."""
    return Event(f"event-{number}", kind, member, at or NOW + number, VOCABULARY[kind](**data))


class Operators:
    """A console at `NOW`; somebody of each role can be signed in. `base` is where it is served, where it is."""

    base = ""

    def __init__(
        self,
        folder: Path,
        bundle: Bundle | None = None,
        bound: int = 10_000,
        catalog: Path | None = None,
        **changes: Any,
    ) -> None:
        self.now = NOW + 3600
        self.store = Store(folder / "console.sqlite", bound, "deployment", KEY)
        self.accounts = Accounts(folder / "accounts.sqlite", lambda: self.now, CHEAP)
        self.reading: tuple[int | None, str] = (0, "")
        settings = Settings(
            control_key=KEY.decode(), bootstrap=changes.pop("bootstrap", "127.0.0.1:1"), console_db=folder / "console.sqlite",
            catalog=catalog or SHIPPED, **changes,
        )  # fmt: skip
        compiled = Catalog(bundle) if bundle else None
        self.desk = Desk(
            settings, self.store, self.accounts, lambda: compiled, lambda: self.reading, lambda: self.now, "v1"
        )
        self.counts = Counts()
        self.desk.counting = self.counts  # type: ignore[assignment]
        self.answers: list[tuple[str, int]] = []
        self.app = console(self.desk, lambda *one: self.answers.append(one))
        self.cookie = ""

    def sign_in(self, role: Role = Role.ADMIN, name: str = "") -> str:
        """Make an account of a role and sign in; return its name."""
        name = name or f"{role}-person"
        if self.accounts.account(name) is None:
            self.accounts.join(self.accounts.invite(role), name, PASSWORD)
        account = self.accounts.account(name)
        assert account
        self.cookie = self.accounts.open_session(account)
        return name

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Send a request; none follows a redirect."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=("10.0.0.1", 1))
            cookies = {COOKIE: self.cookie} if self.cookie else {}
            async with httpx.AsyncClient(transport=transport, base_url="http://console", cookies=cookies) as client:
                return await client.request(method, path, **given)

        return asyncio.run(send())

    def get(self, path: str, **given: Any) -> httpx.Response:
        """GET a page."""
        return self.ask("GET", path, **given)

    def post(self, path: str, page: str = "/members", **fields: str) -> httpx.Response:
        """POST a form as a page of this session carries it."""
        found = re.search(r'name="form" value="([^"]+)"', self.get(page).text)
        return self.ask("POST", path, data={"form": found[1] if found else "", **fields})
