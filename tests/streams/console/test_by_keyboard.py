"""What people do at the console, by keys alone: in a real Chromium, on a real broker, each stop of the focus visible and none lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer
from playwright.sync_api import Browser, Locator, Page, expect

from processors.decisions import Reason
from processors.vocabulary import SuggestionAnswer
from streams.catalog.feed import last_published
from streams.catalog.ordering import standing
from streams.catalog.publication import load_or_tell
from streams.catalog.versions import publish_by
from streams.codec import Codec
from streams.console.accounts import Role
from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY, dead_letters
from tests.support.accessible import WIDE
from tests.support.consoles import KEY, PASSWORD, Operators, decision
from tests.support.own_catalog import CARE, own_catalog
from tests.support.processes import wait_until
from tests.support.served_console import serving

pytestmark = pytest.mark.integration
STOPS_MAX = 120  # of the focus on one page
# What has the focus: whether it is seen (in the window, with an outline of 2 px at least), and its name if it is not.
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 1;
  const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return one !== document.body && inside && marked ? '' : `${one.outerHTML.slice(0, 120)} ${style.outline}`;
}"""


class Keys:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self._base = page, base

    def open(self, path: str) -> None:
        """Go to an address, as by a bookmark; then to the content by the skip link, the first stop of each page."""
        self.page.goto(self._base + path)
        self.skip()

    def skip(self) -> None:
        """Jump over the menu."""
        self.tab()
        expect(self.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        self.page.keyboard.press("Enter")

    def tab(self, key: str = "Tab") -> None:
        """Go on to the next stop, which is seen."""
        self.page.keyboard.press(key)
        assert self.page.evaluate(SEEN) == ""

    def to(self, wanted: Locator) -> None:
        """Go on until this has the focus."""
        expect(wanted).to_be_visible()
        for _ in range(STOPS_MAX):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"{wanted} is not reached in {STOPS_MAX} stops")

    def back_to(self, wanted: Locator) -> None:
        """Go back until this has the focus."""
        for _ in range(STOPS_MAX):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.tab("Shift+Tab")
        raise AssertionError(f"{wanted} is not reached in {STOPS_MAX} stops back")

    def press(self, name: str, role: str = "button", key: str = "Enter") -> None:
        """Go to what is called so, and press it."""
        self.to(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
        self.enter(key)

    def enter(self, key: str = "Enter") -> None:
        """Press what has the focus; another page comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, label: str, text: str) -> None:
        """Go to the first input that is called so, and write into it."""
        self.to(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


@pytest.fixture
def town(broker: str, tmp_path: Path) -> Iterator[Operators]:
    """A console of a deployment: a playbook that counts in shadow, one that waits for a second person, suggestions, a dead letter."""
    catalog = own_catalog(tmp_path / "own", distress=True)
    bundle = load_or_tell(catalog).bundle
    made = Operators(tmp_path, bundle, catalog=catalog, bootstrap=broker, partitions=1, channels="email")
    publish_by(made.desk.settings, bundle, "tests", "first")
    for name, role in (("ann", Role.ADMIN), ("sam", Role.SAFETY_REVIEWER), ("ben", Role.VIEWER)):
        made.accounts.join(made.accounts.invite(role), name, PASSWORD)
    waits = {"playbook": "welcome.start", "resource": "first-steps", "until": 4e9}
    made.store.take([decision(n, f"town/m{n}", Reason.SUGGESTION_WAITS, **waits) for n in range(3)])
    made.store.take([decision(9, "town/m9", Reason.SHADOW, playbook="welcome.start", resource="first-steps")])
    known = made.desk.folder.text("crisis.offer")
    assert known
    further = CARE.replace("maturity: shadow", "maturity: live")
    made.desk.proposals.add("crisis.offer", further, known.base, "ann", "texts are reviewed")
    with closing(KafkaProducer(bootstrap_servers=broker, acks="all")) as producer:
        producer.send(
            dead_letters(ACTIVITY), key=b"town/m1", value=b"{no json", headers=[("lotse-reason", b"json")]
        ).get(20)
    with serving(made):
        yield made


@pytest.fixture
def page(browser: Browser) -> Page:
    """A tab into which nothing but keys goes."""
    context = browser.new_context(viewport=WIDE, locale="en-US", color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(30_000)
    return context.new_page()


def test_an_operators_day_by_keys_alone(town: Operators, page: Page) -> None:
    """From signing in to signing out as somebody else: one session, for a browser is dear."""
    keys = Keys(page, town.base)
    sign_in(keys, "ann")
    languages_and_schemes(keys)
    stop_and_go_on(keys, town)
    promote(keys, town)
    people(keys, town)
    letters(keys)
    live(keys, town)
    editor(keys)
    page.goto(f"{town.base}/")
    keys.press("Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(keys, "sam")
    approve(keys, town)
    suggestions(keys, town)


def sign_in(keys: Keys, name: str) -> None:
    """By name and password; Enter sends the form."""
    keys.open("/")
    keys.write("Name", name)
    keys.write("Password", PASSWORD)
    keys.enter()
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Overview")


def languages_and_schemes(keys: Keys) -> None:
    """To German and back by the links of the menu; the colours are those that the system asks for, with a focus that is seen in both."""
    page = keys.page
    back = "document.documentElement && getComputedStyle(document.body).backgroundColor"
    keys.press("Deutsch", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Überblick")
    light = page.evaluate(back)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(back) != light
    keys.press("English", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.emulate_media(color_scheme="light")


def stop_and_go_on(keys: Keys, town: Operators) -> None:
    """A silence with its preview, then the kill switch; both are taken back."""
    page = keys.page
    for kind in ("silence", "kill_switch"):
        keys.open("/playbooks")
        keys.to(page.locator("summary"))
        page.keyboard.press("Space" if kind == "silence" else "Enter")
        keys.to(page.get_by_label("What", exact=True))
        if kind == "kill_switch":
            page.keyboard.press("ArrowDown")
        else:
            keys.to(page.get_by_label("Playbook", exact=True))
            page.keyboard.type("welcome")
        keys.to(page.locator("#reason"))
        page.keyboard.type(f"by keys, {kind}")
        keys.press("See what it would stop")
        expect(page.get_by_text("would have stopped")).to_be_visible()
        keys.skip()
        keys.press("Stop it now")
        expect(page.get_by_text(f"by keys, {kind}")).to_be_visible()
    assert {(one.kind, one.playbook) for one in standing(town.desk.settings)} == {
        ("silence", "welcome.start"), ("kill_switch", "*"),
    }  # fmt: skip
    for left in (1, 0):
        keys.open("/playbooks")
        keys.write("Why", "over")
        keys.press("Take it back")
        expect(page.get_by_role("button", name="Take it back")).to_have_count(left)


def promote(keys: Keys, town: Operators) -> None:
    """From shadow to live: what is known, the difference, the reason."""
    page = keys.page
    keys.open("/playbooks/welcome.start/promote")
    keys.to(page.get_by_label("How far", exact=True))
    page.keyboard.type("live")
    keys.press("Look at it first")
    expect(page.get_by_text("+maturity: live")).to_be_visible()
    keys.skip()
    keys.write("Why", "it counted well")
    keys.press("Do it")
    expect(page.get_by_role("heading", level=1)).to_have_text("welcome.start")
    assert maturity(town, "welcome.start") == "live"


def maturity(town: Operators, name: str) -> str:
    """How far a playbook is let go, as published."""
    bundle = last_published(town.desk.settings.bootstrap)
    assert bundle
    return next(one.maturity for one in bundle.playbooks if one.id == name)


def people(keys: Keys, town: Operators) -> None:
    """Somebody is invited, gets another role, is shut out."""
    page = keys.page
    keys.open("/people")
    keys.to(page.get_by_label("Role", exact=True))
    page.keyboard.press("ArrowDown")
    keys.press("Invite")
    expect(page.get_by_text("Give this link to one person:")).to_be_visible()
    keys.open("/people")
    keys.to(page.get_by_label("Role: ben"))
    page.keyboard.press("ArrowDown")
    keys.press("Change: ben")
    expect(page.get_by_label("Role: ben")).to_have_value("author")
    keys.skip()
    keys.press("Shut out: ben")
    expect(page.get_by_text("(shut out)")).to_be_visible()
    ben = town.accounts.account("ben")
    assert ben
    assert (ben.role, ben.off) == (Role.AUTHOR, True)


def letters(keys: Keys) -> None:
    """One is opened, its content shown for a reason; then what can be read by now is written back."""
    page = keys.page
    keys.open("/system/letters")
    keys.to(page.locator("tbody a").first)
    keys.enter()
    keys.skip()
    keys.write("Why", "a producer asks")
    keys.enter()
    expect(page.get_by_text("{no json")).to_be_visible()
    keys.open("/system/letters")
    keys.press("Write back what can be read by now")
    expect(page.get_by_role("heading", level=1)).to_have_text("System")


def live(keys: Keys, town: Operators) -> None:
    """What comes anew leaves the focus where it is: inside the stream nothing moves, outside the stream goes on."""
    page = keys.page
    keys.open("/live")
    inside = page.get_by_role("link", name="town/m9")
    keys.to(inside)
    page.evaluate("window.turns = 0; document.addEventListener('htmx:beforeRequest', () => { window.turns += 1; })")
    town.store.take([decision(7_000, "town/newcomer")])
    wait_until(
        lambda: page.evaluate("window.turns") >= 1, 30, "a turn at which the stream would be brought up to date", 0.2
    )
    expect(inside).to_be_focused()
    expect(page.get_by_role("link", name="town/newcomer")).to_have_count(0)
    stop = page.get_by_role("link", name="Pause")
    keys.back_to(stop)
    expect(page.get_by_role("link", name="town/newcomer")).to_be_visible()
    expect(stop).to_be_focused()
    keys.enter()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()


def editor(keys: Keys) -> None:
    """What may stand there is offered and sent away by Escape; Tab leads out of the text."""
    page = keys.page
    keys.open("/playbooks/welcome.start/edit?as=yaml")
    text = page.get_by_label("The playbook's file")
    keys.to(text)
    page.keyboard.press("Control+End")
    page.keyboard.type("\nlim")
    page.keyboard.press("Control+ ")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(text).to_be_focused()
    keys.tab()
    expect(text).not_to_be_focused()


def approve(keys: Keys, town: Operators) -> None:
    """A second person looks at what the first wants to let go, and lets it."""
    keys.open("/approvals")
    keys.press("Approve and publish", key="Space")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("crisis.offer")
    assert maturity(town, "crisis.offer") == "live"


def suggestions(keys: Keys, town: Operators) -> None:
    """One goes as it is, one in other words, one not at all."""
    page, answers = keys.page, ("Send as it was", "Send in these words", "Do not send")
    for answer in answers:
        keys.open("/suggestions")
        keys.press("Take it")
        expect(page.get_by_role("button", name=answer)).to_be_visible()
        if answer == "Send in these words":
            keys.write("What it says", "Two small steps, whenever you like.")
        keys.press(answer)
        expect(page.get_by_text("sam has answered it").last).to_be_visible()
        expect(page.get_by_role("button", name=answer)).to_be_hidden()
    codec = Codec(KEY)
    told = [
        codec.decode(one.key, one.value)
        for one in read_topic(town.desk.settings.bootstrap, ACTIVITY)
        if b"@" not in one.key
    ]
    given = [(one.type, one.data.text) for one in told if isinstance(one.data, SuggestionAnswer)]
    assert given == [
        ("suggestion.sent", ""), ("suggestion.edited", "Two small steps, whenever you like."), ("suggestion.dropped", ""),
    ]  # fmt: skip
