"""The member stage's fold: cuts and restores change nothing; time, repeats and clocks have stated meanings."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.events import Event
from processors.member.state import MemberState, Sent, decode_state, encode_state
from processors.member_partition import TIMERS_MAX, MemberPartition
from processors.playbooks.catalog import Catalog
from processors.vocabulary import Tick
from tests.support.stories import DAY, NOON, catalog, event, playbook

CATALOG = catalog(
    playbook("a"),
    playbook("b", "channel.joined", wait=1800.0),
    playbook("c", "signal.overdue"),
    playbook("d", "signal.not_started"),
)


def opened(
    states: dict[bytes, bytes] | None = None, shared: bytes | None = None, ruling: Catalog = CATALOG
) -> MemberPartition:
    """Open a partition; a new one starts with the catalog in force."""
    partition = MemberPartition(0, states or {}, shared, lambda _hash: ruling)
    if shared is None:
        partition.activate(ruling.hash)
    return partition


def tick(time: float, **fields: float) -> Event:
    """A tick of the partition."""
    return Event(f"tick/{time}", "tick", "@0", time, Tick(**fields))


LOG = st.lists(
    st.tuples(
        st.sampled_from(("post.created", "channel.joined", "community.joined", "post.read", "tick", "cut")),
        st.sampled_from("abc"),
        st.integers(1, 5000),
    ),
    max_size=40,
)


def folded(log: list[tuple[str, str, int]], *, cuts: bool) -> tuple[list[object], dict[bytes, bytes]]:
    """Fold a log, with a cut and a restore wherever it says so, or without any."""
    states: dict[bytes, bytes] = {}
    partition, minute, decisions = opened(), 0, []
    for number, (kind, member, gap) in enumerate(log):
        if kind == "cut":
            if cuts:
                decisions += partition.take_outputs().decisions
                states.update((key, value) for key, value in partition.take_touched() if value is not None)
                partition = opened(states, partition.encode_shared())
            continue
        minute += gap
        partition.apply(tick(NOON + minute * 60))
        if kind != "tick":
            partition.apply(event(kind, minute, member, f"n{number}"))
    decisions += partition.take_outputs().decisions
    states.update((key, value) for key, value in partition.take_touched() if value is not None)
    return decisions, states


@given(LOG)
@settings(max_examples=80, deadline=None)
def test_cuts_and_restores_change_nothing(log: list[tuple[str, str, int]]) -> None:
    """Decisions and states are the same with any cuts and restores between."""
    assert folded(log, cuts=True) == folded(log, cuts=False)


def test_a_run_of_ticks_fires_what_single_ticks_fire() -> None:
    """One record for a night of minutes decides what a record a minute decides."""

    def play(*, run: bool) -> list[object]:
        partition = opened()
        partition.apply(tick(NOON))
        partition.apply(event("channel.joined", 0))
        if run:
            partition.apply(tick(NOON + 7200, since=NOON))
        else:
            for minute in range(1, 121):
                partition.apply(tick(NOON + 60 * minute))
        return partition.take_outputs().decisions  # type: ignore[return-value]

    assert play(run=True) == play(run=False)
    assert len(play(run=True)) == 2


def overdue(members: int) -> dict[bytes, bytes]:
    """States of members each of whom waits for a timer in the first hour, none of which has fired yet."""
    partition = opened()
    partition.apply(tick(NOON))
    for number in range(members):
        partition.apply(event("channel.joined", number % 30, f"m{number:04}", f"n{number}"))
    states = {key: value for key, value in partition.take_touched() if value is not None}
    states[b""] = partition.encode_shared()
    return states


def after_a_pause(states: dict[bytes, bytes], *, cuts: bool) -> list[int]:
    """How many decisions each of ten ticks brings, two hours later."""
    kept = dict(states)
    shared = kept.pop(b"")
    partition, found = opened(kept, shared), []
    for number in range(10):
        partition.apply(tick(NOON + 7200 + number))
        found.append(len(partition.take_outputs().decisions))
        kept.update((key, value) for key, value in partition.take_touched() if value is not None)
        if cuts:
            partition = opened(kept, partition.encode_shared())
    return found


def test_a_tick_fires_a_bounded_number_of_timers() -> None:
    """After a pause what is due comes tick by tick, everybody once, and in the same order over any restore."""
    states = overdue(2 * TIMERS_MAX + 7)
    found = after_a_pause(states, cuts=False)
    assert found[:4] == [TIMERS_MAX, TIMERS_MAX, 7, 0]
    assert sum(found) == 2 * TIMERS_MAX + 7
    assert found == after_a_pause(states, cuts=True)


def test_a_run_of_ticks_fires_many_timers_as_single_ticks_do() -> None:
    """Where more is due than a tick fires, the next minute of the run goes on with it."""

    def play(*, run: bool) -> list[object]:
        states = overdue(TIMERS_MAX + 50)
        partition = opened(states, states.pop(b""))
        if run:
            partition.apply(tick(NOON + 7200, since=NOON + 3600))
        else:
            for minute in range(60, 121):
                partition.apply(tick(NOON + 60 * minute))
        return partition.take_outputs().decisions  # type: ignore[return-value]

    assert len(play(run=True)) == TIMERS_MAX + 50
    assert play(run=True) == play(run=False)


def test_a_repeated_id_changes_nothing() -> None:
    """The same event again is counted as a repeat and decides nothing."""
    partition = opened()
    partition.apply(tick(NOON))
    for _ in range(3):
        partition.apply(event("post.created", 0, text="hello"))
    out = partition.take_outputs()
    assert (len(out.decisions), out.repeats, partition.member("town/ann").posts) == (1, 2, 1)


def test_a_clock_a_year_off_is_refused_and_does_not_move_time() -> None:
    """Events far from the log's time are refused with a reason."""
    partition = opened()
    partition.apply(tick(NOON))
    assert partition.apply(event("post.created", 365 * 24 * 60)) == "clock"
    assert partition.apply(event("post.created", -365 * 24 * 60)) == "clock"
    assert partition.apply(event("post.created", 1)) is None
    assert partition.shared.time == NOON


def test_a_first_event_from_the_future_does_not_set_the_clock() -> None:
    """Before any tick a bad clock concerns its own member only: others are folded, and time comes with the tick."""
    partition = opened()
    partition.apply(event("post.read", 365 * 24 * 60, "far"))
    assert partition.shared.time == 0
    partition.apply(tick(NOON))
    assert partition.shared.time == NOON
    assert partition.apply(event("post.created", 1, "ann", text="hello")) is None
    assert [one.member for one in partition.take_outputs().decisions] == ["town/ann"]


def test_an_unknown_type_is_counted_and_passed() -> None:
    """A type outside the vocabulary neither fails nor decides."""
    partition = opened()
    partition.apply(Event("x", "party.thrown", "town/ann", NOON, None))
    out = partition.take_outputs()
    assert (out.unknown_types, out.decisions) == (1, [])


def test_what_was_taken_for_a_cut_is_not_lost_before_it_closes() -> None:
    """A state read between the taking and the closing of a cut is the newest one."""
    partition = opened()
    partition.apply(event("post.created", 0, text="one"))
    partition.take_touched()
    partition._young.clear()
    partition._old.clear()
    partition.apply(event("post.created", 1, text="two"))
    assert partition.member("town/ann").posts == 2


def test_a_member_state_is_small() -> None:
    """A member with a rhythm, sends and remembered ids stays under 700 bytes encoded."""
    partition = opened()
    for number in range(200):
        partition.apply(tick(NOON + number * DAY / 2))
        partition.apply(event("post.read", number * 12 * 60, "ann", f"n{number}"))
    ((_, stored),) = partition.take_touched()
    assert stored is not None
    assert len(stored) < 700


def test_a_state_of_an_older_version_still_reads() -> None:
    """Fields are only added at the end, each with a default."""
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode([1, "c", "play", "guide", "topic", "proactive"]), type=Sent)
    assert sent == Sent(1, "c", "play", "guide", "topic", "proactive", "")
    now = MemberState(posts=3, consents={"all": True})
    place = MemberState.__struct_fields__.index("consents")
    older = msgspec.msgpack.encode(msgspec.msgpack.decode(encode_state(now)[4:])[:place])
    assert decode_state(bytes(4) + older) == MemberState(posts=3)


def test_a_signal_that_repeats_after_a_kill_is_known_though_much_happened_since() -> None:
    """The community stage may repeat what one cut held; the member's own events do not push its signals out of memory."""
    partition = opened(ruling=catalog(playbook("again", "signal.asked_again", lane="answer")))
    signal = event("signal", 1, "ann", "s1", kind="asked_again", episode="asked/q")
    partition.apply(tick(NOON))
    partition.apply(signal)
    for number in range(100):
        partition.apply(event("post.read", 2, "ann", f"r{number}"))
    partition.apply(signal)
    out = partition.take_outputs()
    assert (len(out.decisions), out.repeats) == (1, 1)


def test_what_is_judged_twice_is_two_decisions() -> None:
    """A producer may repeat an event long after: what is decided then differs, and so does its id."""
    partition = opened()
    partition.apply(tick(NOON))
    for number in range(2):
        partition.apply(event("post.created", 1, "ann", "p1"))
        for other in range(40):
            partition.apply(event("post.read", 2, "ann", f"r{number}/{other}"))
    first, second = partition.take_outputs().decisions
    assert (first.verdict, second.verdict) == ("send", "drop")
    assert first.id != second.id
