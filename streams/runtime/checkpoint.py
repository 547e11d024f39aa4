"""The cut: all or nothing, in four acknowledged steps."""

import asyncio
import time
from collections.abc import Iterable, Mapping

from aiokafka import TopicPartition

from streams.runtime.changelog import PREFIX_SIZE, TOMBSTONE_HEADER, Closing, Stamp, encode_closing
from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.failpoints import Failpoints
from streams.runtime.membership import Membership, Verdict
from streams.runtime.observer import EngineObserver
from streams.runtime.outputs import Entry, Lane, Writer
from streams.runtime.partition import PartitionRun
from streams.runtime.stage import CUT_KEY

# Said to whoever reads the log: a restart mends the one, nothing but another name the other.
MEMBER_NO_MORE = "the group no longer counts this worker as a member; again and again: is another process called by its LOTSE_WORKER?"


class _Cut:
    """What one partition is at one moment, encoded."""

    def __init__(self, run: PartitionRun, changelog: str) -> None:
        self.run, self.changelog = run, changelog
        self.started = time.monotonic()
        shard, opened = run.shard, run.opened
        self.stamp = Stamp(shard.epoch, shard.cut + 1)
        touched = dict(opened.take_touched())
        self.closing = Closing(next=run.next, shared=opened.shared())
        run.was_cut()
        changed = {key: value for key, value in touched.items() if value is not None}
        shard.store.hold(changed, [key for key, value in touched.items() if value is None])
        prefix = self.stamp.encode()
        self.entries = list(_entries(prefix, [*touched.items(), *shard.rewrites(touched)]))
        self.size = sum(len(value or b"") for _, value, _ in self.entries)
        self.expected_end = shard.position + len(self.entries)  # offset of the closing record if nobody else writes

    def closing_entry(self) -> Entry:
        return CUT_KEY, encode_closing(self.stamp, self.closing), ()


def _entries(prefix: bytes, states: Iterable[tuple[bytes, bytes | None]]) -> Iterable[Entry]:
    tombstone = ((TOMBSTONE_HEADER, prefix),)
    for key, value in states:
        yield (key, prefix + value, ()) if value is not None else (key, None, tombstone)


class Checkpointer:
    """Takes cuts of the partitions it knows; one at a time."""

    def __init__(
        self,
        writer: Writer,
        membership: Membership,
        changelogs: Mapping[str, str],
        failpoints: Failpoints,
        observer: EngineObserver,
    ) -> None:
        self._writer, self._membership, self._changelogs = writer, membership, changelogs
        self._failpoints, self._observer = failpoints, observer
        self.runs: dict[TopicPartition, PartitionRun] = {}
        self.committed: dict[TopicPartition, int] = {}
        self.lock = asyncio.Lock()

    async def checkpoint(self) -> bool:
        """Cut every partition in which something happened; False if the group is rebalancing and nothing was done.

        Raises EngineError where the process must end: MEMBERSHIP_LOST, FOREIGN_WRITE, BROKER_AWAY.
        """
        async with self.lock:
            due = [run for run in self.runs.values() if run.next != run.closed_next or run.shard.must_rewrite()]
            if not due:
                return True
            if not await self._prove({run.source: self.committed[run.source] for run in due}):
                return False
            cuts = await self._cut(due)
            self._failpoints.reached("proved")
            await self._write_states(cuts)
            self._failpoints.reached("states")
            await self._close(cuts)
            self._failpoints.reached("closed")
            await self._commit(cuts)
            self._failpoints.reached("committed")
            return True

    async def _cut(self, due: list[PartitionRun]) -> list[_Cut]:
        """Take each partition's cut at one moment; between two of them what waits is folded and sent."""
        cuts = []
        for run in due:
            cuts.append(_Cut(run, self._changelogs[run.stage.name]))
            self._writer.submit(run.opened.take_outputs())
            await asyncio.sleep(0)
        return cuts

    async def _prove(self, offsets: dict[TopicPartition, int]) -> bool:
        """Step 1: commit the old offsets again; a worker that is no longer a member is refused before it writes."""
        verdict = await self._membership.commit(offsets)
        if verdict is Verdict.REFUSED:
            raise EngineError(ExitCode.MEMBERSHIP_LOST, MEMBER_NO_MORE)
        return verdict is Verdict.ACCEPTED

    async def _write_states(self, cuts: list[_Cut]) -> None:
        """Step 2: outputs (on their way since they were folded) and states, acknowledged."""
        if self._failpoints.armed("half"):
            for cut in cuts:
                self._put(cut, cut.entries[: len(cut.entries) // 2])
            await self._writer.acknowledged(self._writer.mark())
            self._failpoints.reached("half")
        for cut in cuts:
            self._put(cut, cut.entries)
        await self._writer.acknowledged(self._writer.mark())

    def _put(self, cut: _Cut, entries: Iterable[Entry]) -> Lane:
        return self._writer.put(cut.changelog, cut.run.source.partition, entries)

    async def _close(self, cuts: list[_Cut]) -> None:
        """Step 3: the closing records, acknowledged; and nobody may have written between ours."""
        lanes = [self._put(cut, [cut.closing_entry()]) for cut in cuts]
        await self._writer.acknowledged({lane: lane.put for lane in lanes})
        for cut, lane in zip(cuts, lanes, strict=True):
            if lane.last_offset != cut.expected_end:
                where = f"{cut.changelog} partition {lane.partition}"
                raise EngineError(
                    ExitCode.FOREIGN_WRITE,
                    f"somebody else wrote into {where}: offset {lane.last_offset} where {cut.expected_end} was due",
                )
            cut.run.shard.close_own(cut.stamp.cut, cut.closing, cut.expected_end + 1)
            cut.run.closed_next = cut.closing.next

    async def _commit(self, cuts: list[_Cut]) -> None:
        """Step 4: the offsets. While the group rebalances this may wait: restoring goes by the closing record."""
        offsets = {cut.run.source: cut.closing.next for cut in cuts}
        verdict = await self._membership.commit(offsets)
        if verdict is Verdict.REFUSED:
            raise EngineError(ExitCode.MEMBERSHIP_LOST, "the group refused the offsets of a closed cut")
        if verdict is Verdict.ACCEPTED:
            self.committed.update(offsets)
        for cut in cuts:
            run, seconds = cut.run, time.monotonic() - cut.started
            size = cut.size - PREFIX_SIZE * len(cut.entries)
            self._observer.cut_closed(run.stage.name, run.source.partition, len(cut.entries), size, seconds)
