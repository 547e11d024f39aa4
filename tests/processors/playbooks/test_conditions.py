"""Conditions: each fact and operator, groups, segments, tags, time where the member lives; what cannot be asked is said."""

import pytest

from processors.member.rhythm import Rhythm
from processors.member.state import MemberState
from processors.playbooks.conditions import ConditionError, Definitions, Segment, compile_condition, facts_asked
from tests.support.stories import DAY, HOUR, NOON

TODAY = int(NOON) // int(DAY)


def member(*days_ago: int, **fields: object) -> MemberState:
    """A member who was there so many days ago (the farthest first)."""
    rhythm = Rhythm()
    for ago in days_ago:
        rhythm.visit(TODAY - ago, 0)
    return MemberState(rhythm=rhythm if days_ago else None, **fields)  # type: ignore[arg-type]


DEFINED = Definitions(
    (
        Segment("readers", {"member.posts": 0, "member.active_days_30": {"gte": 2}}),
        Segment("north", {"member.region": "north"}),
    ),
    tags={"support": ("help*", "town/desk")},
)


@pytest.mark.parametrize(
    ("path", "wanted", "state", "holds"),
    [
        ("member.posts", 0, member(), True),
        ("member.posts", {"gte": 1, "lt": 3}, member(posts=3), False),
        ("member.role", {"any": ["teacher", "coach"]}, member(role="coach"), True),
        ("member.role", {"none": ["teacher", "coach"]}, member(role="coach"), False),
        ("member.interests", "chess", member(interests=("go", "chess")), True),
        ("member.interests", {"all": ["chess", "go"]}, member(interests=("chess",)), False),
        ("member.interests", {"named": "board-games"}, member(interests=("Board Games",)), True),
        ("member.interests", {"known": True}, member(interests=("Board Games",)), True),
        ("member.interests", {"known": True}, member(), False),
        ("member.region", {"known": False}, member(), True),
        ("event.nothing", {"known": True}, member(), False),
        ("member.groups", "founders", member(groups=("founders",)), True),
        ("member.silent_days", {"gte": 5}, member(5), True),
        ("member.silent_days", 0, member(), True),
        ("member.active_days_30", 2, member(40, 12, 3), True),
        ("member.active_days_before", 1, member(40, 12, 3), True),
        ("member.back_days", {"lte": 14}, member(3), False),
        ("member.lifecycle", "dormant", member(61), True),
        ("any", [{"member.posts": 1}, {"member.region": "north"}], member(region="north"), True),
        ("none", [{"member.posts": 1}, {"member.region": "north"}], member(region="north"), False),
        ("member.segment", "readers", member(3, 1), True),
        ("member.segment", {"all": ["readers", "north"]}, member(3, 1), False),
        ("member.segment", {"not": "north"}, member(3, 1), True),
    ],
)
def test_what_is_asked_of_a_member(path: str, wanted: object, state: MemberState, holds: bool) -> None:
    """At noon of the day of the story."""
    assert compile_condition(path, wanted, DEFINED)(state, {}, NOON) is holds


@pytest.mark.parametrize(
    ("path", "wanted", "zone", "now", "holds"),
    [
        ("time.hour", {"gte": 12, "lt": 13}, "", NOON, True),
        ("time.hour", 13, "Europe/Berlin", NOON, True),
        ("time.weekday", "monday", "", NOON, True),
        ("time.weekday", "tuesday", "Pacific/Auckland", NOON + HOUR, True),
        ("time.part_of_day", "afternoon", "", NOON, True),
        ("time.part_of_day", "night", "Asia/Tokyo", NOON + 2 * HOUR, True),
    ],
)
def test_time_is_that_of_the_member_else_of_the_community(
    path: str, wanted: object, zone: str, now: float, holds: bool
) -> None:
    """The community's zone is a fact of the moment; its own zone goes before."""
    ask = compile_condition(path, wanted)
    assert ask(member(timezone=zone), {"community.timezone": "UTC"}, now) is holds
    assert ask(member(), {"community.timezone": zone or "UTC"}, now) is holds


def test_channels_have_tags() -> None:
    """By name, by beginning, or of one community alone."""
    ask = compile_condition("channel.tags", {"any": ["support"]}, DEFINED)
    for community, channel, holds in (
        ("town", "help-de", True),
        ("town", "desk", True),
        ("city", "desk", False),
        ("town", "", False),
    ):
        assert ask(member(), {"community.name": community, "event.channel": channel}, NOON) is holds


def test_facts_of_the_moment_are_known_to_be_needed() -> None:
    """Those of groups, of time and of tags too; the member's own are always there."""
    asked = {"member.posts": 0, "any": [{"event.name": "x"}, {"time.hour": 3}], "channel.tags": "support"}
    assert facts_asked(asked) == ("event.name", "community.timezone", "event.channel", "community.name")


@pytest.mark.parametrize(
    ("path", "wanted", "message"),
    [
        ("member.posts", {"gte": "many"}, "gte compares numbers, not 'many'"),
        ("member.posts", {"ayn": [1]}, "did you mean any?"),
        ("member.segment", "reader", "unknown segment reader; did you mean readers?"),
        ("channel.tags", "suport", "unknown tag suport; did you mean support?"),
        ("any", {"member.posts": 0}, "expected a list of conditions"),
        ("member.segment", {"gte": 3}, "expected the name of a segment"),
    ],
)
def test_what_cannot_be_asked_is_told(path: str, wanted: object, message: str) -> None:
    """With the nearest right word."""
    with pytest.raises(ConditionError, match=message.replace("?", r"\?")):
        compile_condition(path, wanted, DEFINED)


def test_a_segment_cannot_ask_for_itself() -> None:
    """Not through another either."""
    circle = Definitions((Segment("a", {"member.segment": "b"}), Segment("b", {"member.segment": "a"})))
    with pytest.raises(ConditionError, match="segment a asks for itself: a > b > a"):
        circle.segment("a")
