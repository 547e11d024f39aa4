"""The watchdog's judgement, on made-up positions: when to end, when only to warn, when to remind."""

import asyncio
import time
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.watchdog import Watchdog

SOURCE, CHANGELOG = TopicPartition("source", 0), TopicPartition("app-members-changelog", 0)
OTHER, OTHERS = TopicPartition("source", 1), TopicPartition("app-members-changelog", 1)


class Ends:
    """Where logs end, as a test says."""

    def __init__(self, source: int, changelog: int) -> None:
        self.known = {SOURCE: source, CHANGELOG: changelog, OTHER: source, OTHERS: changelog}

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.known[tp] for tp in partitions}


class Run:
    """A partition at `next`, with its changelog read up to 7."""

    def __init__(
        self, next_offset: int, *, waits: bool = False, busy: bool = False, source: TopicPartition = SOURCE
    ) -> None:
        self.next, self.waits_for_stage, self.source, self._busy = next_offset, waits, source, busy
        self.stage, self.shard = SimpleNamespace(name="members"), SimpleNamespace(position=7)
        self.reminded: list[int] = []

    def idle(self) -> bool:
        return not self._busy

    def read_up_to(self, end: int) -> None:
        self.reminded.append(end)


def watchdog(
    run: Run, ends: Ends, committed: int, stall_s: float, *others: Run, refused_at: float | None = None
) -> Watchdog:
    runs = {one.source: one for one in (run, *others)}
    checkpointer: Any = SimpleNamespace(runs=runs, committed=dict.fromkeys(runs, committed), lock=asyncio.Lock())
    log_ends: Any = ends
    ownership: Any = SimpleNamespace(refused_at=refused_at)
    return Watchdog(checkpointer, ownership, log_ends, {"members": CHANGELOG.topic}, stall_s)


def look(dog: Watchdog, times: int) -> None:
    async def repeat() -> None:
        for _ in range(times):
            await dog.look()

    asyncio.run(repeat())


def test_records_that_wait_while_the_commit_stands_end_the_process() -> None:
    dog = watchdog(Run(5), Ends(10, 7), committed=5, stall_s=-1)
    with pytest.raises(EngineError, match="5 records wait") as raised:
        look(dog, 1)
    assert (raised.value.code, dog.happy) == (ExitCode.STALLED, False)


def test_a_refusal_that_no_assignment_follows_ends_the_process() -> None:
    """Such a worker holds nothing, so nothing of it could stall."""
    long_ago = time.monotonic() - 61
    dog = watchdog(Run(10), Ends(10, 7), committed=10, stall_s=60, refused_at=long_ago)
    with pytest.raises(EngineError, match="no assignment has followed for 60 s") as raised:
        look(dog, 1)
    assert (raised.value.code, dog.happy) == (ExitCode.STALLED, False)
    look(watchdog(Run(10), Ends(10, 7), committed=10, stall_s=60, refused_at=long_ago + 30), 1)


def test_a_commit_at_the_end_is_no_stall() -> None:
    dog = watchdog(Run(10), Ends(10, 7), committed=10, stall_s=0)
    look(dog, 5)
    assert (dog.happy, dog.lag) == (True, {SOURCE: 0})


def test_a_partition_that_waits_for_its_stage_is_only_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    dog = watchdog(Run(5, waits=True), Ends(10, 7), committed=5, stall_s=-1)
    look(dog, 3)
    assert "stage members, partition 0 waits" in caplog.text
    assert dog.happy


def test_records_that_faust_forgot_are_asked_for_after_two_looks() -> None:
    run = Run(5)
    dog = watchdog(run, Ends(10, 7), committed=5, stall_s=60)
    look(dog, 1)
    assert run.reminded == []
    look(dog, 1)
    assert run.reminded == [10]


@pytest.mark.parametrize("waits", [False, True])
def test_nothing_is_forgotten_while_another_partition_has_something_to_fold(*, waits: bool) -> None:
    """In a backlog each partition has its turn; to read its records beside Faust would be to read them twice. One that waits has none."""
    run, other = Run(5), Run(3, waits=waits, busy=True, source=OTHER)
    look(watchdog(run, Ends(10, 7), 5, 60, other), 3)
    assert run.reminded == ([10, 10] if waits else [])


def test_a_turn_that_does_not_come_is_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another partition's backlog may last: what is forgotten is read before the worker counts as stalled."""
    run, other, now = Run(5), Run(3, busy=True, source=OTHER), [100.0]
    monkeypatch.setattr("streams.runtime.watchdog.time", SimpleNamespace(monotonic=lambda: now[0]))
    dog = watchdog(run, Ends(10, 7), 5, 60, other)
    look(dog, 3)
    now[0] += 31
    look(dog, 2)
    assert run.reminded == [10]


def test_a_longer_changelog_than_ours_is_a_foreign_write() -> None:
    with pytest.raises(EngineError, match="somebody else wrote into app-members-changelog partition 0") as raised:
        look(watchdog(Run(10), Ends(10, 8), committed=10, stall_s=60), 1)
    assert raised.value.code is ExitCode.FOREIGN_WRITE
