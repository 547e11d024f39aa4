"""The catalog as people look at it: health, what is missing with a draft to go on with, and where journeys end."""

from html import escape
from pathlib import Path

import msgspec
import orjson
import pytest

from processors.community.content_gaps import Gap
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.resources import Bundle, Policy
from resource_catalog.loader import load
from streams.console.accounts import Role
from streams.console.counting import count
from tests.support.consoles import NOW, Operators, decision, event
from tests.support.stories import playbook, resource

PATH = Journey("setup", ("community.joined",), (Step("read", ("post.read",), title="Read the guide"), Step("say", ("post.created",), title="Say hello")), title="Setting up")  # fmt: skip
BUNDLE = Bundle((resource("guide", owner=""), resource("gone", expires=NOW - 1)), (playbook(),), {"*": Policy(journeys=(PATH,))})  # fmt: skip
GAP = Gap("town/asked-7", "town", "asked", NOW, int(NOW), asks=9, members=5, week=4, before=1, friction=9, threads=("t1", "t2"), about="labels")  # fmt: skip


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console with two open gaps, one that was closed, and a catalog in need of a look."""
    made = Operators(tmp_path, BUNDLE)
    small = msgspec.structs.replace(GAP, id="town/lost-x y/z", kind="lost", friction=2, about="<b>&")
    made.store.take(gaps=[(GAP.id, GAP), (small.id, small), ("town/asked-1", GAP)])
    made.store.take(gaps=[("town/asked-1", msgspec.structs.replace(GAP, closed=True))])
    made.sign_in(Role.VIEWER)
    return made


def test_health_as_on_the_command_line(operators: Operators) -> None:
    """The gravest first; and as files."""
    page = operators.get("/catalog").text
    assert "is not sent any more" in page or "expired" in page
    rows = orjson.loads(operators.get("/catalog?format=json").content)
    assert {row["check"] for row in rows} >= {"expired", "unowned"}
    assert [row["level"] for row in rows] == sorted(
        (row["level"] for row in rows), key=["error", "warning", "note"].index
    )


def test_what_is_amiss_alike_is_one_row_in_the_language_of_the_page(operators: Operators) -> None:
    """Signals that nothing answers stand together; a German page has no English finding."""
    english, german = (operators.get(f"/catalog?lang={one}").text for one in ("en", "de"))
    rows = orjson.loads(operators.get("/catalog?format=json").content)
    assert sum(row["message"].startswith("no playbook answers") for row in rows) > 5
    assert english.count("no playbook answers this signal") == 1
    assert german.count("kein Playbook antwortet auf dieses Signal") == 1
    assert "signal asked_again, signal asked_by_many" in german
    assert [row["message"] for row in rows if escape(row["message"]) in german] == []


def test_use_is_told_once_it_is_counted(operators: Operators) -> None:
    """What was sent often and never opened."""
    sent = [decision(number, resource="guide", playbook="play") for number in range(12)]
    told = [event(number, "outcome.dismissed", command=one.command) for number, one in enumerate(sent)]
    assert "never-helpful" not in operators.get("/catalog").text
    operators.counts.counted = count(told, sent, BUNDLE, NOW)
    assert "never-helpful" in operators.get("/catalog").text


def test_gaps_lead_to_a_draft(operators: Operators) -> None:
    """The most needed first; the draft is a resource that loads as it is; a closed gap is said to be closed."""
    page = operators.get("/catalog/gaps").text
    assert page.index("labels") < page.index("&lt;b&gt;&amp;")
    assert [row["id"] for row in orjson.loads(operators.get("/catalog/gaps?format=json").content)] == [
        GAP.id,
        "town/lost-x y/z",
    ]
    for path in ("/catalog/gaps/town/asked-7", "/catalog/gaps/town/lost-x%20y/z"):
        assert "TODO" in operators.get(path).text
        file = operators.get(f"{path}?format=md")
        assert file.headers["content-type"].startswith("text/markdown")
        assert "attachment" in file.headers["content-disposition"]
        assert file.text.startswith("---\ntitle:")
    assert operators.get("/catalog/gaps/town/asked-1").status_code == 404
    assert "closed" in operators.get("/catalog/gaps/town/asked-1").text


def test_before_a_gap_opens_it_is_said_what_may_become_one(tmp_path: Path) -> None:
    """Up to when the log is read, and where questions pile up that a resource might have answered; also as files."""
    made = Operators(tmp_path, BUNDLE)
    made.sign_in(Role.VIEWER)
    asks = [
        ("unanswered", "help"),
        ("unanswered", "help"),
        ("asked_again", "help"),
        ("unanswered", ""),
        ("answered", "help"),
    ]
    told = [
        event(number, "signal", f"town/m{number}", kind=kind, episode=f"e{number}", score=9.0, evidence={"channel": channel, "hours": 24})
        for number, (kind, channel) in enumerate(asks)
    ]  # fmt: skip
    made.store.take([decision(9)], told)
    page = made.get("/catalog/gaps").text
    assert "No gap is open." in page
    assert "The log is read up to 2026-09-21" in page
    rows = orjson.loads(made.get("/catalog/gaps?of=needs&format=json").content)
    assert rows == [
        {"community": "town", "place": "help", "kind": "unanswered", "count": 2},
        {"community": "town", "place": "", "kind": "unanswered", "count": 1},
        {"community": "town", "place": "help", "kind": "asked_again", "count": 1},
    ]
    assert "Asked again by the same member" in page
    assert "Vom selben Mitglied noch einmal gestellt" in made.get("/catalog/gaps?lang=de").text


def test_a_draft_loads(operators: Operators, tmp_path: Path) -> None:
    """As a file of a catalog's folder."""
    folder = tmp_path / "catalog" / "resources"
    folder.mkdir(parents=True)
    (folder / "labels.en.md").write_text(operators.get("/catalog/gaps/town/asked-7?format=md").text, encoding="utf-8")
    assert "labels" in {one.id for one in load(tmp_path / "catalog").bundle.resources}


def test_journeys_show_where_people_stop(operators: Operators) -> None:
    """As funnels; before the first count it is said that it is under way, or why it could not be."""
    operators.counts.busy = True
    assert "being counted" in operators.get("/catalog/journeys").text
    operators.counts.busy, operators.counts.fault = False, "no broker answers at <b>"
    assert "could not be counted: no broker answers at &lt;b&gt;" in operators.get("/catalog/journeys").text
    operators.counts.fault = ""
    events = [event(number, "community.joined", f"town/m{number}") for number in range(4)]
    events += [event(10 + number, "post.read", f"town/m{number}") for number in range(3)]
    events += [
        event(20, "post.created", "town/m0", text="words"),
        event(30, "presence.seen", "town/m9", at=NOW + 30 * 86400),
    ]
    operators.counts.counted = count(events, [], BUNDLE, NOW)
    page = operators.get("/catalog/journeys").text
    assert "4 begun by 4 members, 1 finished" in page
    assert "Most stop at: Say hello" in page
    german = operators.get("/catalog/journeys?lang=de").text
    assert "Die meisten bleiben stehen bei: Say hello" in german
    rows = orjson.loads(operators.get("/catalog/journeys?format=json").content)
    assert [(row["step"], row["done"], row["stopped"]) for row in rows] == [("read", 3, 1), ("say", 1, 2)]


def test_empty_pages_say_what_to_do(tmp_path: Path) -> None:
    """Without a catalog, a gap, a journey."""
    empty = Operators(tmp_path)
    empty.sign_in(Role.VIEWER)
    assert "lotse catalog publish" in empty.get("/catalog").text
    assert "Nothing of the log is read yet" in empty.get("/catalog/gaps").text
    assert "as soon as 3 members ask alike within 7 days" in empty.get("/catalog/gaps").text
