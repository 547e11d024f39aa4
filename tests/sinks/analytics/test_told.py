"""What analytics platforms are told, and what never."""

import pytest

from processors.decisions import Decision, Reason, Verdict
from processors.events import Event
from processors.vocabulary import OutcomeData
from sinks.analytics.told import of_decision, of_outcome, pseudonym

KEY = b"a control key for tests"
SENT = Decision("d1", "town/ann", 1767225600.0, Verdict.SEND, Reason.SENT, "first-steps", lane="proactive", resource="guide", channel="email")  # fmt: skip


def outcome(playbook: str = "first-steps", *, replay: bool = False, reason: str = "ann@example.org wrote") -> Event:
    """An outcome of town/ann."""
    data = OutcomeData(command="c1", playbook=playbook, via="email", reason=reason)
    return Event("e1", "outcome.helpful", "town/ann", 1767225600.0, data, replay)


def test_a_decision_is_told_without_a_name() -> None:
    """The same id each time; who it was about is a keyed hash."""
    told, again = of_decision(SENT, KEY), of_decision(SENT, KEY)
    assert told == again
    assert told is not None
    assert told.facts == {"verdict": "send", "reason": "sent", "playbook": "first-steps", "lane": "proactive", "resource": "guide", "channel": "email"}  # fmt: skip
    assert "town/ann" not in repr(told)
    assert len(told.id) == 36
    assert told.who == pseudonym("town/ann", KEY) != pseudonym("town/ann", b"another")


def test_an_outcome_is_told_without_its_reason() -> None:
    """A reason may be anything that a platform said."""
    told = of_outcome(outcome(), frozenset({"first-steps"}), KEY)
    assert told is not None
    assert told.facts == {"outcome": "helpful", "playbook": "first-steps", "via": "email"}
    assert "ann" not in repr(told)


@pytest.mark.parametrize(
    "decision",
    [
        Decision("d1", "town/ann", 1.0, Verdict.SEND, Reason.SENT, "crisis.support-offer", lane="safety"),
        Decision("d1", "town/ann", 1.0, Verdict.SEND, Reason.SENT),
        Decision("d1", "town/ann", 1.0, Verdict.SEND, Reason.SENT, "first-steps", lane="proactive", replay=True),
    ],
)
def test_the_safety_lane_and_replays_are_never_told(decision: Decision) -> None:
    """Nor what does not say which lane it is of."""
    assert of_decision(decision, KEY) is None


def test_outcomes_of_unknown_playbooks_and_replays_are_never_told() -> None:
    """They might be of the safety lane."""
    assert of_outcome(outcome("crisis.support-offer"), frozenset({"first-steps"}), KEY) is None
    assert of_outcome(outcome(), frozenset(), KEY) is None
    assert of_outcome(outcome(replay=True), frozenset({"first-steps"}), KEY) is None
