"""German pages: no English but what says that it is; faults that pages show are told in German."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from processors.decisions import Reason
from processors.playbooks.resources import Bundle
from streams.console.accounts import Role
from streams.console.told_faults import told
from streams.console.words import WORDS
from streams.errors import UserError
from streams.servers.log_reader import unreachable
from tests.streams.console.test_catalog_pages import GAP
from tests.support.consoles import NOW, Operators, decision, event
from tests.support.member_pages import PLAYBOOKS, RESOURCES
from tests.support.own_catalog import own_catalog

ENGLISH = re.compile(
    r"\b(the|is|are|were|with|not|of|and|this|that|it|has|have|been|for|which|nobody|expected|found|later|less)\b"
)
OURS = frozenset({"code", "pre", "textarea", "script", "datalist"})  # commands and files
EMPTY = frozenset({"br", "img", "input", "meta", "link"})
OWN = "/playbooks/welcome.start"
PATHS = ("/", "/live", "/members", "/noisy", "/playbooks", "/playbooks/onboarding.start", "/suggestions", "/approvals", "/system", "/system/letters", "/people",
         "/record", "/nothing", "/catalog", "/catalog/gaps", f"/catalog/gaps/{GAP.id}", "/catalog/journeys", "/measures", "/me", "/playbooks/new", f"{OWN}/edit",
         f"{OWN}/edit?as=yaml", f"{OWN}/try", f"{OWN}/promote", f"{OWN}/backtest", "/review", "/review/precision")  # fmt: skip


class Said(HTMLParser):
    """The German that a page says, and reads out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._left_out: list[bool] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is read out."""
        given = dict(attrs)
        if not any(self._left_out):
            self.texts += [value for name in ("aria-label", "placeholder", "title") if (value := given.get(name))]
        if tag not in EMPTY:
            self._left_out.append(tag in OURS or given.get("lang") == "en")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is read out of an element that holds nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, _tag: str) -> None:
        """Go on after an element."""
        self._left_out.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not any(self._left_out):
            self.texts.append(data.strip())


def test_german_pages_say_nothing_in_english(tmp_path: Path) -> None:
    """Whatever they show, with the broker away too; content is in the words of its authors."""
    made = Operators(tmp_path, Bundle(RESOURCES, PLAYBOOKS), catalog=own_catalog(tmp_path / "own"))
    made.store.take(
        [
            decision(1),
            decision(2, playbook="onboarding.start"),
            decision(4, reason=Reason.COOLDOWN_THEME, needed="7200 s later"),
        ],
        [event(3, "post.read")],
        gaps=[(GAP.id, GAP)],
    )
    made.sign_in(Role.ADMIN)
    member = f"/members/{made.store.ref('town/ann')}"
    for path in (*PATHS, member):
        made.now += 10  # the limit of requests recovers
        page = made.get(f"{path}{'&' if '?' in path else '?'}lang=de").text
        said = [one for one in Said(page).texts if ENGLISH.search(one)]
        assert said == [], path
    assert made.now > NOW


@pytest.mark.parametrize(
    ("fault", "german"),
    [
        (unreachable("kafka:9092", OSError()), "Unter kafka:9092 antwortet kein Broker (OSError). Läuft er, stimmt LOTSE_BOOTSTRAP?"),
        (UserError("<b> is at it already; nothing was done"), "<b> ist schon dabei. Nichts wurde getan."),
        (UserError("reason: say why, in 1 to 300 characters"), "Sagen Sie, warum, in 1 bis 300 Zeichen."),
    ],
)  # fmt: skip
def test_faults_are_told_in_german(fault: UserError, german: str) -> None:
    """With what they name; a page escapes it."""
    assert told(str(fault), WORDS["de"]) == german
    assert told(str(fault), WORDS["en"]) == str(fault)


def test_what_has_no_german_says_that_it_is_english() -> None:
    """To screen readers; and stays text."""
    assert told("if: <img>", WORDS["de"]) == '<span lang="en">if: &lt;img&gt;</span>'
