"""What people are asked to look at: heat and reports always, of other conclusions a sample; never distress, never words."""

import msgspec

from processors.member_partition import MemberPartition
from processors.reviews import SAMPLED, SHARE, wanted
from processors.signals import KINDS, Signal
from tests.support.stories import catalog, event


def signal(kind: str, episode: str = "e1") -> Signal:
    """A signal of a kind."""
    return Signal(kind, "some_detector", episode, 1.0, {"sides": 2})


def test_heat_and_reports_always() -> None:
    """Several reports of the same post by different members are one item; of another community they are another."""
    flag = event("content.flagged", 0, "ann", post="p1")
    first = wanted(signal("reported", "flag/p1"), "town/ann", flag, 5.0, replay=False)
    second = wanted(signal("reported", "flag/p1"), "town/ben", flag, 9.0, replay=False)
    other = wanted(signal("reported", "flag/p1"), "city/ben", flag, 9.0, replay=False)
    assert first
    assert second
    assert other
    assert first.id == second.id != other.id
    assert (first.queue, first.kind, first.event, first.time) == ("moderation", "reported", flag.id, 5.0)
    heated = wanted(signal("heated"), "town/#thread", None, 5.0, replay=True)
    assert heated
    assert (heated.event, heated.replay) == ("", True)


def test_of_the_rest_a_sample() -> None:
    """By a coin of member and episode: the same each time, and about the share that is said."""
    episodes = [f"e{number}" for number in range(5000)]
    drawn = [one for one in episodes if wanted(signal("lost", one), "town/ann", None, 5.0, replay=False)]
    assert 0.5 * SHARE < len(drawn) / len(episodes) < 1.5 * SHARE
    assert drawn == [one for one in episodes if wanted(signal("lost", one), "town/ann", None, 9.0, replay=False)]
    assert {wanted(signal("lost", one), "town/ann", None, 5.0, replay=False).queue for one in drawn} == {"sample"}  # type: ignore[union-attr]


def test_distress_and_worry_are_for_nobody_here() -> None:
    """Those are for safety reviewers, by a topic of their own; whatever else steers asks nobody."""
    asked = {
        kind
        for kind in KINDS
        for number in range(2000)
        if wanted(signal(kind, f"e{number}"), "town/ann", None, 5.0, replay=False)
    }
    assert asked == SAMPLED | {"heated", "reported"}
    assert not asked & {"distress", "concern"}


def test_a_report_leaves_the_core_without_its_words() -> None:
    """Through the whole member stage."""
    ruling = catalog()
    part = MemberPartition(0, {}, None, lambda _hash: ruling)
    part.activate(ruling.hash)
    part.apply(event("content.flagged", 0, "ann", post="p1", author="town/zoe", text="secret words"))
    (item,) = part.take_outputs().reviews
    assert item.kind == "reported"
    assert b"secret" not in msgspec.json.encode(item)
