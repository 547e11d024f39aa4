"""Milestones: each is told once, when it is reached, and only to somebody who is here."""

from processors.detectors import milestones
from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from tests.support.stories import DAY, NOON, Story, catalog, event, playbook

DAILY = DAY / 60


def reached(state: MemberState, *events: Event) -> list[tuple[str, object]]:
    """Kind and what of each signal."""
    return [
        (one.kind, one.evidence.get("what", one.evidence.get("days")))
        for each in events
        for one in milestones.observe(state, each, Policy(), each.time)
    ]


def test_a_streak_counts_days_in_a_row() -> None:
    """Seven days with visits, several a day; a day missed begins anew."""
    days = [event("post.read", day * DAILY + minute) for day in range(7) for minute in (0, 5)]
    assert reached(MemberState(), *days) == [("milestone", "streak")]
    gap = [event("post.read", day * DAILY) for day in (0, 1, 2, 4, 5, 6, 7)]
    assert reached(MemberState(), *gap) == []


def test_an_anniversary_is_told_near_its_day_only() -> None:
    """A visit within two weeks of it; a year that passed unseen is not made up for."""
    joined = MemberState(joined=int(NOON))
    assert reached(joined, event("post.read", 367 * DAILY), event("post.read", 368 * DAILY)) == [
        ("milestone", "anniversary")
    ]
    assert reached(MemberState(joined=int(NOON)), event("post.read", 400 * DAILY)) == []


def test_coming_back_after_two_months() -> None:
    """A shorter silence is none."""
    assert reached(MemberState(), event("post.read"), event("post.read", 70 * DAILY)) == [("came_back", 70)]
    assert reached(MemberState(), event("post.read"), event("post.read", 40 * DAILY)) == []


def test_contributions_are_counted_by_their_number() -> None:
    """The tenth post; the tenth read is nothing."""
    state = MemberState(posts=9)
    assert reached(state, event("post.read"), event("post.created", 1, text="ten")) == [("milestone", "contributions")]


def test_an_accepted_answer_reaches_its_author() -> None:
    """Through the community stage; accepting one's own is none; the second is not the first."""
    story = Story(catalog(playbook(trigger="signal.milestone")))
    story.tell(
        event("answer.accepted", 0, thread="t", by="town/ben"), event("answer.accepted", 1, thread="u", by="town/ann")
    )
    story.tell(event("answer.accepted", 2, "cleo", thread="v", by="town/ben"))
    assert [(one.member, one.episode) for one in story.decisions] == [("town/ben", "accepted/1")]
