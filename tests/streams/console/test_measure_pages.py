"""Measures as people look at them: what `lotse report` says, in words, with pictures of intervals; too little is said to be too little."""

from pathlib import Path

import orjson
import pytest

from processors.decisions import Decision, Reason
from processors.events import Event
from processors.playbooks.resources import Bundle
from streams.console.accounts import Role
from streams.console.counting import count
from streams.report.words import _SAID, of_lift
from tests.support.consoles import NOW, Operators, decision, event
from tests.support.stories import playbook, resource

DAY = 86400.0
BUNDLE = Bundle((resource(),), (playbook("play", goal=("post.created",), goal_within=DAY, holdout=0.5),))


def trial(members: int) -> tuple[list[Event], list[Decision]]:
    """Every other member is helped; those who are reach the goal, the others do not."""
    helped = [f"town/m{number}" for number in range(0, members, 2)]
    decisions = [
        decision(number, f"town/m{number}", Reason.SENT if number % 2 == 0 else Reason.HOLDOUT, playbook="play", resource="guide", probability=0.5)
        for number in range(members)
    ]  # fmt: skip
    events = [
        event(number, "post.created", name, at=NOW + members + 60, text="words") for number, name in enumerate(helped)
    ]
    return [*events, event(members, "presence.seen", "town/m0", at=NOW + 5 * DAY)], decisions


@pytest.fixture
def operators(tmp_path: Path) -> Operators:
    """A console, looked at by a viewer."""
    made = Operators(tmp_path, BUNDLE)
    made.sign_in(Role.VIEWER)
    return made


def test_it_helps_in_both_languages(operators: Operators) -> None:
    """With the interval as a picture that is read out as the sentence beside it."""
    operators.counts.counted = count(*trial(200), BUNDLE, NOW)
    lift = operators.counts.counted.report.playbooks[0].lift
    page = operators.get("/measures").text
    assert of_lift(lift).startswith("helps: ")
    assert of_lift(lift) in page
    assert 'role="img" aria-label="play: helps:' in page
    assert of_lift(lift, "de").startswith("hilft: ")
    assert of_lift(lift, "de") in operators.get("/measures?lang=de").text
    (row,) = orjson.loads(operators.get("/measures?format=json").content)
    assert (row["playbook"], row["sent"], row["lift_says"]) == ("play", 100, "helps")


def test_too_little_is_said(operators: Operators) -> None:
    """In plain words, and without a picture of nothing."""
    operators.counts.counted = count(*trial(6), BUNDLE, NOW)
    page = operators.get("/measures").text
    assert "not enough data: 6 draws of the coin" in page
    assert 'class="interval"' not in page
    assert "nicht genug Daten" in operators.get("/measures?lang=de").text


def test_before_the_first_count(operators: Operators) -> None:
    """It is under way, or it failed: either is said; files say so too."""
    operators.counts.busy = True
    assert "being counted" in operators.get("/measures").text
    operators.counts.busy, operators.counts.fault = False, "no catalog is published; run: lotse catalog publish"
    assert "could not be counted: no catalog is published" in operators.get("/measures").text


def test_both_languages_fill_in_the_same() -> None:
    """No value is lost on the way."""
    for english, german in _SAID.values():
        assert sorted(part.split("}")[0] for part in english.split("{")[1:]) == sorted(
            part.split("}")[0] for part in german.split("{")[1:]
        )
