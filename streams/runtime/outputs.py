"""Writing: one lane per topic partition, batches made of whatever waits, each acknowledged before the next."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from aiokafka.partitioner import murmur2

from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.observer import EngineObserver
from streams.runtime.stage import Output

log = logging.getLogger("lotse.engine")

Headers = Sequence[tuple[str, bytes]]
Entry = tuple[bytes, bytes | None, Headers]
LaneKey = tuple[str, int]
Mark = dict["Lane", int]

RECORD_OVERHEAD = 80  # bytes a waiting record costs beside its value, for the backpressure bound


@lru_cache(maxsize=1 << 16)
def positive_murmur2(key: bytes) -> int:
    """Return Kafka's default hash of a key, as Java's partitioner uses it."""
    return int(murmur2(key)) & 0x7FFFFFFF


class Lane:
    """The way to one topic partition: first in, first out, one batch under way at a time."""

    def __init__(self, topic: str, partition: int, producer: Any) -> None:
        self.topic, self.partition, self.producer = topic, partition, producer
        self.waiting: deque[Entry] = deque()
        self.put = 0  # records handed in, ever
        self.acked = 0  # records acknowledged, ever
        self.last_offset = -1  # of the last acknowledged record
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def extend(self, entries: Iterable[Entry]) -> int:
        """Queue records; return their bytes."""
        size = 0
        before = len(self.waiting)
        for entry in entries:
            self.waiting.append(entry)
            size += len(entry[1] or b"") + RECORD_OVERHEAD
        self.put += len(self.waiting) - before
        self.wake.set()
        return size


class Writer:
    """All lanes of a worker. A record that is not acknowledged in time ends the process through `on_failure`.

    `producer_of` gives the producer of a topic: one has a single request under way at each broker, so what may be late (states)
    must not share it with what may not (outputs).
    """

    def __init__(
        self,
        producer_of: Callable[[str], Any],
        partition_counts: Mapping[str, int],
        observer: EngineObserver,
        on_failure: Callable[[BaseException], object],
        *,
        max_pending_bytes: int,
        timeout_s: float,
    ) -> None:
        self._producer_of, self._counts, self._observer = producer_of, partition_counts, observer
        self._on_failure, self._timeout = on_failure, timeout_s
        self._lanes: dict[LaneKey, Lane] = {}
        self._max_pending = max_pending_bytes
        self.pending_bytes = 0
        self._progress: asyncio.Event = asyncio.Event()

    def lane(self, topic: str, partition: int) -> Lane:
        """Return the lane to a partition, begun on first use."""
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = Lane(topic, partition, self._producer_of(topic))
            lane.task = asyncio.get_running_loop().create_task(self._run(lane))
        return lane

    def submit(self, outputs: Iterable[Output]) -> None:
        """Send outputs, in order per partition. Raises EngineError for a topic the broker did not have at start."""
        by_lane: dict[LaneKey, list[Entry]] = {}
        for topic, key, value, partition, headers in outputs:
            target = self.partition_of(topic, key) if partition is None else partition
            by_lane.setdefault((topic, target), []).append((key, value, headers))
        for (topic, target), entries in by_lane.items():
            self.put(topic, target, entries)

    def put(self, topic: str, partition: int, entries: Iterable[Entry]) -> Lane:
        """Send records to one partition; return its lane."""
        lane = self.lane(topic, partition)
        self.pending_bytes += lane.extend(entries)
        return lane

    def partition_of(self, topic: str, key: bytes) -> int:
        """Return the partition of a key, as Java's default partitioner places it."""
        count = self._counts.get(topic)
        if not count:
            raise EngineError(
                ExitCode.CONFIGURATION, f"topic {topic} did not exist when this worker started; create it"
            )
        return positive_murmur2(key) % count

    def ends(self) -> dict[LaneKey, int]:
        """Return the offset after the last acknowledged record, by topic and partition."""
        return {key: lane.last_offset + 1 for key, lane in list(self._lanes.items()) if lane.acked}

    def mark(self) -> Mark:
        """Return what has been handed in so far."""
        return {lane: lane.put for lane in self._lanes.values() if lane.acked < lane.put}

    async def acknowledged(self, mark: Mark) -> None:
        """Wait until all that `mark` names is acknowledged."""
        while any(lane.acked < count for lane, count in mark.items()):
            await self._progress.wait()

    async def room(self) -> None:
        """Wait while too many bytes are not acknowledged: without a broker, folding stops instead of filling memory."""
        while self.pending_bytes > self._max_pending:
            await self._progress.wait()

    async def _run(self, lane: Lane) -> None:
        try:
            while True:
                while not lane.waiting:
                    lane.wake.clear()
                    await lane.wake.wait()
                await self._send_one(lane)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the records are not delivered)
            self._on_failure(delivery_error(lane, error))

    async def _send_one(self, lane: Lane) -> None:
        batch, count, size = lane.producer.create_batch(), 0, 0
        append, waiting = batch.append, lane.waiting
        while waiting:
            key, value, headers = waiting[0]
            if append(timestamp=None, key=key, value=value, headers=list(headers)) is None:
                break
            waiting.popleft()
            count += 1
            size += len(value or b"") + RECORD_OVERHEAD
        batch.close()
        started = time.monotonic()
        async with asyncio.timeout(self._timeout):
            future = await lane.producer.send_batch(batch, lane.topic, partition=lane.partition)
            sent = await future
        lane.acked += count
        lane.last_offset = sent.offset + count - 1
        self.pending_bytes -= size
        self._progress.set()
        self._progress = asyncio.Event()
        self._observer.delivered(lane.topic, count, size, time.monotonic() - started)

    async def close(self) -> None:
        """End the lanes; what they still hold is not sent."""
        for lane in self._lanes.values():
            if lane.task is not None:
                lane.task.cancel()


def delivery_error(lane: Lane, error: BaseException) -> EngineError:
    """Say what could not be delivered, without its content."""
    kind = type(error).__name__
    reason = f"a batch for topic {lane.topic} partition {lane.partition} was not acknowledged ({kind})"
    return EngineError(ExitCode.DELIVERY_FAILED, reason)
