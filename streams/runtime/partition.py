"""A source partition that this worker owns: chunks come in, are folded in offset order, and are cut."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence

from aiokafka import TopicPartition

from streams.runtime.exits import halt_on
from streams.runtime.observer import EngineObserver
from streams.runtime.outputs import Writer
from streams.runtime.reader import LogReader
from streams.runtime.settings import EngineSettings
from streams.runtime.shard import Shard
from streams.runtime.stage import Record, Stage, StagePartition

OnFailure = Callable[[BaseException, str], object]
# Records folded before the loop turns. Each step of a cut waits for several turns, in each of which every partition of a backlog folds:
# with whole chunks of 2,000 (5,000 where a gap is read) a cut takes long, on a busy machine a good part of `stall_s`.
FOLDED_AT_ONCE = 500


class Tools:
    """What all partitions of a worker share."""

    def __init__(
        self,
        settings: EngineSettings,
        writer: Writer,
        reader: LogReader,
        observer: EngineObserver,
        hurry: asyncio.Event,
    ) -> None:
        self.settings, self.writer, self.reader, self.observer = settings, writer, reader, observer
        self.hurry = hurry  # set: a cut is wanted before its time
        self.on_failure: OnFailure = halt_on
        self.folded: Callable[[], object] = lambda: None  # after each fold; the failpoint
        self.made_room: Callable[[TopicPartition], object] = lambda _: None  # after each chunk


class PartitionRun:
    """One partition from its opening to its giving up. `next` is the offset that folding goes on with."""

    def __init__(
        self, stage: Stage, source: TopicPartition, shard: Shard, opened: StagePartition, tools: Tools
    ) -> None:
        self.stage, self.source, self.shard, self.opened, self._tools = stage, source, shard, opened, tools
        self.next = self.closed_next = shard.closing.next if shard.closing else 0
        self.uncut_records = 0
        self.waits_for_stage = False  # suspended in Stage.prepare
        self._end_wanted = 0
        self._chunks: deque[list[Record]] = deque()
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        self._cut = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to fold."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Fold nothing more; chunks that wait are dropped, for they will be read again."""
        task, self._task = self._task, None
        self._chunks.clear()
        self._drained.set()  # the agent may wait for room here, and feeds other partitions too
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def full(self) -> bool:
        """Tell whether enough chunks wait."""
        return len(self._chunks) >= self._tools.settings.max_queued_chunks

    def idle(self) -> bool:
        """Tell whether no chunk waits and no gap is being read."""
        return not self._chunks and self._end_wanted <= self.next

    def offer(self, records: list[Record]) -> None:
        """Queue a chunk."""
        self._chunks.append(records)
        self._wake.set()

    def read_up_to(self, end: int) -> None:
        """Read [next, end) outside of Faust's flow, unless chunks have come meanwhile."""
        if self._task is not None and self.idle():
            self._end_wanted = end
            self._wake.set()

    async def drained(self) -> None:
        """Wait until there is room for a chunk, or the partition waits for its stage."""
        self._drained.clear()
        while self.full() and not self.waits_for_stage and self._task is not None:
            await self._drained.wait()
            self._drained.clear()

    def was_cut(self) -> None:
        """Take note that a cut has begun: all folded so far is in it."""
        self.uncut_records = 0
        self._cut.set()

    async def _run(self) -> None:
        try:
            while True:
                while not self._chunks and self._end_wanted <= self.next:
                    self._wake.clear()
                    await self._wake.wait()
                await self._next_chunk()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever a stage raises, the partition is not where it should be)
            where = f"stage {self.stage.name}, {self.source.topic} partition {self.source.partition}, after {self.next}"
            self._tools.on_failure(error, where)

    async def _next_chunk(self) -> None:
        if not self._chunks:
            await self._fill_gap(self._end_wanted)
            return
        records = self._chunks[0]
        if records[0].offset > self.next:
            await self._fill_gap(records[0].offset)
        await self._fold_when_ready(records)
        self._chunks.popleft()
        self._drained.set()
        self._tools.made_room(self.source)

    async def _fill_gap(self, end: int) -> None:
        """Read [next, end) again, which Faust did not deliver. What the log itself lacks is passed over."""
        async for _, records in self._tools.reader.read({self.source: (self.next, end)}):
            if records:
                await self._fold_when_ready(records)
        self.next = max(self.next, end)

    async def _fold_when_ready(self, records: Sequence[Record]) -> None:
        if records[0].offset < self.next:
            records = [record for record in records if record.offset >= self.next]
        if not records:
            return
        await self._prepare(records)
        for begin in range(0, len(records), FOLDED_AT_ONCE):
            await self._tools.writer.room()
            while self.uncut_records > 2 * self._tools.settings.max_uncut_records:
                self._cut.clear()
                await self._cut.wait()
            self._fold(records[begin : begin + FOLDED_AT_ONCE])
            await asyncio.sleep(0)

    async def _prepare(self, records: Sequence[Record]) -> None:
        self.waits_for_stage = True
        self._drained.set()
        try:
            await self.stage.prepare(records)
        finally:
            self.waits_for_stage = False

    def _fold(self, records: Sequence[Record]) -> None:
        """Fold without an await: states, outputs and `next` move together, so a cut never sees half of a chunk."""
        started = time.perf_counter()
        self.opened.fold(records)
        self.next = records[-1].offset + 1
        self.uncut_records += len(records)
        self._tools.writer.submit(self.opened.take_outputs())
        if self.uncut_records > self._tools.settings.max_uncut_records:
            self._tools.hurry.set()
        self._tools.observer.chunk_folded(
            self.stage.name, self.source.partition, len(records), time.perf_counter() - started, records[-1].timestamp
        )
        self._tools.folded()
