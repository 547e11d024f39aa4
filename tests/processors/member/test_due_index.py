"""What a timer decides, and when, follows from its own due: whatever else a member is woken for, or is spared, changes nothing."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.decisions import Decision
from processors.events import Event
from processors.local_time import Schedule
from processors.member.due_index import SLOT, DueIndex, passed, slot_of
from processors.member.remembered import Occasions, Watch
from processors.member.state import NEVER, MemberState
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.playbooks.conditions import Segment
from processors.playbooks.journeys import Journey, Step
from processors.playbooks.resources import Bundle, Playbook, Policy
from processors.playbooks.watches import Watches
from processors.vocabulary import VOCABULARY
from tests.support.stories import DAY, HOUR, NOON, playbook, resource

Disturb = Callable[[MemberPartition], None]
MEMBERS = ("town/ann", "town/bob", "town/cem")
FREE = {"lane": "staff", "channels": ("staff",), "once_per": "signal"}
JOURNEYS = (
    Journey("first", ("post.read",), (Step("a", ("task.completed",), usual=5 * HOUR),)),
    Journey("second", ("channel.joined",), (Step("b", ("task.completed",), usual=7.3 * HOUR),)),
)


def catalog() -> Catalog:
    """Playbooks for all that timers are for: waits, nights, absences, hours, stages, segments, steps, silence."""
    waiting: tuple[Playbook, ...] = (
        playbook("wait", "post.created", wait=1800.0, lane="answer", cooldown=0.0),
        playbook("day", "post.read", wait=DAY, lane="staff", channels=("staff",)),
        playbook("start", "signal.not_started", **FREE),
        playbook("stuck", "signal.stuck", **FREE),
        playbook("gone", "signal.overdue", **FREE),
        playbook("short", f"absence.{int(2 * HOUR)}", **FREE),
        playbook("long", f"absence.{int(3 * DAY)}", **FREE),
        playbook("nine", "schedule.daily@09:00", schedule=Schedule(9), **FREE),
        playbook("monday", "schedule.mon@18:30", schedule=Schedule(18, 30, weekdays=(0,)), **FREE),
        playbook("fading", "lifecycle.activated", **FREE),
        playbook("dormant", "lifecycle.dormant", **FREE),
        playbook("quiet", "segment.entered.quiet", **FREE),
        playbook("loud", "segment.left.quiet", **FREE),
    )
    quiet = Segment("quiet", {"member.silent_days": {"gte": 2, "lt": 30}})
    policy = Policy(journeys=JOURNEYS, staff_day=20, cooldown_theme=0.0, cooldown_resource=0.0)
    return Catalog(Bundle((resource(),), waiting, {"*": policy}, (), segments=(quiet,)))


CATALOG = catalog()
KINDS = ("post.created", "post.read", "channel.joined", "task.completed", "community.left", "community.joined",
         "profile.changed", "absence.announced", "outcome.delivered")  # fmt: skip
LOG = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(MEMBERS),
        st.one_of(st.integers(1, 4000), st.integers(1, int(9 * DAY)), st.sampled_from([60, 3600, int(DAY)])),
    ),
    min_size=1,
    max_size=14,
)


def fields(kind: str, time: float, number: int) -> dict[str, object]:
    """What such an event says."""
    return {
        "absence.announced": {"until": time + (number % 5) * DAY},
        "profile.changed": {"region": f"r{number}"},
        "outcome.delivered": {"command": "c"},
        "task.completed": {"name": "x"},
    }.get(kind, {})


def decided(log: list[tuple[str, str, int]], every: float, disturb: Disturb) -> list[Decision]:
    """Fold a log with a tick each so many seconds, and forty days of silence; before some ticks something else is done."""
    partition, now, found = MemberPartition(0, {}, None, lambda _hash: CATALOG), NOON, list[Decision]()
    partition.activate(CATALOG.hash)
    partition.tick(now)

    def pass_time(until: float) -> None:
        nonlocal now
        while now + every <= until:
            # Times at which nothing is due are jumped over, as in a replay, but for some ticks before.
            now += max(1, (min(until, partition.next_fire()) - now - 3 * every) // every) * every
            disturb(partition)
            partition.tick(now)

    time = NOON
    for number, (kind, member, gap) in enumerate(log):
        time += gap
        pass_time(time)
        partition.apply(Event(f"e{number}", kind, member, time, VOCABULARY[kind](**fields(kind, time, number))))
        found += partition.take_outputs().decisions
    pass_time(time + 70 * DAY)
    return found + partition.take_outputs().decisions


def undisturbed(_partition: MemberPartition) -> None:
    """Leave all as it is."""


def waking(random: Random) -> Disturb:
    """Wake members for nothing: by entries of the due-index that are stale, by watches, and by timers of which nobody hears."""

    def disturb(partition: MemberPartition) -> None:
        key, at = random.choice(MEMBERS), int(partition.shared.time) + random.randint(1, 9000)
        state = partition.member(key)
        if not state.seen or random.random() < 0.5:
            return
        match random.randrange(3):
            case 0:
                state.armed = min(state.armed, at)
            case 1 if state.watch is not None:
                state.watch.due = min(state.watch.due, at)
            case _:
                state.occasions = Occasions(events=((at, "nobody waits for it"),))
        partition._arm(key, state)
        partition._due.add(key.encode(), min(state.armed, at))

    return disturb


@given(LOG, st.sampled_from([60.0, 17.0, 1.5]), st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_who_is_woken_for_nothing_gets_the_same_at_the_same_times(
    log: list[tuple[str, str, int]], every: float, seed: int
) -> None:
    """Other timers of a member, of any kind and at any time, neither bring anything earlier nor later."""
    assert decided(log, every, waking(Random(seed))) == decided(log, every, undisturbed)


@given(LOG, st.sampled_from([60.0, 17.0]), st.integers(0, 2**32))
@example(  # at midnight, and a tick comes after the look is due
    log=[("post.created", "town/ann", int(12 * HOUR))], every=17.0, seed=0
)
@settings(max_examples=20, deadline=None)
def test_looks_that_are_spared_change_nothing(log: list[tuple[str, str, int]], every: float, seed: int) -> None:
    """None of them, some, or all that are foreseen."""
    random, spared = Random(seed), Watches._spared

    def some(self: Watches, state: MemberState, watch: Watch, day: int) -> int:
        ahead = spared(self, state, watch, day)
        less = random.choice((0, ahead, random.randint(min(watch.day, ahead), ahead)))
        return less if less > watch.day else 0

    foreseen = decided(log, every, undisturbed)
    for looks in (some, lambda *_: 0):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Watches, "_spared", looks)
            assert decided(log, every, undisturbed) == foreseen


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 300)), max_size=30), st.integers(1, 400))
def test_a_timer_is_taken_when_its_slot_has_passed(noted: list[tuple[int, int]], now: int) -> None:
    """No earlier and no later; in the order of the names, whatever the slots are."""
    dues = {b"%d" % name: due for name, due in noted}
    index = DueIndex()
    for name, due in noted:
        index.add(b"%d" % name, due)
    taken = index.take(now, 100, lambda slot, key: slot_of(dues[key]) == slot)
    assert taken == sorted(key for key, due in dues.items() if due <= passed(now))
    assert index.next_fire() > now
    assert now - SLOT < passed(now) <= now < NEVER
