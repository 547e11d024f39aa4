"""The days on which a silent member may change are foreseen: none is missed, and looks that are spared would have found nothing."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.member.rhythm import Rhythm
from processors.member.state import MemberState
from processors.playbooks import watches
from processors.playbooks.catalog import Catalog
from processors.playbooks.conditions import Definitions, Segment, StageRule, compile_conditions, every
from processors.playbooks.foresight import Turns, least_active_days, turns
from processors.playbooks.resources import Bundle, Policy
from resource_catalog.loader import SHIPPED, load
from tests.support.stories import DAY, HOUR, MINUTE, Story, event, playbook, resource

BEGIN = 20_000  # a day since 1970
STAGES = load(SHIPPED).bundle.stages
NUMBER = st.integers(0, 120) | st.sampled_from([0.5, 7.5, 29.9, 60.0])
FACTS = st.sampled_from(["member.silent_days", "member.back_days", "member.days", "member.active_days_30", "member.active_days_before",
                         "member.activity_percent", "member.posts", "member.questions", "member.answers", "member.active_days"])  # fmt: skip
TEST = (
    NUMBER
    | st.fixed_dictionaries({}, optional={"gte": NUMBER, "lt": NUMBER}).filter(bool)
    | st.builds(lambda one: {"lte": one}, NUMBER)
)
LINES = st.dictionaries(FACTS, TEST, min_size=1, max_size=3)
CONDITIONS = (
    LINES
    | st.builds(lambda some: {"any": some}, st.lists(LINES, min_size=1, max_size=2))
    | st.builds(lambda one: {"none": [one]}, LINES)
)


@st.composite
def members(draw: st.DrawFn) -> MemberState:
    """Somebody who was there on some days, and joined on one."""
    days = sorted(draw(st.sets(st.integers(BEGIN, BEGIN + 200), max_size=40)))
    rhythm = Rhythm()
    for day in days:
        rhythm.visit(day, 0)
    rhythm.back = draw(st.sampled_from([0, *days]))
    joined = draw(st.sampled_from([0, *days])) * 86400 + draw(st.integers(0, 86399))
    return MemberState(
        rhythm=rhythm if days else None, joined=joined if joined > 86400 else 0, posts=draw(st.integers(0, 3))
    )


def days(turns_of: Turns, state: MemberState, after: int, last: int) -> set[int]:
    """The days after `after` up to `last` on which something may change."""
    found, day = set[int](), after
    while (day := turns_of.following(state, day)) <= last:
        found.add(day)
    return found


@given(members(), CONDITIONS, st.lists(CONDITIONS, max_size=2), st.booleans())
def test_every_day_that_changes_something_is_among_them(
    state: MemberState, segment: dict[str, Any], stages: list[dict[str, Any]], shipped: bool
) -> None:
    """Stages and segments of any conditions, looked at each day for four months after the last visit."""
    rules = STAGES if shipped else tuple(StageRule(f"s{number}", one) for number, one in enumerate(stages))
    defined = Definitions([Segment("one", segment), Segment("two", {"member.segment": {"not": "one"}})], rules)
    last = state.rhythm.last if state.rhythm else BEGIN
    foreseen, before = days(defined.turns, state, last, last + 120), None
    for day in range(last, last + 121):
        at = day * DAY + state.joined % DAY // 600 * 600 + 60
        now = (defined.stage(state, {}, at), *(defined.segment(name)(state, {}, at) for name in ("one", "two")))
        assert before in (None, now) or day in foreseen, (day - last, before, now)
        before = now


@given(members(), CONDITIONS, st.lists(CONDITIONS, max_size=2), st.booleans(), st.data())
def test_words_that_are_not_looked_at_would_have_changed_nothing(
    state: MemberState, segment: dict[str, Any], stages: list[dict[str, Any]], shipped: bool, data: st.DataObject
) -> None:
    """Whoever has said more than anything asks for is what they were before one post, question or answer more."""
    rules = STAGES if shipped else tuple(StageRule(f"s{number}", one) for number, one in enumerate(stages))
    defined = Definitions([Segment("one", segment), Segment("two", {"member.segment": {"not": "one"}})], rules)
    now = (state.rhythm.last if state.rhythm else BEGIN) * DAY + 5

    def standing() -> tuple[Any, ...]:
        return defined.stage(state, {}, now), *(defined.segment(name)(state, {}, now) for name in ("one", "two"))

    for name in ("posts", "questions", "answers"):
        setattr(state, name, data.draw(st.integers(0, 130)))
    before = standing()
    said = data.draw(st.sets(st.sampled_from(("posts", "questions", "answers")), min_size=1))
    for name in said:
        setattr(state, name, getattr(state, name) + 1)
    assert not defined.turns.counted(state, answer="answers" in said) or standing() == before


@given(members(), CONDITIONS, st.integers(0, 120))
@example(MemberState(), {"member.active_days": [5, 0]}, 0)  # any of them
def test_who_was_there_too_seldom_is_not_among_those_asked_for(
    state: MemberState, conditions: dict[str, Any], days: int
) -> None:
    """Whatever else the conditions ask, and however long a member has been silent."""
    at = (state.rhythm.last if state.rhythm else BEGIN) * DAY + days * DAY
    if every(compile_conditions(conditions))(state, {}, at):
        assert (state.rhythm.total if state.rhythm else 0) >= least_active_days(conditions)


@given(members(), st.lists(CONDITIONS, min_size=1, max_size=4), st.integers(0, 120), st.booleans())
def test_the_stage_is_the_first_whose_rule_holds(
    state: MemberState, stages: list[dict[str, Any]], days: int, shipped: bool
) -> None:
    """As if each rule were asked, though those that want more active days are passed over."""
    rules = STAGES if shipped else tuple(StageRule(f"s{number}", one) for number, one in enumerate(stages))
    at = (state.rhythm.last if state.rhythm else BEGIN) * DAY + days * DAY
    named = [one.stage for one in rules if all(holds(state, {}, at) for holds in compile_conditions(one.conditions))]
    assert Definitions((), rules).stage(state, {}, at) == (named[0] if named else "")


def test_who_has_said_enough_is_not_looked_at_for_each_word() -> None:
    """Of what is shipped: nobody is, from the second post on, and with answers from the seventh."""
    turns_of = Definitions(load(SHIPPED).bundle.segments, STAGES).turns
    assert turns_of.counted(MemberState(posts=2), answer=False)
    assert not turns_of.counted(MemberState(posts=1), answer=False)
    assert turns_of.counted(MemberState(posts=7, answers=7), answer=True)
    assert not turns_of.counted(MemberState(posts=7, answers=6), answer=True)


def test_where_the_hour_counts_each_day_may_change_something() -> None:
    """Nothing is foreseen, and words are looked at."""
    defined = Definitions([Segment("evening", {"time.part_of_day": "evening"})])
    assert not defined.turns.counted(MemberState(posts=9), answer=False)
    assert days(defined.turns, MemberState(), 5, 8) == {6, 7, 8}


STAGE_NAMES = ("new", "activated", "regular", "fading", "dormant", "returned", "visitor")
TRIGGERS = {
    **{one: f"lifecycle.{one}" for one in STAGE_NAMES},
    "in": "segment.entered.quiet",
    "out": "segment.left.quiet",
}
WAITING = tuple(playbook(name, trigger, lane="request", theme=name) for name, trigger in TRIGGERS.items())
QUIET = Segment("quiet", {"member.silent_days": {"gte": 5, "lt": 40}})
KINDS = st.sampled_from(["post.created", "post.read", "outcome.delivered", "profile.changed", "question.asked"])


def told(events: list[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """What comes of a member's events (day, hour, kind), and of ten months of silence."""
    bundle = Bundle((resource(),), WAITING, {"*": Policy()}, segments=(QUIET,), stages=STAGES)
    story = Story(Catalog(bundle))
    story.tell(
        event("community.joined", 5)
    )  # not near the beginning of ten minutes, in which a tick may come before or after
    for number, (day, hour, kind) in enumerate(sorted(events)):
        fields = (
            {"command": "c"}
            if kind == "outcome.delivered"
            else {"region": "north"}
            if kind == "profile.changed"
            else {}
        )
        story.tell(event(kind, (day * DAY + hour * HOUR) / MINUTE + 7 + number / 100, "ann", f"e{number}", **fields))
    story.wait(300 * DAY / MINUTE)
    return [(one.playbook, one.episode) for one in story.decisions]


@example([(13, 12, "post.created"), (115, 1, "post.read")])  # back when a hundred days had just passed
@given(st.lists(st.tuples(st.integers(0, 150), st.integers(1, 22), KINDS), max_size=12))
@settings(max_examples=40, deadline=None)
def test_who_is_foreseen_gets_what_daily_looks_give(events: list[tuple[int, int, str]]) -> None:
    """The same stages and segments on the same days, with looks each day and with days foreseen."""
    foreseen = told(events)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watches, "AHEAD_DAYS", 0)
        assert told(events) == foreseen


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(FACTS | st.sampled_from(["any", "none", "member.segment", "gte"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(ODD)
def test_what_is_no_condition_raises_nothing_here(odd: Any) -> None:
    """Whoever writes it is told where it is compiled, with its place."""
    assert days(turns([odd], {"one": odd}, own_stages=True), MemberState(), 5, 8) in (set(), {6, 7, 8})
