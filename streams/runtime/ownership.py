"""Taking partitions over and giving them up: claim, restore up to the claim, open; cut, drop."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from uuid import uuid4

from aiokafka import TopicPartition

from streams.runtime.changelog import CLAIM_KEY, encode_claim
from streams.runtime.checkpoint import Checkpointer
from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.failpoints import Failpoints
from streams.runtime.membership import Membership, Verdict
from streams.runtime.partition import PartitionRun, Tools
from streams.runtime.reader import LogEnds
from streams.runtime.shard import Shard
from streams.runtime.stage import Stage
from streams.runtime.stores import Store

log = logging.getLogger("lotse.engine")

NewStore = Callable[[str, int], Store]


class _Opening:
    """A partition on its way to being owned."""

    def __init__(self, stage: Stage, source: TopicPartition, changelog: str, shard: Shard) -> None:
        self.stage, self.source, self.shard = stage, source, shard
        self.changelog = TopicPartition(changelog, source.partition)
        self.known_position = shard.position
        self.records_before = shard.records
        self.claim_offset = -1

    def untouched(self) -> bool:
        """Tell whether nobody wrote into the changelog since this worker's last cut."""
        return self.claim_offset == self.known_position


class Ownership:
    """Opens the partitions that the group assigns, and gives up those it revokes."""

    def __init__(
        self,
        stages: Mapping[str, Stage],
        changelogs: Mapping[str, str],
        new_store: NewStore,
        tools: Tools,
        membership: Membership,
        checkpointer: Checkpointer,
        failpoints: Failpoints,
        ends: LogEnds,
    ) -> None:
        self._ends = ends
        self._stages, self._changelogs, self._new_store = stages, changelogs, new_store
        self._tools, self._membership, self._checkpointer = tools, membership, checkpointer
        self._failpoints = failpoints
        self._shards: dict[TopicPartition, Shard] = {}  # of all that is owned or parked
        self._parked: dict[TopicPartition, PartitionRun] = {}
        self._owner = uuid4().hex
        self._term = 0  # counts givings-up: what began before one must not end after it
        self.recovered = False  # once at least
        self.refused_at: float | None = (
            None  # monotonic: the group refused what was to be opened, and has not spoken since
        )

    async def give_up(self, timeout_s: float) -> None:
        """Stop folding, take the last cut, park the rest: the next assignment mostly gives the same back."""
        self._term += 1
        self.refused_at = None
        runs = self._checkpointer.runs
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.gather(*(run.stop() for run in runs.values()))
                await self._checkpointer.checkpoint()
        except TimeoutError as error:
            raise EngineError(ExitCode.BROKER_AWAY, f"the last cut was not closed within {timeout_s:.0f} s") from error
        self._parked.update({tp: run for tp, run in runs.items() if run.next == run.closed_next})
        runs.clear()
        self._checkpointer.committed.clear()

    async def take_over(self, assigned: Iterable[TopicPartition]) -> None:
        """Open the assigned source partitions and commit the offsets they go on with, where Faust then seeks.

        Nothing is opened if the group rebalances meanwhile: another assignment follows, or the watchdog says that none does.
        """
        self.refused_at = None
        sources = [tp for tp in assigned if tp.topic in self._stages]
        self._drop(set(self._shards).difference(sources))
        self._tools.observer.rebalanced(len(sources))
        started, term = time.monotonic(), self._term
        openings = [self._opening(tp) for tp in sources]
        await self._forget_strangers([opening for opening in openings if opening.shard.resumed()])
        await self._claim(openings)
        runs = [self._open(opening) for opening in openings]
        self._parked.clear()
        offsets = {run.source: run.next for run in runs}
        verdict = await self._membership.commit(offsets) if offsets else Verdict.ACCEPTED
        if term != self._term:
            return
        if verdict is not Verdict.ACCEPTED:
            self.refused_at = time.monotonic()
            return
        self._checkpointer.committed.update(offsets)
        for opening, run in zip(openings, runs, strict=True):
            self._checkpointer.runs[run.source] = run
            run.start()
            count = opening.shard.records - opening.records_before
            self._tools.observer.recovered(run.stage.name, run.source.partition, count, time.monotonic() - started)
        self.recovered = True

    def _drop(self, lost: Iterable[TopicPartition]) -> None:
        for tp in lost:
            self._shards.pop(tp).store.release()
            self._parked.pop(tp, None)

    def _opening(self, source: TopicPartition) -> _Opening:
        stage = self._stages[source.topic]
        shard = self._shards.get(source)
        if shard is None:
            shard = self._shards[source] = Shard(self._new_store(stage.name, source.partition))
        return _Opening(stage, source, self._changelogs[stage.name], shard)

    async def _forget_strangers(self, openings: list[_Opening]) -> None:
        """Rebuild stores that remember another log: the topic was made anew, or the directory came from elsewhere."""
        by_changelog = {opening.changelog: opening for opening in openings}
        ends = await self._ends.ends(by_changelog.keys()) if openings else {}
        strangers = {tp for tp, opening in by_changelog.items() if ends.get(tp, 0) < opening.shard.position}
        spans = {tp: (o.shard.position - 1, o.shard.position) for tp, o in by_changelog.items() if tp not in strangers}
        async for tp, records in self._tools.reader.read(spans):
            if records and not by_changelog[tp].shard.follows(records[-1]):
                strangers.add(tp)
        for tp in strangers:
            log.warning("the store of %s partition %d does not fit its changelog: rebuilt", tp.topic, tp.partition)
            by_changelog[tp].shard.reset()
            by_changelog[tp].known_position = 0

    async def _claim(self, openings: list[_Opening]) -> None:
        """Write claims and restore up to them; again, with a larger epoch, where somebody else claimed first."""
        left = openings
        while left:
            await self._write_claims(left)
            self._failpoints.reached("claimed")
            await self._restore([opening for opening in left if not opening.untouched()])
            left = [opening for opening in left if opening.shard.owner != self._owner]
        for opening in openings:
            opening.shard.settle()

    async def _write_claims(self, openings: list[_Opening]) -> None:
        writer = self._tools.writer
        lanes = []
        for opening in openings:
            claim = encode_claim(opening.shard.epoch + 1, self._owner)
            lanes.append(writer.put(opening.changelog.topic, opening.changelog.partition, [(CLAIM_KEY, claim, ())]))
        await writer.acknowledged({lane: lane.put for lane in lanes})
        for opening, lane in zip(openings, lanes, strict=True):
            opening.claim_offset = lane.last_offset
            if opening.untouched():
                opening.shard.claim_own(opening.shard.epoch + 1, self._owner, lane.last_offset)

    async def _restore(self, openings: list[_Opening]) -> None:
        """Read each changelog from where its shard stands up to and including our claim."""
        by_changelog = {opening.changelog: opening for opening in openings}
        spans = {tp: (opening.shard.position, opening.claim_offset + 1) for tp, opening in by_changelog.items()}
        async for tp, records in self._tools.reader.read(spans):
            try:
                by_changelog[tp].shard.apply(records)
            except ValueError as error:
                raise EngineError(ExitCode.CONFIGURATION, f"{tp.topic} partition {tp.partition}: {error}") from error
            self._failpoints.reached("recovering")
            await asyncio.sleep(0)

    def _open(self, opening: _Opening) -> PartitionRun:
        parked = self._parked.pop(opening.source, None)
        if parked is not None and opening.untouched():
            return parked
        shard = opening.shard
        shared = shard.closing.shared if shard.closing else None
        opened = opening.stage.open(opening.source.partition, shard.store.states, shared)
        return PartitionRun(opening.stage, opening.source, shard, opened, self._tools)
