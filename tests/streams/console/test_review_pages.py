"""Looking at what was found: never two at one item, nobody and no words before a reason is noted, safety for its reviewers alone."""

import csv
import io
from pathlib import Path

import pytest

from streams.console.accounts import Role
from streams.console.review_pages import LABELS_MIN, precision
from streams.console.reviews import from_alert, from_review
from tests.streams.console.test_reviews import alert, review
from tests.support.consoles import NOW, Operators


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console with an alert, a report and a sample that wait."""
    made = Operators(tmp_path)
    sample = review("5a", queue="sample", kind="lost", detector="lost_or_frustrated", member="town/zoe")
    made.desk.reviews.take(
        [from_alert(alert("a1", "town/ann"), NOW, -1, -1), from_review(review("b2", member="town/ben"), NOW - 60, -1, -1), from_review(sample, NOW, -1, -1)],
        {},
    )  # fmt: skip
    return made


def test_the_overview_says_what_waits(operators: Operators) -> None:
    """Of what one may see; samples are no hurry."""
    for role, said in ((Role.SAFETY_REVIEWER, "by a person: 2"), (Role.REVIEWER, "by a person: 1"), (Role.VIEWER, "")):
        operators.sign_in(role)
        text = operators.get("/").text
        assert (said or "Overview") in text
        assert ("by a person" in text) is bool(said)


@pytest.mark.parametrize("role", list(Role))
def test_the_safety_queue_is_for_safety_reviewers_alone(operators: Operators, role: Role) -> None:
    """Not even for who runs the console; a viewer and an author see no queue at all."""
    operators.sign_in(role)
    listed = operators.get("/review")
    may = role in (Role.REVIEWER, Role.SAFETY_REVIEWER, Role.ADMIN)
    assert listed.status_code == (200 if may else 403)
    assert ("need support" in listed.text) is (role is Role.SAFETY_REVIEWER)
    assert ("reported a post" in listed.text) is may
    assert operators.post("/review/a1/take").status_code == (
        303 if role is Role.SAFETY_REVIEWER else 400 if may else 403
    )
    rows = operators.get("/review?format=csv").text
    assert ("safety" in rows) is (role is Role.SAFETY_REVIEWER)


def test_nobody_is_named_before_a_reason_is_noted(operators: Operators) -> None:
    """Neither in the list, nor in the item, nor in a file; then in the page that answers, and in the record that somebody looked."""
    operators.sign_in(Role.SAFETY_REVIEWER, "sam")
    for path in ("/review", "/review?format=csv", "/review?format=json"):
        assert "town/ann" not in operators.get(path).text
    assert operators.get("/review/a1").status_code == 403, "not taken yet"
    assert operators.post("/review/a1/take").status_code == 303
    page = operators.get("/review/a1")
    assert "town/ann" not in page.text
    assert operators.store.ref("town/ann") not in page.text
    assert "Nobody is called automatically" in page.text
    assert operators.post("/review/a1/reveal", "/review/a1", reason=" ").status_code == 400
    assert not [one for _, one in operators.accounts.noted() if one.action == "review.revealed"]
    shown = operators.post("/review/a1/reveal", "/review/a1", reason="on duty")
    assert shown.status_code == 200
    assert "town/ann" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    noted = operators.accounts.noted()[0][1]
    assert (noted.account, noted.action, noted.about, noted.reason) == ("sam", "review.revealed", "a1", "on duty")


def test_never_two_at_one_item(operators: Operators) -> None:
    """Who has it is said; after its time it is free again; what another has taken cannot be answered."""
    operators.sign_in(Role.REVIEWER, "ann")
    operators.post("/review/b2/take")
    operators.sign_in(Role.REVIEWER, "ben")
    assert "ann is at it" in operators.get("/review").text
    assert operators.post("/review/b2/take").status_code == 400
    assert operators.post("/review/b2/answer", said="wrong").status_code == 400
    assert operators.post("/review/b2/reveal", reason="why").status_code == 400
    assert operators.get("/review/b2").status_code == 403
    operators.now += 901
    assert operators.post("/review/b2/take").status_code == 303
    assert operators.post("/review/b2/release").status_code == 303
    operators.sign_in(Role.REVIEWER, "ann")
    assert operators.post("/review/b2/take").status_code == 303


def test_what_people_say_tells_how_often_a_detector_is_right(operators: Operators) -> None:
    """Too few are said to be too few; the labels can be taken along, without a member."""
    operators.sign_in(Role.REVIEWER)
    for said in ("nonsense", "acted"):
        operators.post("/review/b2/take")
        assert operators.post("/review/b2/answer", said=said).status_code == (400 if said == "nonsense" else 303)
    assert operators.get("/review/b2").status_code == 404
    page = operators.get("/review/precision").text
    assert "too few to tell" in page
    assert "lost_or_frustrated" not in page
    (row,) = csv.DictReader(io.StringIO(operators.get("/review/precision?format=csv").text))
    assert (row["kind"], row["said"], row["detector"]) == ("reported", "acted", "conflict")
    assert "town/ben" not in str(row)
    assert operators.accounts.noted()[0][1].action == "review.acted"


def test_precision_by_detector() -> None:
    """Acted upon is right; from enough labels on with an interval."""
    counts = [
        ("conflict", "heated", "right", 6),
        ("conflict", "heated", "acted", 3),
        ("conflict", "heated", "wrong", 3),
        ("x", "lost", "right", LABELS_MIN - 1),
    ]
    heated, lost = precision(counts)
    assert (heated["total"], round(heated["share"].share, 2)) == (12, 0.75)
    assert heated["share"].low < 0.5 < 0.75 < heated["share"].high < 1
    assert lost["share"] is None


def test_an_unread_queue_is_said(operators: Operators) -> None:
    """Only to those who would see it."""
    operators.desk.asking = lambda: {"safety": "TopicAuthorizationFailedError", "moderation": ""}
    operators.sign_in(Role.SAFETY_REVIEWER)
    assert "not being read: TopicAuthorizationFailedError" in operators.get("/review").text
    operators.sign_in(Role.REVIEWER)
    assert "not being read" not in operators.get("/review").text
