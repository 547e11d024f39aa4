"""The console in a real Chromium: axe on every page in both languages, light and dark, wide and narrow; the questions people ask."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from processors.decisions import Reason
from processors.resources import Bundle
from streams.console.accounts import Role
from streams.console.app import console
from streams.console.backtest_pages import begin
from streams.console.counting import count
from streams.console.reviews import from_alert, from_review
from tests.streams.console.test_catalog_pages import BUNDLE as JOURNEYS
from tests.streams.console.test_catalog_pages import GAP
from tests.streams.console.test_measure_pages import BUNDLE as TRIAL
from tests.streams.console.test_measure_pages import trial
from tests.streams.console.test_reviews import alert, review
from tests.support.accessible import NARROW, SCHEMES, WIDE, both, check, check_in
from tests.support.consoles import NOW, PASSWORD, Operators, decision, event
from tests.support.member_pages import PLAYBOOKS, RESOURCES
from tests.support.openid_provider import CLIENT, SECRET, openid_provider
from tests.support.own_catalog import CARE, WELCOME, own_catalog
from tests.support.processes import tool, wait_until

pytestmark = pytest.mark.integration
OWN = "/playbooks/welcome.start"


class Served(Operators):
    """A console on a port of its own, after some life."""

    base = ""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            folder, Bundle(RESOURCES, PLAYBOOKS), catalog=own_catalog(folder / "own", distress=True), channels="email"
        )
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
        self.accounts.join(self.accounts.invite(Role.ADMIN), "ann", PASSWORD)
        self.accounts.join(self.accounts.invite(Role.SAFETY_REVIEWER), "sam", PASSWORD)
        self.held = next(one for one in made if one.reason is Reason.BUDGET_WEEK)
        self.store.take(
            gaps=[
                (GAP.id, GAP),
                ("town/lost-1", msgspec.structs.replace(GAP, id="town/lost-1", kind="lost", friction=3)),
            ]
        )
        events = [event(5_000 + n, "community.joined", f"town/m{n}") for n in range(120)]
        events += [event(6_000 + n, "post.read", f"town/m{n}") for n in range(90)]
        events += [event(7_000 + n, "post.created", f"town/m{n}", text="words") for n in range(30)]
        more, drawn = trial(200)
        bundle = msgspec.structs.replace(TRIAL, policies=JOURNEYS.policies)
        self.counts.counted = count([*events, *more], drawn, bundle, NOW)
        samples = [review(f"5{n}", queue="sample", kind=kind, detector="x", member="town/zoe", evidence={"thread": "t1", "sides": 2})
                   for n, kind in enumerate(("lost", "overdue", "stuck"))]  # fmt: skip
        taken = [
            from_alert(alert("a1"), NOW, -1, -1),
            from_alert(alert("a2"), NOW + 60, -1, -1),
            from_review(review("b2", kind="heated"), NOW, -1, -1),
        ]
        self.desk.reviews.take([*taken, *(from_review(one, NOW, -1, -1) for one in samples)], {})
        labelled = [from_review(review(f"l{n}", kind="heated"), NOW, -1, -1) for n in range(14)]
        self.desk.reviews.take(labelled, {})
        for n, one in enumerate(labelled):
            self.desk.reviews.answer(one, "wrong" if n % 5 == 0 else "right", "sam")
        self.desk.proposals.add(
            "crisis.offer", CARE.replace("maturity: shadow", "maturity: live"), "stale", "ben", "read and tried"
        )
        self.trial = self._tried(folder)

    def _tried(self, folder: Path) -> str:
        """Backtest a playbook on a small history; return where it is read."""
        history = folder / "history.jsonl"
        row = '{{"ts": "2026-01-{day:02}T10:00:00", "author": "m{n}", "channel": "c", "text": "hello", "kind": "message"}}\n'
        history.write_text("".join(row.format(day=day, n=day % 7) for day in range(5, 25)), encoding="utf-8")
        self.desk.settings = msgspec.structs.replace(self.desk.settings, console_history=str(history))
        file, account = self.desk.folder.file("welcome.start"), self.accounts.account("ann")
        assert file
        assert account
        trial = begin(self.desk, account, file, "file", "28")
        wait_until(lambda: trial.state != "running", 60, "a backtest")
        return f"/playbooks/welcome.start/backtest/{trial.id}"


@contextmanager
def serving(made: Served) -> Iterator[Served]:
    """Serve a console on a port of its own."""
    made.desk.clock = time.time
    made.app = console(made.desk)  # whose limit of requests goes by that clock
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 20, "the console", 0.02)
    made.base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One console for all."""
    with serving(Served(tmp_path_factory.mktemp("console"))) as made:
        yield made


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


def signed_in(
    browser: Browser, served: Served, size: dict[str, int], scheme: str = "light", name: str = "ann"
) -> tuple[Page, list[str]]:
    """A tab that is signed in, and what its policy and scripts complained of."""
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-US")  # type: ignore[arg-type]
    page, errors = context.new_page(), []  # type: ignore[var-annotated]
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None)
    context.add_cookies(
        [
            {
                "name": "lotse_console",
                "value": served.accounts.open_session(served.accounts.account(name)),
                "url": served.base,
            }
        ]
    )  # type: ignore[arg-type]
    return page, errors


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(browser: Browser, served: Served, size: dict[str, int]) -> None:
    """In both languages; nothing breaks the policy. Those of one playbook are looked at light and wide, dark and narrow."""
    member = served.store.ref("town/member-1")
    paths = ["/", "/live", "/live?reason=none&pause=1", "/members", f"/members/{member}", "/noisy", "/playbooks", "/playbooks/onboarding.start",
             "/suggestions", "/system", "/people", "/record", "/nothing", "/catalog", "/catalog/gaps", f"/catalog/gaps/{GAP.id}",
             "/catalog/journeys", "/measures", f"/members/{member}/what-if/{served.held.id}",
             f"/members/{member}/what-if/{served.held.id}?field=budget_week&value=9", "/approvals", "/me", "/playbooks/new", f"{OWN}/edit",
             f"{OWN}/edit?as=yaml", f"{OWN}/try", f"{OWN}/try?channel=thread", f"{OWN}/promote", f"{OWN}/backtest", served.trial, "/playbooks/none/edit"]  # fmt: skip
    page, errors = signed_in(browser, served, size)
    for at, path in enumerate(paths):
        answer = page.goto(f"{served.base}{path}{'&' if '?' in path else '?'}lang={('en', 'de')[at % 2]}")
        assert answer
        assert answer.status == (404 if path in ("/nothing", "/playbooks/none/edit") else 200), path
        check_in(page, *both(size, path, crossed=OWN))
    page.context.close()
    served.accounts.claim("review/a2", "sam", 900)
    page, more = signed_in(browser, served, size, name="sam")
    for at, path in enumerate(("/review", "/review?queue=sample", "/review/a2", "/review/precision", "/review/b2")):
        answer = page.goto(f"{served.base}{path}{'&' if '?' in path else '?'}lang={('de', 'en')[at % 2]}")
        assert answer
        assert answer.status == (403 if path == "/review/b2" else 200), path
        check_in(page, *SCHEMES)
    page.context.close()
    assert errors + more == []


def test_a_review_by_keyboard_alone(browser: Browser, served: Served) -> None:
    """Take it, say why, see whom it is about, say whether it was right; the next is there."""
    page, errors = signed_in(browser, served, WIDE, "light", "sam")
    page.goto(f"{served.base}/review?queue=safety")
    page.get_by_role("button", name="Take it").first.press("Enter")
    expect(page.get_by_text("Hidden until you say why you look.")).to_be_visible()
    expect(page.get_by_text("town/ann")).to_have_count(0)
    page.get_by_label("Why").fill("on duty")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="town/ann")).to_be_visible()
    check(page)
    page.get_by_role("button", name="It was right, and I acted").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
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


def test_a_playbook_is_written_by_keyboard_alone(browser: Browser, served: Served) -> None:
    """What can stand there is offered, what is wrong is said while one writes, and the line is a key away; then the difference."""
    page, errors = signed_in(browser, served, WIDE, "dark")
    page.goto(f"{served.base}{OWN}/edit?as=yaml")
    text = page.get_by_label("The playbook's file")
    text.focus()
    text.fill(WELCOME.replace("owner: team", "onwer: team"))
    expect(page.get_by_text("did you mean owner?")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="line 14").press("Enter")
    expect(text).to_be_focused()
    assert (
        page.evaluate(
            "() => { const text = document.activeElement; return text.value.slice(text.selectionStart, text.selectionEnd); }"
        )
        == "onwer: team"
    )
    page.keyboard.type("owner: te")
    page.keyboard.press("Control+ ")
    option = page.get_by_role("option", name="team", exact=True)
    expect(option).to_be_visible(timeout=20_000)
    check(page)
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible(timeout=20_000)
    page.keyboard.press("End")
    page.keyboard.type("  # still")
    page.get_by_role("button", name="See the difference").press("Enter")
    expect(page.get_by_text("+owner: team  # still")).to_be_visible()
    check(page)
    page.context.close()
    assert errors == []


def test_without_script_a_playbook_is_written_all_the_same(browser: Browser, served: Served) -> None:
    """By the form, which says beside the input what is wrong."""
    context = browser.new_context(viewport=NARROW, locale="en-US", java_script_enabled=False)
    token = served.accounts.open_session(served.accounts.account("ann"))  # type: ignore[arg-type]
    context.add_cookies([{"name": "lotse_console", "value": token, "url": served.base}])
    page = context.new_page()
    page.goto(f"{served.base}{OWN}/edit")
    offered = page.get_by_role("group", name="What it offers").get_by_label("Resource", exact=True)
    offered.fill("first-stepz")
    page.get_by_role("button", name="Check").click()
    expect(offered).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("did you mean first-steps?").first).to_be_visible()
    offered.fill("first-steps")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("All 2 hold")).to_be_visible()
    context.close()


def test_signing_in_at_another_site_ends_signed_in(browser: Browser, tmp_path: Path) -> None:
    """Although the session's cookie is kept from other sites: the way back is through a page of ours."""
    with openid_provider("localhost") as provider:
        made = Operators(
            tmp_path, oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET, oidc_roles="author=editors", oidc_label="Chess Town"
        )  # fmt: skip
        with serving(made) as town:  # type: ignore[arg-type]
            assert made.desk.provider
            made.desk.provider._back = f"{town.base}/sign-in/elsewhere/back"  # its port is known by now
            context = browser.new_context(viewport=NARROW, locale="en-US")
            page = context.new_page()
            page.goto(f"{town.base}/noisy")
            check(page)
            page.get_by_role("link", name="Sign in with Chess Town").press("Enter")
            expect(page.get_by_role("heading", name="Over-triggering")).to_be_visible()
            expect(page.get_by_text("carla")).to_be_visible()
            context.close()
