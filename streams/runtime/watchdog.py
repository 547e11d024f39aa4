"""Watching over progress: lag with an unmoved commit, records Faust forgot, foreign writes into idle changelogs."""

import logging
import time
from collections.abc import Mapping
from typing import Protocol

from aiokafka import TopicPartition

from streams.runtime.checkpoint import Checkpointer
from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.partition import PartitionRun
from streams.runtime.reader import LogEnds

log = logging.getLogger("lotse.engine")


class _Watch:
    """What was seen of a partition last time."""

    def __init__(self, now: float) -> None:
        self.committed = -1
        self.moved_at = now
        self.stuck_at = -1  # `next` of the last look, if records waited and none came


class Refusals(Protocol):
    """Who opens partitions: `refused_at` is when (monotonic) the group refused it, None where it has spoken again since."""

    refused_at: float | None


class Watchdog:
    """Looks every few seconds at where logs end and where this worker is."""

    def __init__(
        self,
        checkpointer: Checkpointer,
        ownership: Refusals,
        ends: LogEnds,
        changelogs: Mapping[str, str],
        stall_s: float,
    ) -> None:
        self._checkpointer, self._ownership, self._log_ends = checkpointer, ownership, ends
        self._changelogs, self._stall = changelogs, stall_s
        self._watches: dict[PartitionRun, _Watch] = {}
        self.lag: dict[TopicPartition, int] = {}
        self.happy = True

    async def look(self) -> None:
        """Look once. Raises EngineError: STALLED, or FOREIGN_WRITE for an idle partition's changelog."""
        self._check_membership()
        runs = list(self._checkpointer.runs.values())
        self._watches = {run: self._watches.get(run) or _Watch(time.monotonic()) for run in runs}
        positions = {run: run.shard.position for run in runs}
        partitions = [run.source for run in runs] + [self._changelog_of(run) for run in runs]
        ends = await self._log_ends.ends(partitions) if partitions else {}
        self.lag = {run.source: max(0, ends[run.source] - run.next) for run in runs if run.source in ends}
        for run in runs:
            if self._checkpointer.runs.get(run.source) is run and ends:
                self._check_changelog(run, positions[run], ends[self._changelog_of(run)])
                self._check_progress(run, ends[run.source])

    def _check_membership(self) -> None:
        refused_at = self._ownership.refused_at
        if refused_at is not None and time.monotonic() - refused_at > self._stall:
            self.happy = False
            raise EngineError(
                ExitCode.STALLED,
                f"the group refused the offsets of what it had assigned, and no assignment has followed for {self._stall:.0f} s",
            )

    def _changelog_of(self, run: PartitionRun) -> TopicPartition:
        return TopicPartition(self._changelogs[run.stage.name], run.source.partition)

    def _check_changelog(self, run: PartitionRun, position: int, end: int) -> None:
        """An owner that writes notices by its offsets that it is not alone; one that is idle notices here."""
        quiet = position == run.shard.position and not self._checkpointer.lock.locked()
        if quiet and end > position:
            tp = self._changelog_of(run)
            raise EngineError(ExitCode.FOREIGN_WRITE, f"somebody else wrote into {tp.topic} partition {tp.partition}")

    def _check_progress(self, run: PartitionRun, end: int) -> None:
        watch, now = self._watches[run], time.monotonic()
        committed = self._checkpointer.committed.get(run.source, 0)
        if committed != watch.committed or committed >= end:
            watch.committed, watch.moved_at = committed, now
        if run.waits_for_stage:
            if now - watch.moved_at > self._stall:
                log.warning("stage %s, partition %d waits for something its records name", *_name(run))
                watch.moved_at = now
        elif now - watch.moved_at > self._stall:
            self.happy = False
            raise EngineError(
                ExitCode.STALLED,
                f"{run.source.topic} partition {run.source.partition}: {end - committed} records wait, and the commit "
                f"has not moved for {self._stall:.0f} s",
            )
        self._remind(run, watch, end, patience=now - watch.moved_at < self._stall / 2)

    def _remind(self, run: PartitionRun, watch: _Watch, end: int, *, patience: bool) -> None:
        """Have records read that Faust dropped at a log's end, where no later chunk would show the gap.

        While another partition has something to fold this one's may yet come: in a backlog each has its turn, within some time.
        """
        in_turn = patience and any(not one.idle() and not one.waits_for_stage for one in self._watches)
        forgotten = run.next < end and run.idle() and not in_turn
        if forgotten and watch.stuck_at == run.next:
            run.read_up_to(end)
        watch.stuck_at = run.next if forgotten else -1


def _name(run: PartitionRun) -> tuple[str, int]:
    return run.stage.name, run.source.partition
