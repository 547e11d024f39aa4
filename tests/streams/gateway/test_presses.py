"""A pressed button counts for the member to whom it was offered, and for nobody else."""

import pytest

from processors.actions import Action
from processors.events import Event
from processors.vocabulary import OutcomeData
from sinks.action_tokens import ActionTokens
from streams.gateway.payloads import Ignored, Press
from streams.gateway.presses import event_of, pressers

TOKENS, NOW = ActionTokens([b"a key for tests"]), 1769860800.0


def press(
    action: str = "stop_kind", member: str = "town/ann", presser: str | None = "town/ann", token: str = ""
) -> Press:
    """Return a press of a button that was offered to a member."""
    made = TOKENS.sign(Action(action, member, "c1", "play", "tips", expires=int(NOW + 60)))
    return Press(token or made, presser, "1769860800.5", "slack")


def test_a_press_is_the_event_of_its_token() -> None:
    """By the member themselves, or by an account that is proved to be theirs."""
    for one, members in ((press(), {}), (press(presser="town/slack:U1"), {"town/slack:U1": "town/ann"})):
        event = event_of(one, TOKENS, members, NOW)
        assert isinstance(event, Event)
        assert (event.type, event.key, event.time) == ("outcome.opted_out", "town/ann", NOW + 0.5)
        assert isinstance(event.data, OutcomeData)
        assert (event.data.command, event.data.kind, event.data.via) == ("c1", "tips", "slack")


@pytest.mark.parametrize(
    ("one", "now", "reason"),
    [
        (press(presser="town/slack:U2"), NOW, "somebody else"),
        (press(presser=None), NOW, "somebody else"),
        (press(), NOW + 61, "expired"),
        (press(token="A" * 80), NOW, "token"),
        (press(token=press().token[:-2] + "AA"), NOW, "token"),
        (press("preferences"), NOW, "leads to a page"),
    ],
)
def test_what_is_no_press_of_theirs_counts_for_nothing(one: Press, now: float, reason: str) -> None:
    """Somebody else's, an old one, a forged one, a door to a page."""
    found = event_of(one, TOKENS, {"town/slack:U2": "town/ben"}, now)
    assert isinstance(found, Ignored)
    assert reason in found.reason


def test_pressers_are_those_who_are_named() -> None:
    """Whose identity is asked for."""
    assert pressers([press(), press(presser=None)]) == ["town/ann"]
