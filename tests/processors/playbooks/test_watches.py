"""What no event brings: absences, hours, stages and segments that are entered or left; told once, at the right time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.local_time import Schedule
from processors.member.changes import ANSWERS
from processors.member.facts import MEMBER_FIELDS
from processors.member.remembered import Merits
from processors.member.state import NEVER, MemberState
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.playbooks.conditions import Segment, StageRule
from processors.playbooks.resources import Bundle, Playbook, Policy
from processors.playbooks.watches import ARRIVING, STILL
from processors.vocabulary import WORDS, Item, OutcomeData, types_of
from tests.support.stories import DAY, HOUR, MINUTE, NOON, Story, event, playbook, resource

A_DAY, AN_HOUR = DAY / MINUTE, HOUR / MINUTE
# A lane without budgets, so that each occurrence shows as a command; answers on request are not held at night.
FREE = {"lane": "request", "because": "{signal.days}{signal.from}>{signal.to}{signal.segment}"}
STAGES = (
    StageRule("new", {"member.days": {"gt": 0, "lte": 14}}),
    StageRule("activated", {"member.posts": {"gt": 0}}),
    StageRule("visitor"),
)
HELPERS = Segment("helpers", {"any": [{"member.answers": {"gte": 1}}, {"member.accepted_answers": {"gte": 1}}]})
ENTERED = playbook("h", "segment.entered.helpers", **FREE)
POSTED = Segment("writers", {"member.posts": {"gte": 2}})


def story(*playbooks: Playbook, segments: tuple[Segment, ...] = (), policy: Policy | None = None) -> Story:
    """A story in which these playbooks wait for something."""
    return Story(Catalog(Bundle((resource(),), playbooks, {"*": policy or Policy()}, segments=segments)))


def times(one: Story) -> list[float]:
    """The days after noon of the first day at which something was sent, to a hundredth."""
    return [round((command.not_before - NOON) / DAY, 2) for command in one.commands]


def test_what_a_first_event_makes_of_somebody_is_the_same_whoever_came_before() -> None:
    """Of each way to come, by two members a second apart."""
    told = [
        playbook(name, trigger, **FREE) for name, trigger in (("v", "lifecycle.visitor"), ("a", "lifecycle.activated"))
    ]
    bundle = Bundle((resource(),), (*told, ENTERED), {"*": Policy()}, segments=(HELPERS,), stages=STAGES)
    together = Story(Catalog(bundle))
    for number, kind in enumerate(sorted(ARRIVING)):
        for second in (0, 1):
            first = event(kind, 1 + second / 60, f"{second}/{number}")
            alone = Story(Catalog(bundle)).tell(first)
            together.tell(first)
            assert together.loop.member(first.key) == alone.loop.member(first.key), kind
            assert alone.commands == [one for one in together.commands if one.member == first.key], kind
    assert together.commands


def test_who_is_known_by_others_alone_is_looked_at_when_they_come() -> None:
    """An answer of theirs was accepted while nothing was waited for; who came before them had none."""
    catalog = Catalog(Bundle((resource(),), (ENTERED,), {"*": Policy()}, segments=(HELPERS,)))
    first, policy = event("post.read", 0), Policy()
    nobody = MemberState(seen=bytes(8), joined=int(NOON))
    helper = MemberState(seen=bytes(8), joined=int(NOON), heard=bytes(8), merits=Merits(accepted=1))
    assert catalog.watches.observe(nobody, first, policy, NOON, 0) == []
    assert len(catalog.watches.observe(helper, first, policy, NOON, 0)) == 1


def test_an_absence_is_told_once_a_spell() -> None:
    """After three days; a visit begins a new spell; the announced absence does not count."""
    one = story(playbook("p", f"absence.{3 * 86400}", **FREE))
    one.tell(event("post.read", 0)).wait(30 * A_DAY)
    assert times(one) == [3.0]
    assert one.commands[0].because.startswith("3")
    one.tell(event("post.read", 31 * A_DAY), event("post.read", 33 * A_DAY)).wait(60 * A_DAY)
    assert times(one) == [3.0, 36.0]
    away = story(playbook("p", f"absence.{3 * 86400}", **FREE))
    away.tell(event("post.read", 0), event("absence.announced", 1, until=NOON + 10 * DAY)).wait(30 * A_DAY)
    assert times(away) == [13.0]


def test_of_several_absences_each_has_its_time() -> None:
    """A week and a month are two occurrences."""
    one = story(playbook("week", f"absence.{7 * 86400}", **FREE), playbook("month", f"absence.{30 * 86400}", **FREE))
    one.tell(event("post.read", 0)).wait(90 * A_DAY)
    assert [command.playbook for command in one.commands] == ["week", "month"]


def test_who_left_is_not_waited_for() -> None:
    """Neither an absence nor an hour."""
    one = story(
        playbook("p", f"absence.{3 * 86400}", **FREE),
        playbook("q", "schedule.daily@18:00", schedule=Schedule(18), **FREE),
    )
    one.tell(event("post.read", 0), event("community.left", 1)).wait(30 * A_DAY)
    assert one.decisions == []


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 7 * 24 - 3), ("Asia/Tokyo", 6 * 24 + 12), ("America/New_York", 2)])
def test_every_monday_at_nine_is_so_where_the_member_lives(zone: str, hours: float) -> None:
    """The story begins on a Monday at 12:00 UTC; members of an hour are spread over five minutes."""
    weekly = playbook("p", "schedule.mon@09:00", schedule=Schedule(9, weekdays=(0,)), **FREE)
    one = story(weekly)
    one.tell(event("profile.changed", 0, timezone=zone), event("post.read", 1)).wait(7 * A_DAY)
    (command,) = one.commands
    assert 0 <= command.not_before - NOON - hours * HOUR <= 6 * MINUTE
    one.wait(14 * A_DAY)
    assert len(one.commands) == 2


def test_an_hour_passes_by_who_was_away_for_long() -> None:
    """After a hundred days of silence no hour wakes them; their next visit does, for hours to come."""
    daily = playbook("p", "schedule.daily@18:00", schedule=Schedule(18), **FREE)
    one = story(daily).tell(event("post.read", 0)).wait(200 * A_DAY)
    assert 99 <= len(one.commands) <= 101
    before = len(one.commands)
    one.tell(event("post.read", 200 * A_DAY + 1)).wait(200 * A_DAY + 2)
    assert len(one.commands) == before
    one.wait(201 * A_DAY)
    assert len(one.commands) == before + 1


def test_a_stage_is_told_when_it_is_entered_also_while_silent() -> None:
    """New at the first event; dormant after sixty days in which nothing happened, from the stage before."""
    one = story(*(playbook(name, f"lifecycle.{name}", **FREE) for name in ("new", "dormant", "activated")))
    one.tell(event("post.created", 0, text="Hello")).wait(70 * A_DAY)
    assert [(command.playbook, command.because) for command in one.commands] == [
        ("new", "…>new…"),
        ("activated", "…new>activated…"),
        ("dormant", "…activated>dormant…"),
    ]


def test_stages_of_ones_own_have_names_of_ones_own() -> None:
    """Rules of a bundle take the place of the built-in ones."""
    rules = (StageRule("talker", {"member.posts": {"gte": 2}}), StageRule("guest"))
    catalog = Catalog(
        Bundle((resource(),), (playbook("p", "lifecycle.talker", **FREE),), {"*": Policy()}, stages=rules)
    )
    one = Story(catalog).tell(event("post.created", 0, text="a"), event("post.created", 1, text="b"))
    assert [command.because for command in one.commands] == ["…guest>talker…"]


def test_a_segment_is_entered_and_left() -> None:
    """By what the member does, once each time."""
    quiet = Segment("quiet", {"member.silent_days": {"gte": 5}})
    one = story(
        playbook("in", "segment.entered.quiet", **FREE),
        playbook("out", "segment.left.quiet", **FREE),
        segments=(quiet,),
    )
    one.tell(event("post.read", 0)).wait(20 * A_DAY)
    assert [command.playbook for command in one.commands] == ["in"]
    one.tell(event("post.read", 20 * A_DAY), event("post.read", 21 * A_DAY))
    assert [command.playbook for command in one.commands] == ["in", "out"]


def test_a_segment_by_posts_is_entered_with_the_post() -> None:
    """The second post of somebody makes a writer."""
    one = story(playbook("in", "segment.entered.writers", **FREE), segments=(POSTED,))
    one.tell(event("post.created", 0, text="a"))
    assert one.commands == []
    one.tell(event("post.created", 1, text="b"), event("post.created", 2, text="c"))
    assert times(one) == [0.0]


def partition_with(before: Catalog, after: Catalog) -> tuple[MemberPartition, list[str]]:
    """A partition whose members were there under one catalog when another takes its place."""
    catalogs = {"before": before, "after": after}
    partition = MemberPartition(0, {}, None, catalogs.__getitem__)
    partition.activate("before")
    partition.tick(NOON)
    for name in ("ann", "ben"):
        partition.apply(event("post.created", 0, name, text="a"))
        partition.apply(event("post.created", 0, name, f"2/{name}", text="b"))
    partition.activate("after")
    return partition, ["before", "after"]


def test_a_new_playbook_reaches_members_who_are_silent() -> None:
    """Those who were there before it was published are woken in time; what they are already is not told as news."""
    after = Catalog(
        Bundle(
            (resource(),),
            (playbook("away", f"absence.{3 * 86400}", **FREE), playbook("in", "segment.entered.writers", **FREE)),
            {"*": Policy()},
            segments=(POSTED,),
        )
    )
    partition, _ = partition_with(Catalog(Bundle((resource(),), (), {"*": Policy()})), after)
    for day in range(1, 6):
        partition.tick(NOON + day * DAY)
    told = [(one.playbook, one.member) for one in partition.take_outputs().commands]
    assert sorted(told) == [("away", "town/ann"), ("away", "town/ben")]


def test_nothing_is_remembered_where_nothing_is_waited_for() -> None:
    """A catalog without such playbooks costs a member nothing."""
    one = story(playbook("p", "post.created"))
    assert not one.catalog.watches
    one.tell(event("post.created", 0, text="a"))
    assert one.loop._member.member("town/ann").watch is None


def test_what_is_watched_no_more_is_forgotten() -> None:
    """A timer that is left of an earlier catalog wakes the member once, for nothing."""
    watching = Catalog(Bundle((resource(),), (playbook("p", f"absence.{3 * 86400}", **FREE),), {"*": Policy()}))
    partition, _ = partition_with(watching, Catalog(Bundle((resource(),), (), {"*": Policy()})))
    partition.tick(NOON + 4 * DAY)
    assert partition.take_outputs().commands == []
    assert partition.member("town/ann").watch is None


def test_a_profile_that_changes_moves_the_hour() -> None:
    """The zone that counts is the one that the member has when the hour is looked for."""
    daily = playbook("p", "schedule.daily@18:00", schedule=Schedule(18), **FREE)
    one = story(daily, policy=Policy(timezone="Europe/Berlin")).tell(event("post.read", 0)).wait(A_DAY)
    assert times(one) == [round(5 / 24, 2)]
    moved = story(daily, policy=Policy(timezone="Europe/Berlin"))
    moved.tell(event("post.read", 0), event("profile.changed", 1, timezone="America/New_York")).wait(2 * A_DAY)
    assert times(moved)[-1] == round(11 / 24 + 1, 2)


MODERATORS = {"member.role": {"any": ["moderator", "staff"]}}


def test_an_hour_keeps_no_timer_for_those_whom_it_cannot_concern() -> None:
    """A Monday morning for moderators wakes no other member; a change of role does, in time for the next one."""
    weekly = playbook("p", "schedule.mon@09:00", schedule=Schedule(9, weekdays=(0,)), conditions=MODERATORS, **FREE)
    partition = MemberPartition(0, {}, None, lambda _hash: Catalog(Bundle((resource(),), (weekly,), {"*": Policy()})))
    partition.activate("c")
    partition.tick(NOON)
    partition.apply(event("post.read", 0))
    partition.apply(event("profile.changed", 1, "bob", role="moderator"))
    partition.apply(event("post.read", 2, "bob"))
    assert partition.member("town/ann").due() == NEVER
    assert NOON < partition.member("town/bob").due() < NOON + 8 * DAY


def test_an_hour_concerns_from_the_change_of_a_profile_on_and_no_earlier_one_is_told() -> None:
    """Who becomes a moderator at noon hears nothing of this morning; who is none any more hears nothing at all."""
    daily = playbook("p", "schedule.daily@09:00", schedule=Schedule(9), conditions=MODERATORS, **FREE)
    one = story(daily).tell(event("post.read", 0)).wait(3 * A_DAY)
    assert one.commands == []
    one.tell(event("profile.changed", 3 * A_DAY, role="moderator")).wait(5 * A_DAY)
    assert times(one) == [3.88, 4.88]
    one.tell(event("profile.changed", 5 * A_DAY, role="teacher")).wait(9 * A_DAY)
    assert times(one) == [3.88, 4.88]


def test_a_profile_that_changes_passes_over_no_absence() -> None:
    """Nor over an hour: what has come since the last tick is told with the change."""
    absent = playbook("a", f"absence.{3 * 86400}", **FREE)
    daily = playbook("p", "schedule.daily@18:00", schedule=Schedule(18), **FREE)
    one = story(absent, daily).tell(event("post.read", 0)).wait(3 * A_DAY - 1)
    told = len(one.commands)
    one.tell(event("profile.changed", 3 * A_DAY + 0.5, role="moderator")).wait(3 * A_DAY + 5)
    assert [command.playbook for command in one.commands[told:]] == ["a"]


STRIKES = 21 * 60 + 30  # minutes from noon to 09:30

# In the very second of the hour either answer is right: what is settled holds from then on, what is not is asked at the tick after.
MINUTES = st.integers(0, 4000).filter(lambda minute: minute % 1440 != STRIKES)


@given(st.lists(st.tuples(MINUTES, st.sampled_from(("", "moderator", "teacher"))), max_size=8))
@settings(max_examples=60, deadline=None)
def test_hours_are_the_same_whether_the_role_is_asked_before_or_when_they_strike(
    changes: list[tuple[int, str]],
) -> None:
    """A condition that is not settled, beside the same one, keeps a timer for everybody and sends the same."""
    asked = {"schedule": Schedule(9, 30), **FREE}
    settled = story(playbook("p", "schedule.daily@09:30", conditions=MODERATORS, **asked))
    unsettled = story(playbook("p", "schedule.daily@09:30", conditions={"any": [MODERATORS]}, **asked))
    for one in (settled, unsettled):
        one.tell(event("post.read", 0))
        for minute, role in sorted(changes):
            one.tell(event("profile.changed" if role else "post.read", minute, **({"role": role} if role else {})))
        one.wait(5 * A_DAY)
    assert times(settled) == times(unsettled)


FIELDS: dict[str, dict[str, object]] = {
    "signal": {"kind": "answered", "episode": "e"}, "preference.time_chosen": {"when": "now"},
    **{name: {"command": "c"} for name in types_of(OutcomeData)}, **{name: {"name": "a"} for name in types_of(Item)},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(STILL))
def test_what_is_still_changes_nothing_that_a_condition_asks(kind: str) -> None:
    """Of a member who was here before on the day, and has said and answered more than is asked about."""
    one = story(playbook("p", "lifecycle.fading", **FREE)).tell(
        event("post.read", 0), event("profile.changed", 1, role="teacher")
    )
    state = one.loop._member.member("town/ann")
    state.posts, state.answers, state.questions = 90, 80, 70

    def facts() -> dict[str, object]:
        return {name: getter(state, {}, NOON + HOUR) for name, getter in MEMBER_FIELDS.items()}

    before = facts()
    one.tell(event(kind, 2, **FIELDS.get(kind, {})))
    counted = {"member.posts", "member.questions", "member.answers"} if kind in WORDS | ANSWERS else set()
    assert {name for name, fact in facts().items() if fact != before[name]} <= counted
    assert state.watch is not None
    assert state.watch.ahead


def test_an_answer_that_is_accepted_enters_a_segment_at_the_next_look() -> None:
    """No event of those that are looked at: what was foreseen before it does not hold."""
    accepted = Segment("accepted", {"member.accepted_answers": {"gte": 1}})
    one = story(playbook("in", "segment.entered.accepted", **FREE), segments=(accepted,)).tell(event("post.read", 0))
    one.tell(event("signal", 5, kind="accepted_answer", episode="a")).wait(3 * A_DAY)
    assert times(one) == [1.0]


def test_days_that_turn_what_nobody_waits_for_wake_nobody() -> None:
    """Who was new becomes a visitor, and is gone in the end; a playbook about somebody else's fading needs no timer for it."""
    partition = MemberPartition(
        0,
        {},
        None,
        lambda _hash: Catalog(Bundle((resource(),), (playbook("p", "lifecycle.fading", **FREE),), {"*": Policy()})),
    )
    partition.activate("c")
    partition.tick(NOON)
    partition.apply(event("post.read", 0))
    assert partition.member("town/ann").due() > NOON + 10 * DAY
    partition.tick(NOON + 15 * DAY)
    assert partition.member("town/ann").due() > NOON + 90 * DAY


def test_the_stage_before_is_the_one_of_the_day_before() -> None:
    """Also where nobody was told of it: activated between new and dormant."""
    one = story(playbook("p", "lifecycle.dormant", **FREE)).tell(event("post.created", 0, text="a")).wait(70 * A_DAY)
    assert [command.because for command in one.commands] == ["…activated>dormant…"]
    back = story(playbook("p", "lifecycle.returned", **FREE)).tell(event("post.created", 0, text="a"))
    back.tell(event("post.created", 80 * A_DAY, text="b")).wait(82 * A_DAY)
    assert [command.because for command in back.commands] == ["…dormant>returned…"]
