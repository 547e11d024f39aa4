"""The console in a real Chromium: axe on every page and state in both languages, light and dark, wide and narrow; what was planted stays text."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from streams.console.accounts import Role
from tests.streams.console.test_catalog_pages import GAP
from tests.support import accessible
from tests.support.accessible import NARROW, SCHEMES, WIDE, Scheme, both
from tests.support.consoles import PASSWORD, Operators, decision
from tests.support.openid_provider import CLIENT, SECRET, openid_provider
from tests.support.own_catalog import WELCOME
from tests.support.served_console import PLANTED, Served, serving

pytestmark = pytest.mark.integration
OWN, PLANTS = "/playbooks/welcome.start", "/playbooks/planted.words"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One console for all."""
    with serving(Served(tmp_path_factory.mktemp("console"))) as made:
        yield made


def signed_in(
    browser: Browser, served: Operators, size: ViewportSize, scheme: Scheme = "light", name: str = "ann"
) -> tuple[Page, list[str]]:
    """A tab that is signed in, and what its policy and scripts complained of."""
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-US")
    page, errors = context.new_page(), []  # type: ignore[var-annotated]
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None)
    page.on("dialog", lambda one: (errors.append(f"a dialog: {one.message}"), one.dismiss()))
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


def check(page: Page) -> None:
    """Hold a page with everything on it opened against axe; nothing planted has become an element."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    accessible.check(page)
    assert page.locator("x-planted").count() == 0, page.url


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(browser: Browser, served: Served, size: ViewportSize) -> None:
    """In both languages; nothing breaks the policy. Those of one playbook, and what was planted, are looked at light and wide, dark and narrow."""
    member, planted = served.store.ref("town/member-1"), served.store.ref(f"town/{PLANTED}")
    paths = ["/", "/live", "/live?reason=none&pause=1", "/members", f"/members/{member}", "/noisy", "/playbooks", "/playbooks/onboarding.start",
             "/suggestions", "/system", "/people", "/record", "/nothing", "/catalog", "/catalog/gaps", f"/catalog/gaps/{GAP.id}",
             "/catalog/journeys", "/measures", f"/members/{member}/what-if/{served.held.id}",
             f"/members/{member}/what-if/{served.held.id}?field=budget_week&value=9", "/approvals", "/me", "/playbooks/new", f"{OWN}/edit",
             f"{OWN}/edit?as=yaml", f"{OWN}/try", f"{OWN}/try?channel=thread", f"{OWN}/promote", f"{OWN}/backtest", served.trial, "/playbooks/none/edit",
             f"/members/{planted}", f"/live?playbook={quote(PLANTED)}&pause=1", PLANTS, f"{PLANTS}/edit", f"{PLANTS}/try", "/system/letters",
             "/catalog/gaps/town/planted"]  # fmt: skip
    crossed = (OWN, PLANTS, f"/members/{planted}", "/live?playbook=", "/system/letters", "/catalog/gaps/town/planted")
    page, errors = signed_in(browser, served, size)
    for at, path in enumerate(paths):
        answer = page.goto(f"{served.base}{path}{'&' if '?' in path else '?'}lang={('en', 'de')[at % 2]}")
        assert answer
        assert answer.status == (404 if path in ("/nothing", "/playbooks/none/edit") else 200), path
        accessible.check_in(page, *both(size, path, crossed=crossed), hold=check)
    page.context.close()
    for item in ("a2", "p1"):
        served.accounts.claim(f"review/{item}", "sam", 900)
    page, more = signed_in(browser, served, size, name="sam")
    for at, path in enumerate(
        ("/review", "/review?queue=sample", "/review/a2", "/review/precision", "/review/b2", "/review/p1")
    ):
        answer = page.goto(f"{served.base}{path}{'&' if '?' in path else '?'}lang={('de', 'en')[at % 2]}")
        assert answer
        assert answer.status == (403 if path == "/review/b2" else 200), path
        accessible.check_in(page, *SCHEMES, hold=check)
    page.context.close()
    assert errors + more == []


def faults(page: Page, served: Operators) -> None:
    """What is wrong in a form is said beside its inputs; then steps instead of one offer; then the difference."""
    page.goto(f"{served.base}{OWN}/edit?lang=de")
    page.get_by_label("Ressource", exact=True).first.fill("first-stepz")
    page.get_by_role("button", name="Prüfen").press("Enter")
    expect(page.get_by_text("did you mean first-steps?").first).to_be_visible()
    check(page)
    page.get_by_label("Ressource", exact=True).first.fill("first-steps")
    page.get_by_role("button", name="Mehrere Schritte daraus machen").press("Enter")
    expect(page.get_by_role("group", name="Schritt 1: first")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Unterschied ansehen").press("Enter")
    expect(page.get_by_text("+  - id: first")).to_be_visible()
    check(page)


def order(page: Page, served: Operators) -> None:
    """What would be stopped is shown before it is."""
    page.goto(f"{served.base}/playbooks?lang=de")
    page.get_by_text("Etwas anhalten").press("Enter")
    page.get_by_label("Playbook", exact=True).select_option("onboarding.start")
    page.get_by_label("Warum").first.fill(PLANTED)
    page.get_by_role("button", name="Ansehen, was es anhielte").press("Enter")
    expect(page.get_by_role("button", name="Jetzt anhalten")).to_be_visible()
    check(page)


def search(page: Page, served: Operators) -> None:
    """Several members, and nobody."""
    for words, said in (("town/m", "town/member-0"), (PLANTED[:9], "x-planted"), ("nobody", "Niemand, dessen Kennung")):
        page.goto(f"{served.base}/members?lang=de")
        page.get_by_label("Mitglied suchen").fill(words)
        page.keyboard.press("Enter")
        expect(page.get_by_text(said).first).to_be_visible()
        check(page)


def refusals(page: Page, served: Operators) -> None:
    """What is not there, not allowed, not understood; a link that was used; a wrong password."""
    for path, status in (
        ("/members/0", 404),
        ("/catalog/gaps/town/none", 404),
        ("/review/none", 404),
        ("/join/none", 404),
        ("/system/letters/x/0/0", 404),
    ):
        answer = page.goto(f"{served.base}{path}?lang=de")
        assert answer
        assert answer.status == status, path
        check(page)
    page.goto(f"{served.base}/join/{served.accounts.invite(Role.VIEWER)}?lang=de")
    page.get_by_label("Name").fill("one of the words")
    page.get_by_label("Passwort").fill("one of the words")
    page.keyboard.press("Enter")
    expect(page.get_by_text("12 bis 256 Zeichen")).to_be_visible()
    check(page)
    page.context.clear_cookies()
    page.goto(f"{served.base}/sign-in?lang=de")
    page.get_by_label("Name").fill(PLANTED)
    page.get_by_label("Passwort").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("gehören nicht zusammen")).to_be_visible()
    check(page)


@pytest.mark.parametrize("state", [faults, order, search, refusals])
def test_every_state_is_accessible(browser: Browser, served: Served, state: Callable[[Page, Operators], None]) -> None:
    """By keyboard, dark and narrow, in German: forms with faults, previews, what was searched for, refusals."""
    page, errors = signed_in(browser, served, NARROW, "dark")
    state(page, served)
    page.context.close()
    assert errors == []


def test_empty_pages_are_accessible(browser: Browser, tmp_path: Path) -> None:
    """Of a console that has seen nothing yet; each says what to do."""
    with serving(Operators(tmp_path)) as empty:
        empty.sign_in(name="ann")
        page, errors = signed_in(browser, empty, NARROW, "light")
        for path in ("/", "/live", "/noisy", "/playbooks", "/approvals", "/suggestions", "/review", "/review/precision", "/catalog", "/catalog/gaps",
                     "/catalog/journeys", "/measures", "/system", "/record"):  # fmt: skip
            page.goto(f"{empty.base}{path}?lang=de")
            check(page)
        page.context.close()
        assert errors == []


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
    expect(page.get_by_role("link", name="town/newcomer")).to_be_visible()
    check(page)
    page.context.close()
    assert errors == []


def test_a_playbook_is_written_by_keyboard_alone(browser: Browser, served: Served) -> None:
    """What can stand there is offered, what is wrong is said while one writes, and the line is a key away; then the difference."""
    page, errors = signed_in(browser, served, WIDE, "dark")
    page.goto(f"{served.base}{OWN}/edit?as=yaml")
    text = page.get_by_label("The playbook's file")
    text.focus()
    text.fill(WELCOME.replace("owner: team", "onwer: team"))
    expect(page.get_by_text("did you mean owner?")).to_be_visible()
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
    expect(option).to_be_visible()
    check(page)
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
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
        with serving(made) as town:
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
