"""Pages and the in-app script in a real Chromium: keyboard, screen reader's rules (axe), both languages, a dead server."""

import gzip
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from streams.web.files import STATIC
from tests.support.accessible import NARROW, SCHEMES, WIDE, check, check_in
from tests.support.inbox_town import InboxTown, member_token
from tests.support.processes import wait_until

pytestmark = pytest.mark.integration
SCRIPT_MAX = 12 * 1024  # bytes, packed


@pytest.fixture
def town(redis_url: str) -> Iterator[InboxTown]:
    """A town with a running inbox of its own."""
    with InboxTown(redis_url, f"tests-{uuid.uuid4()}").running() as town:
        yield town


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own, which must end without an error of ours."""
    context = browser.new_context(viewport=WIDE, locale="en-US")
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on(
        "console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield tab
    context.close()
    assert errors == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(browser: Browser, town: InboxTown, size: ViewportSize) -> None:
    """In both languages, light and dark, wide and narrow."""
    paths = [
        "/guide", "/guide?q=day", "/guide?q=zebra", "/guide/first-day", "/guide/first-day/say-hello", "/guide/slow", "/guide/slow/restart-it",
        "/guide/manual", "/guide/nothing", f"/a/{town.token('stop_kind')}", f"/a/{town.token('stop_all')}", "/a/forged",
        f"/preferences/{town.token('preferences')}", f"/survey/{town.token('survey')}",
    ]  # fmt: skip
    context = browser.new_context(viewport=size)
    page = context.new_page()
    for path in paths:
        for language in ("en", "de"):
            town.now += 1
            page.goto(f"{town.base}{path}{'&' if '?' in path else '?'}lang={language}")
            check_in(page, *SCHEMES)
    context.close()


def test_a_press_needs_no_script_and_no_mouse(page: Page, town: InboxTown) -> None:
    """The keyboard reaches the button first after the header; the page then says that it is done, and where to change it."""
    page.goto(f"{town.base}/a/{town.token('stop_kind')}")
    page.get_by_role("button", name="Stop this kind of message").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("no more messages of this kind")
    check(page)
    page.get_by_role("link", name="Choose what you get, and when").click()
    page.get_by_label("Once a week, together").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    check(page)
    page.get_by_role("button", name="Stop: First steps").click()
    expect(page.get_by_role("status")).to_contain_text("Stopped: First steps")
    assert [event.type for event in town.journal.events] == [
        "outcome.opted_out",
        "preference.time_chosen",
        "preference.opted_out",
    ]


def test_the_first_tab_leads_past_the_header(page: Page, town: InboxTown) -> None:
    """A skip link that is seen when it has the focus."""
    page.goto(f"{town.base}/guide")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    assert skip.evaluate("one => one.getBoundingClientRect().left >= 0")


def test_the_script_is_small() -> None:
    """Packed as servers send it."""
    assert len(gzip.compress((STATIC / "inbox.js").read_bytes(), 9)) <= SCRIPT_MAX


def test_nothing_is_shown_where_nothing_is_there(page: Page, town: InboxTown) -> None:
    """Not even the button."""
    with page.expect_response("**/inbox/stream*"):
        page.goto(town.page)
    expect(page.get_by_role("button", name="Open what is here for you")).to_be_hidden()
    check(page)


def test_the_widget_by_keyboard_alone(page: Page, town: InboxTown) -> None:
    """Under a policy that allows neither inline style nor script nor markup from text: open, why, steps, helpful, close."""
    one = town.put(1, title="Your <b>first</b> day", because="you just joined")
    page.goto(town.page)
    launch = page.get_by_role("button", name="Open what is here for you (1 new)")
    launch.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="For you")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Your <b>first</b> day")
    expect(panel).to_contain_text("You see this because you just joined")
    check(page)
    page.get_by_role("button", name="Show the steps").press("Enter")
    box = page.get_by_role("checkbox", name="Say hello")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(panel).to_contain_text("1 of 2 done")
    check(page)
    page.get_by_role("button", name="Helpful", exact=True).press("Enter")
    expect(panel).to_contain_text("Thank you.")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Open what is here for you")).to_be_focused()
    wait_until(lambda: len(town.journal.events) == 2, 10, "seen and helpful are written")
    assert [event.id for event in town.journal.events] == [town.press(one, "seen"), town.press(one, "helpful")]
    page.reload()
    page.get_by_role("button", name="Open what is here for you").click()
    page.get_by_role("button", name="Show the steps").click()
    expect(page.get_by_role("checkbox", name="Say hello")).to_be_checked()


def test_a_pause_makes_it_quiet(page: Page, town: InboxTown) -> None:
    """All items go, in the browser and on the server; a screen reader is told."""
    one = town.put(1)
    town.put(2)
    page.goto(town.page)
    page.get_by_role("button", name="Open what is here for you").click()
    card = page.locator("article").filter(has_text="A guide").first
    card.get_by_role("button", name="More choices").click()
    check(page)
    card.get_by_role("button", name="Pause 7 days").click()
    expect(page.get_by_role("dialog", name="For you")).to_contain_text("Nothing new.")
    expect(page.locator("lotse-inbox p[role=status].hidden")).to_have_text("Done. It will be quiet now.")
    assert town.types() == ["outcome.snoozed"]
    assert town.press(one, "snooze_7d") in [event.id for event in town.journal.events]
    page.get_by_role("button", name="Close").click()
    assert town.store(lambda inbox: inbox.items("town/ann", town.now)) == []


def test_a_banner_is_dismissed_by_escape(page: Page, town: InboxTown) -> None:
    """What is urgent stands above the page; it is one of several landmarks, and what is behind stays usable."""
    one = town.put(1, priority="urgent", title="The event begins")
    page.goto(town.page)
    banner = page.get_by_role("region", name="Notice")
    expect(banner).to_contain_text("The event begins")
    check(page)
    banner.get_by_role("button", name="Dismiss").focus()
    page.keyboard.press("Escape")
    expect(banner).to_be_hidden()
    wait_until(lambda: town.press(one, "dismissed") in [event.id for event in town.journal.events], 10, "it is written")


def test_a_tooltip_stands_beside_its_anchor(page: Page, town: InboxTown) -> None:
    """Within the window, and gone with what it points at."""
    town.put(1, resource="slow", title="Host your first event?")
    page.goto(town.page)
    tip, host = page.get_by_role("region", name="Tip"), page.locator("#host")
    expect(tip).to_contain_text("Host your first event?")
    beside = tip.bounding_box(), host.bounding_box()
    assert beside[0] and beside[1]  # noqa: PT018
    assert 0 <= beside[0]["y"] - (beside[1]["y"] + beside[1]["height"]) <= 20
    check(page)
    tip.get_by_role("button", name="Show the steps").click()
    tip.get_by_role("button", name="Yes").click()
    expect(tip.get_by_role("heading", name="Restart it")).to_be_focused()
    expect(tip).to_contain_text("Press the button.")
    tip.get_by_role("button", name="Start over").click()
    expect(tip.get_by_role("heading", name="Is it slow?")).to_be_focused()
    host.evaluate("one => { one.remove(); dispatchEvent(new Event('resize')); }")
    expect(tip).to_be_hidden()


def test_what_is_recalled_vanishes_while_it_is_looked_at(page: Page, town: InboxTown) -> None:
    """From widget and banner, without a reload; what is pinned in the place stays until its own end."""
    pinned = town.put(1, channel="pinned", target="town/#general", member="town/zoe", title="Values")
    banner = town.put(2, priority="high", title="Begins soon")
    card = town.put(3, title="A card")
    page.goto(town.page)
    page.get_by_role("button", name="Open what is here for you").click()
    panel = page.get_by_role("dialog", name="For you")
    for text in ("A card", "Values", "Good to know"):
        expect(panel).to_contain_text(text)
    check(page)
    town.withdraw(card)
    expect(panel).not_to_contain_text("A card")
    town.withdraw(banner)
    expect(page.get_by_role("region", name="Notice")).to_be_hidden()
    expect(panel).to_contain_text("Values")
    town.withdraw(pinned)
    expect(panel).not_to_contain_text("Values")
    town.put(4, title="Fresh news")
    expect(page.locator("lotse-inbox p[role=status].hidden")).to_have_text("New for you: Fresh news")


def test_it_speaks_german_where_the_page_does(redis_url: str, browser: Browser) -> None:
    """By the page's language, not the browser's."""
    with InboxTown(redis_url, f"tests-{uuid.uuid4()}").running("de") as town:
        town.put(1, locale="de", title="Dein erster Tag", because="du gerade beigetreten bist")
        context = browser.new_context(viewport=NARROW, color_scheme="dark", reduced_motion="reduce", locale="en-US")
        page = context.new_page()
        page.goto(town.page)
        page.get_by_role("button", name="Öffnen, was für dich da ist (1 neu)").click()
        panel = page.get_by_role("dialog", name="Für dich")
        expect(panel).to_contain_text("Du siehst das, weil du gerade beigetreten bist")
        assert panel.evaluate("one => getComputedStyle(one).animationName") == "none"
        page.get_by_role("button", name="Schritte zeigen").click()
        expect(page.get_by_role("checkbox", name="Sag hallo")).to_be_focused()
        check(page)
        context.close()


def test_a_dead_server_is_not_noticed(page: Page, redis_url: str) -> None:
    """Neither when the script cannot be had, nor when the inbox does not answer: the page is as it was, without an error."""
    town = InboxTown(redis_url, "dead")
    with town.platform_alone():
        page.goto(town.page)
        expect(page.get_by_role("heading", name="The town")).to_be_visible()
        assert page.locator("lotse-inbox").count() == 0


def test_an_inbox_that_goes_away_says_so_only_to_who_presses(page: Page, town: InboxTown) -> None:
    """What was shown stays; a press that is not saved is told, and may be made again."""
    town.put(1)
    page.goto(town.page)
    page.get_by_role("button", name="Open what is here for you").click()
    page.route("**/inbox/**", lambda route: route.abort())
    page.get_by_role("button", name="Not helpful").click()
    expect(page.locator("article")).to_contain_text("That was not saved. Please try again.")
    page.get_by_role("button", name="Show the steps").click()
    expect(page.locator("article")).to_contain_text("The steps cannot be shown just now.")
    page.unroute("**/inbox/**")
    page.get_by_role("button", name="Not helpful").click()
    expect(page.get_by_role("dialog", name="For you")).to_contain_text("Nothing new.")
    assert town.types() == ["outcome.not_helpful"]


def test_a_token_that_has_expired_is_fetched_anew(page: Page, town: InboxTown) -> None:
    """Once; a platform that does not know its member any more shows nothing."""
    given: list[str] = []

    def token() -> str:
        given.append(member_token(now=town.now, ends=-1000.0 if not given else 600.0))
        return given[-1]

    town.members_token = token
    town.put(1)
    page.goto(town.page)
    expect(page.get_by_role("button", name="Open what is here for you (1 new)")).to_be_visible()
    assert len(given) == 2
