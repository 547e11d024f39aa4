"""Member pages in a test: a small catalog, requests without a server, and what was written."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from starlette.routing import BaseRoute

from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Localised, Playbook, Resource
from sinks.action_tokens import ActionTokens
from streams.pages.app import member_pages
from streams.pages.journal import JournalAwayError
from streams.pages.site import Site
from tests.support.commands import command

NOW = 1_800_000_000.0
TREE = """Answer what fits.

## Is it slow?
- [Yes](#restart-it)
- [No](#all-is-well)

## Restart it
Press the *button*.

## All is well
Nothing to do.
"""
RESOURCES = (
    Resource(
        "first-day", "checklist", "onboarding",
        {
            "en": Localised("Your first day", "Two small steps.", body="- [ ] Say hello\n- [ ] Ask <one> thing"),
            "de": Localised("Dein erster Tag", "Zwei kleine Schritte.", body="- [ ] Sag hallo\n- [ ] Stell eine Frage"),
        },
    ),
    Resource("slow", "decision-tree", "faq", {"en": Localised("Is it slow?", "Find out why.", body=TREE)}),
    Resource("manual", "how-to", "faq", {"en": Localised("The manual", "All of it.", "https://docs.example.org/manual")}),
    Resource("secret", "microguide", "faq", {"en": Localised("For hosts", "Only for hosts.", body="The door is open.")}, private=True),
    Resource("old", "microguide", "faq", {"en": Localised("Old", "Old.")}, expires=NOW - 1),
    Resource("gone", "microguide", "faq", {"en": Localised("Gone", "Gone.")}, retired=True),
    Resource("line", "helpline", "crisis", {"en": Localised("A line", "A line.")}, verified=False),
    Resource("quiet", "microguide", "faq", {"en": Localised("Not listed", "By its address alone.")}, search="never"),
)  # fmt: skip
PLAYBOOKS = (
    Playbook("onboarding.start", "channel.joined", "first-day", "onboarding", kind="onboarding", maturity="live"),
    Playbook("faq.answer", "question.asked", "manual", "faq", kind="questions", maturity="live"),
    Playbook("staff.notice", "question.asked", "manual", "faq", kind="notices", lane="staff", maturity="live"),
    Playbook("never", "question.asked", "manual", "faq", kind="forgotten", maturity="off"),
)
COMMAND = command(id="6f" * 16, kind="onboarding", playbook="onboarding.start", resource="first-day", not_before=NOW)


class Memory:
    """A journal that keeps what is written, or is away."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.away = False

    async def write(self, event: Event) -> None:
        """Keep an event."""
        if self.away:
            raise JournalAwayError
        self.events.append(event)


class Pages:
    """The pages of a made-up deployment; `journal.events` is what was written, `presses` what was counted."""

    def __init__(self, more: Sequence[BaseRoute] = (), resources: Sequence[Resource] = RESOURCES) -> None:
        self.tokens, self.journal, self.now = ActionTokens([b"a key of the tests"]), Memory(), NOW
        self.presses: list[tuple[str, str]] = []
        self.answers: list[tuple[str, int]] = []
        catalog = Catalog(Bundle(tuple(resources), PLAYBOOKS))
        self.site = Site(
            self.tokens,
            self.journal,
            lambda: catalog,
            lambda: self.now,
            lambda *press: self.presses.append(press),
            "v1",
        )
        self.app = member_pages(self.site, more, lambda *answer: self.answers.append(answer))

    def token(self, action: str, **changes: Any) -> str:
        """The token of an action about a command."""
        return self.tokens.offer(
            command(**{**{name: getattr(COMMAND, name) for name in COMMAND.__struct_fields__}, **changes}), action
        )

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Send a request; none follows a redirect."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=("10.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://pages") as client:
                return await client.request(method, path, **given)

        self.now += 1.0  # the allowance recovers
        return asyncio.run(send())

    def get(self, path: str, **given: Any) -> httpx.Response:
        """GET a page."""
        return self.ask("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """POST to a page."""
        return self.ask("POST", path, **given)
