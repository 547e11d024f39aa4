"""The console in a real Chromium: axe on every page in both languages, light and dark, wide and narrow; the questions people ask."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from processors.decisions import Reason
from processors.resources import Bundle
from tests.support.consoles import PASSWORD, Operators, decision, event
from tests.support.member_pages import PLAYBOOKS, RESOURCES
from tests.support.processes import tool

pytestmark = pytest.mark.integration
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
}
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Served(Operators):
    """A console on a port of its own, after some life."""

    base = ""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, Bundle(RESOURCES, PLAYBOOKS))
        playbooks, reasons = (
            ("onboarding.start", "faq.answer"),
            (Reason.SENT, Reason.BUDGET_WEEK, Reason.HOLDOUT, Reason.QUIET_HOURS_HOLD),
        )
        made = [
            decision(n * 700, f"town/member-{n % 7}", reasons[n % 4], playbook=playbooks[n % 2], needed="budget_week > 2" if n % 4 == 1 else "",
                     stages=("consent", "budget"), values={"week": n % 3})
            for n in range(120)
        ]  # fmt: skip
        self.store.take(made, [event(n, "post.created", f"town/member-{n % 7}", text="words") for n in range(30)])
        sent = [one for one in made if one.command]
        self.store.take(
            events=[
                event(500 + n, "outcome.dismissed", one.member, at=one.time + 60, command=one.command)
                for n, one in enumerate(sent[:9])
            ]
        )
        self.accounts.join(self.accounts.invite("admin"), "ann", PASSWORD)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One console for all."""
    made = Served(tmp_path_factory.mktemp("console"))
    made.desk.clock = time.time
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    made.base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    path = next((one for one in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(one).exists()), "") or tool(
        "chromium"
    )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


def signed_in(browser: Browser, served: Served, size: dict[str, int], scheme: str) -> tuple[Page, list[str]]:
    """A tab that is signed in, and what its policy and scripts complained of."""
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-US")  # type: ignore[arg-type]
    page, errors = context.new_page(), []  # type: ignore[var-annotated]
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None)
    context.add_cookies(
        [
            {
                "name": "lotse_console",
                "value": served.accounts.open_session(served.accounts.account("ann")),
                "url": served.base,
            }
        ]
    )  # type: ignore[arg-type]
    return page, errors


def check(page: Page) -> None:
    """Hold a page against axe, and against a sideways scroll."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(browser: Browser, served: Served, scheme: str, size: dict[str, int]) -> None:
    """In both languages; nothing breaks the policy."""
    member = served.store.ref("town/member-1")
    paths = ["/", "/live", "/live?reason=none&pause=1", "/members", f"/members/{member}", "/noisy", "/playbooks", "/playbooks/onboarding.start",
             "/suggestions", "/system", "/people", "/record", "/nothing"]  # fmt: skip
    page, errors = signed_in(browser, served, size, scheme)
    for at, path in enumerate(paths):
        page.goto(f"{served.base}{path}{'&' if '?' in path else '?'}lang={('en', 'de')[at % 2]}")
        check(page)
    page.context.close()
    assert errors == []


def test_why_by_keyboard_alone(browser: Browser, served: Served) -> None:
    """Sign in, find a member, read why they got this and not that; then what is too noisy."""
    context = browser.new_context(viewport=WIDE, locale="en-US")
    page = context.new_page()
    page.goto(f"{served.base}/members")
    check(page)
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Find a member").fill("member-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("town/member-1")
    expect(page.get_by_text("as much as is allowed in a week").first).to_be_visible()
    page.get_by_text("How this was decided").first.press("Enter")
    expect(page.get_by_text("Passed, one after the other").first).to_be_visible()
    check(page)
    page.get_by_role("link", name="Over-triggering").press("Enter")
    expect(page.get_by_role("heading", name="Noisiest playbooks")).to_be_visible()
    context.close()


def test_new_decisions_appear_by_themselves(browser: Browser, served: Served) -> None:
    """While the page is looked at, and not once it is paused."""
    page, errors = signed_in(browser, served, WIDE, "light")
    page.goto(f"{served.base}/live")
    served.store.take([decision(900_000, "town/newcomer")])
    expect(page.get_by_role("link", name="town/newcomer")).to_be_visible(timeout=20_000)
    page.context.close()
    assert errors == []
