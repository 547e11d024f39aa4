"""The rule of restoring: only closed cuts count, whoever wrote between, and whatever compaction removed."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.runtime.changelog import (
    CLAIM_KEY,
    TOMBSTONE_HEADER,
    Closing,
    Stamp,
    encode_claim,
    encode_closing,
)
from streams.runtime.shard import Shard
from streams.runtime.stage import CUT_KEY
from streams.runtime.stores import MemoryStore


class Rec(msgspec.Struct):
    """A changelog record."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    topic: str = "changelog"
    partition: int = 0
    timestamp: int = 0


class Log:
    """A changelog that several owners, some of them dead or paused, write into."""

    def __init__(self) -> None:
        self.records: list[Rec] = []
        self.end = 0

    def append(self, key: bytes, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()) -> int:
        self.records.append(Rec(self.end, key, value, headers))
        self.end += 1
        return self.end - 1

    def compact(self, before: int) -> None:
        """Keep the last record of each key below an offset, as Kafka's cleaner does with an old segment."""
        last = {record.key: record.offset for record in self.records if record.offset < before}
        self.records = [r for r in self.records if r.offset >= before or last[r.key] == r.offset]


class Remembering(MemoryStore):
    """A store that outlives its process, and knows where it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.known: bytes | None = None

    def close(self, position: bytes) -> None:
        self.known = position

    def position(self) -> bytes | None:
        return self.known


class Owner:
    """An engine's side of a partition, as ownership.py and checkpoint.py drive a Shard."""

    def __init__(self, log: Log, name: str) -> None:
        self.log, self.shard = log, Shard(MemoryStore())
        self.shard.apply(log.records)
        self.log.append(CLAIM_KEY, encode_claim(self.shard.epoch + 1, name))
        self.shard.apply(log.records)
        assert self.shard.owner == name
        self.shard.settle()
        self.epoch = self.shard.epoch
        self.next = self.shard.closing.next if self.shard.closing else 0
        self.dead = False

    def states(self) -> dict[bytes, bytes]:
        return dict(self.shard.store.states.items())  # type: ignore[call-overload,no-any-return]

    def cut(self, changes: dict[bytes, bytes | None]) -> "Cut":
        return Cut(self, changes)


class Cut:
    """A cut in steps, so that other owners can write between."""

    def __init__(self, owner: Owner, changes: dict[bytes, bytes | None]) -> None:
        self.owner, shard = owner, owner.shard
        self.stamp = Stamp(owner.epoch, shard.cut + 1)
        self.closing = Closing(next=owner.next + 1, shared=b"%d" % self.stamp.cut)
        self.states = [*changes.items(), *shard.rewrites(changes)]
        self.due = shard.position + len(self.states)
        shard.store.hold(
            {k: v for k, v in changes.items() if v is not None}, [k for k, v in changes.items() if v is None]
        )

    def write_states(self) -> None:
        prefix = self.stamp.encode()
        for key, value in self.states:
            if value is None:
                self.owner.log.append(key, None, ((TOMBSTONE_HEADER, prefix),))
            else:
                self.owner.log.append(key, prefix + value)

    def close(self) -> bool:
        """Write the closing record; tell whether nobody else had written since the owner last looked."""
        offset = self.owner.log.append(CUT_KEY, encode_closing(self.stamp, self.closing))
        if offset != self.due:
            self.owner.dead = True
            return False
        self.owner.shard.close_own(self.stamp.cut, self.closing, offset + 1)
        self.owner.next = self.closing.next
        return True


def test_an_open_cut_is_set_aside_and_its_closed_values_are_written_again() -> None:
    log = Log()
    first = Owner(log, "one")
    cut = first.cut({b"a": b"1", b"b": b"1"})
    cut.write_states()
    assert cut.close()
    first.cut({b"a": b"2", b"c": b"2"}).write_states()  # dies before closing
    second = Owner(log, "two")
    assert second.states() == {b"a": b"1", b"b": b"1"}
    assert second.next == 1
    assert second.shard.must_rewrite()
    assert sorted(second.shard.rewrites([])) == [(b"a", b"1"), (b"c", None)]
    rewriting = second.cut({})
    rewriting.write_states()
    assert rewriting.close()
    log.compact(log.end)
    assert Owner(log, "three").states() == {b"a": b"1", b"b": b"1"}


def test_a_paused_owner_cannot_close_a_cut_over_its_successor() -> None:
    log = Log()
    first = Owner(log, "one")
    cut = first.cut({b"a": b"1"})
    second = Owner(log, "two")
    cut.write_states()  # resumed after its successor has begun
    assert not cut.close()
    late = second.cut({b"b": b"2"})
    late.write_states()
    assert not late.close()  # notices by its offset that it is not alone
    third = Owner(log, "three")
    assert third.states() == {b"b": b"2"}
    assert third.shard.must_rewrite()


def test_a_paused_owners_states_are_not_swallowed_by_the_successors_cut() -> None:
    log = Log()
    first = Owner(log, "one")
    cut = first.cut({b"a": b"1"})
    second = Owner(log, "two")
    mine = second.cut({b"a": b"2"})
    mine.write_states()
    cut.write_states()  # between the successor's states and its closing record
    assert not mine.close()
    third = Owner(log, "three")
    assert third.states() == {b"a": b"2"}
    assert third.shard.rewrites([]) == [(b"a", b"2")]


def test_a_void_closing_record_is_written_over() -> None:
    log = Log()
    first = Owner(log, "one")
    cut = first.cut({})
    second = Owner(log, "two")
    assert not cut.close()
    second.shard.apply(log.records)
    assert second.shard.must_rewrite()
    assert second.shard.closing is None


def test_a_store_is_held_against_its_changelog_once_and_not_after_our_own_claim() -> None:
    """Behind it lies that claim, no closing record: who looks again, at the next rebalance, would take the store for a stranger's."""
    store, log = Remembering(), Log()
    first = Shard(store)
    log.append(CLAIM_KEY, encode_claim(1, "one"))
    first.apply(log.records)
    closing = Closing(next=5, shared=b"")
    first.close_own(1, closing, log.append(CUT_KEY, encode_closing(Stamp(1, 1), closing)) + 1)
    second = Shard(store)
    assert second.resumed()
    assert second.follows(log.records[second.position - 1])
    second.claim_own(2, "two", log.append(CLAIM_KEY, encode_claim(2, "two")))
    assert not second.resumed()


def test_a_record_that_is_not_the_engines_is_refused() -> None:
    with pytest.raises(ValueError, match="prefix"):
        Shard(MemoryStore()).apply([Rec(0, b"a", b"something of somebody else's")])


def test_records_below_the_position_are_skipped() -> None:
    log = Log()
    owner = Owner(log, "one")
    cut = owner.cut({b"a": b"1"})
    cut.write_states()
    cut.close()
    shard = Shard(MemoryStore())
    shard.apply(log.records)
    shard.apply(log.records)
    assert (dict(shard.store.states.items()), shard.cut) == ({b"a": b"1"}, 1)  # type: ignore[call-overload]


keys = st.sampled_from([b"a", b"b", b"c", b"d"])
steps = st.one_of(
    st.tuples(st.just("cut"), st.dictionaries(keys, st.booleans(), max_size=3)),
    st.tuples(st.just("crossed cut"), st.tuples(st.dictionaries(keys, st.booleans(), max_size=3), st.booleans())),
    st.tuples(st.just("die open"), st.dictionaries(keys, st.booleans(), max_size=3)),
    st.tuples(st.just("pause"), st.tuples(st.dictionaries(keys, st.booleans(), max_size=3), st.booleans())),
    st.tuples(st.just("wake"), st.tuples(st.integers(0, 3), st.booleans())),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("compact"), st.floats(0, 1)),
)


class World:
    """Runs steps against the real Shard and against a model: the closed states and position after each cut."""

    def __init__(self) -> None:
        self.log, self.names = Log(), iter(range(10_000))
        self.paused: list[Cut] = []
        self.values = iter(range(1, 10_000))
        self.closed: dict[bytes, bytes] = {}
        self.cut = 0
        self.clean = 0  # up to here everything void has been written again
        self.owner = self.new_owner()

    def new_owner(self) -> Owner:
        owner = Owner(self.log, f"owner-{next(self.names)}")
        self.check(owner)
        return owner

    def check(self, owner: Owner) -> None:
        assert owner.states() == self.closed
        assert owner.shard.cut == self.cut
        assert owner.next == self.cut

    def changes(self, touched: dict[bytes, bool]) -> dict[bytes, bytes | None]:
        return {key: b"%d" % next(self.values) if keep else None for key, keep in touched.items()}

    def living(self) -> Owner:
        if self.owner.dead:
            self.owner = self.new_owner()
        return self.owner

    def run(self, step: str, argument: Any) -> None:
        getattr(self, "do_" + step.replace(" ", "_"))(argument)

    def do_cut(self, touched: dict[bytes, bool]) -> None:
        owner, changes = self.living(), self.changes(touched)
        saw_all = owner.shard.position == self.log.end
        cut = owner.cut(changes)
        cut.write_states()
        alone = cut.close()
        assert alone == saw_all
        self.closes(cut, changes)
        if alone:
            self.clean = self.log.end

    def do_crossed_cut(self, argument: tuple[dict[bytes, bool], bool]) -> None:
        """A paused owner wakes between the states and the closing record of the present owner's cut."""
        touched, closes = argument
        owner, changes = self.living(), self.changes(touched)
        cut = owner.cut(changes)
        cut.write_states()
        self.do_wake((0, closes))
        alone = cut.close()
        self.closes(cut, changes)
        if alone:
            self.clean = self.log.end

    def closes(self, cut: Cut, changes: dict[bytes, bytes | None]) -> None:
        self.cut = cut.stamp.cut
        self.closed.update({key: value for key, value in changes.items() if value is not None})
        for key in [key for key, value in changes.items() if value is None]:
            self.closed.pop(key, None)

    def do_die_open(self, touched: dict[bytes, bool]) -> None:
        self.living().cut(self.changes(touched)).write_states()
        self.owner.dead = True

    def do_pause(self, argument: tuple[dict[bytes, bool], bool]) -> None:
        touched, states_written = argument
        cut = self.living().cut(self.changes(touched))
        if states_written:
            cut.write_states()
            cut.states = []
        self.paused.append(cut)
        self.owner = self.new_owner()

    def do_wake(self, argument: tuple[int, bool]) -> None:
        index, closes = argument
        if index < len(self.paused):
            cut = self.paused.pop(index)
            cut.write_states()
            if closes:
                cut.close()

    def do_restart(self, _: None) -> None:
        self.owner = self.new_owner()

    def do_compact(self, share: float) -> None:
        """Compaction waits min.compaction.lag.ms: never beyond what the owner has written again."""
        self.log.compact(int(self.clean * share))


@settings(max_examples=400, deadline=None)
@given(st.lists(steps, max_size=25))
def test_restoring_gives_the_closed_cuts_whatever_happened(plan: list[tuple[str, Any]]) -> None:
    """Deaths, pauses, late writers and compaction in any order: states, cut and offset are those of the last closed cut."""
    world = World()
    for step, argument in plan:
        world.run(step, argument)
        world.check(Owner(world.log, f"reader-{next(world.names)}")) if step == "compact" else None
        if step == "compact":
            world.owner.dead = True
    world.new_owner()
