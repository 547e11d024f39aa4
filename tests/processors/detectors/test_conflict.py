"""Conflict in the member's own log: words reach no playbook, what was concluded is passed on and keeps the cheerful away."""

import pytest

from processors.detectors import conflict
from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import KINDS, OF_HEAT, SHARP, Signal
from resource_catalog.loader import SHIPPED, load
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook


def observed(state: MemberState, one: Event) -> list[Signal]:
    """What the detector concludes from an event."""
    return conflict.observe(state, one, Policy(), one.time)


def test_the_sharpness_of_words_is_for_the_community_stage_alone() -> None:
    """It is no kind that a playbook may name, and a playbook that names it gets nothing: the loader refuses it before."""
    (signal,) = observed(MemberState(), event("post.created", text="You are such an idiot."))
    assert (signal.kind, signal.score, signal.evidence) == (SHARP, 2.0, {})
    assert SHARP not in KINDS
    assert observed(MemberState(), event("post.created", text="Thank you, that helped.")) == []


@pytest.mark.parametrize("kind", sorted(OF_HEAT))
def test_what_the_community_stage_concluded_is_passed_on_once(kind: str) -> None:
    """By this detector alone; nothing cheerful for three days."""
    state = MemberState()
    concluded = event("signal", kind=kind, episode="heat/t/1", score=0.5)
    assert [(one.kind, one.detector) for one in observed(state, concluded)] == [(kind, "conflict")]
    assert state.inhibited_until == int(NOON) + 3 * DAY
    story = Story(catalog(playbook(trigger=f"signal.{kind}", cheerful=False))).tell(concluded)
    assert len(story.decisions) == 1


def test_a_report_is_acknowledged_to_who_reported() -> None:
    """Not one's own post, and not a moderator's step."""
    kinds = [
        [one.kind for one in observed(MemberState(), each)]
        for each in (
            event("content.flagged", post="p", author="town/ben"),
            event("content.flagged", post="p", author="town/ann"),
            event("content.moderated", post="p", author="town/ben"),
        )
    ]
    assert kinds == [["reported"], [], []]


def test_staff_hears_of_a_place_not_of_a_member() -> None:
    """The command's target is the place; no member gets anything from the same playbook."""
    words = ("You are such an idiot.", "Shut up.", "You are pathetic.", "You are a liar.")
    quarrel = [
        event("post.replied", minute, ("ann", "ben")[minute % 2], thread="t", text=text) for minute, text in enumerate(words)
    ]  # fmt: skip
    story = Story(catalog(playbook(trigger="signal.heated", lane="staff", channels=("staff",), cheerful=False))).tell(
        *quarrel
    )
    assert [(one.target, one.channel) for one in story.commands] == [("town/#t", "staff")]


def test_nothing_shipped_for_hard_moments_is_cheerful() -> None:
    """Conflict, being lost, distress and concern."""
    hard = {f"signal.{kind}" for kind in (*OF_HEAT, "reported", "lost", "distress", "concern")}
    found = [file.playbook for file in load(SHIPPED).playbooks if file.playbook.trigger in hard]
    assert len(found) >= 6
    assert [one.id for one in found if one.cheerful] == []
