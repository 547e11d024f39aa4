"""Writes events to Kafka: a request is answered when the broker has acknowledged all of its records, and only then.

One lane a partition: what waits there goes out as one batch, one batch under way at a time, so that the records of a member
keep their order. Nothing here is idempotent by itself: an answer that was lost means that the sender sends again, and the
stages ignore an id that they have seen.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.agents.records import partition_of
from streams.gateway.refusals import away
from streams.servers import broker_access
from streams.topics import ACTIVITY, ANNOUNCEMENTS
from streams.trace_context import Headers

LINGER_S = 0.002  # how long a lane waits for company before it sends
PENDING_MAX = 64 << 20  # bytes not acknowledged; beyond, requests are sent away
RECORD_OVERHEAD = 80  # bytes that a waiting record costs beside its value
BATCH_MAX = 512 << 10  # bytes of one produce request of a partition
PRODUCE_S = 20.0  # for one batch, retries included
START_S = 2.0  # between two tries to reach the broker at start
log = logging.getLogger("lotse.gateway")


class Entry(NamedTuple):
    """A record on its way: its topic and partition are those of its lane."""

    key: bytes
    value: bytes
    receipt: "Receipt"
    headers: Headers


class Receipt:
    """What one request waits for; once `gone`, nobody waits, and what is not under way yet is not sent."""

    __slots__ = ("done", "gone", "left")

    def __init__(self, left: int) -> None:
        self.left, self.gone = left, False
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def acknowledge(self) -> None:
        """Take note of one record."""
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)

    def fail(self, error: BaseException) -> None:
        """Give up the whole request."""
        self.gone = True
        if not self.done.done():
            self.done.set_exception(error)


class Record(NamedTuple):
    """A record to write."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers = ()


class _Lane:
    def __init__(self) -> None:
        self.waiting: deque[Entry] = deque()
        self.wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Writer:
    """All lanes of a gateway. `written` is told of each batch: how many records, and how long it took."""

    def __init__(
        self, bootstrap: str, partitions: int, written: Callable[[str, int, float], None] = lambda *_: None
    ) -> None:
        self._bootstrap, self._partitions, self._written = bootstrap, partitions, written
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._producer: Any = None
        self._starting: asyncio.Task[None] | None = None
        self._reached = False  # whether the last batch was acknowledged
        self.pending_bytes = 0
        self.misfit = ""  # why this deployment's topics cannot be written to, where they cannot

    @property
    def ready(self) -> bool:
        """Tell whether the broker was there when it was last needed."""
        return self._producer is not None and self._reached

    def start(self) -> None:
        """Begin to look for the broker; until it is there, everything is sent away."""
        self._starting = asyncio.get_running_loop().create_task(self._start())

    async def write(self, records: Iterable[Record], timeout_s: float) -> None:
        """Write records and wait until all are acknowledged. Raises `RefusedError` (503) where they are not, or not in time."""
        producer_is_there, entries = self._producer is not None, list(records)
        if not producer_is_there:
            raise away("broker_away", "the broker is not reached")
        if not entries:
            return
        if self.pending_bytes > PENDING_MAX:
            raise away("busy", "too much waits for the broker", 5)
        receipt = Receipt(len(entries))
        for record in entries:
            self._put(record, receipt)
        try:
            async with asyncio.timeout(timeout_s):
                await receipt.done
        except TimeoutError:
            receipt.gone = True
            raise away("late", f"the broker did not acknowledge within {timeout_s:g} s") from None
        except KafkaError as error:
            raise away("broker_away", f"the broker did not take it ({type(error).__name__})") from None
        except asyncio.CancelledError:
            receipt.gone = True
            raise

    async def close(self) -> None:
        """Send what waits, for as long as a batch may take, then end."""
        if self._starting is not None:
            self._starting.cancel()
        waited = {entry.receipt.done for lane in self._lanes.values() for entry in lane.waiting}
        if waited and self.ready:
            await asyncio.wait(waited, timeout=PRODUCE_S)
        for lane in self._lanes.values():
            if lane.task is not None:
                lane.task.cancel()
        if self._producer is not None:
            await self._producer.stop()

    def _put(self, record: Record, receipt: Receipt) -> None:
        where = record.topic, partition_of(record.key, self._partitions)
        lane = self._lanes.get(where)
        if lane is None:
            lane = self._lanes[where] = _Lane()
            lane.task = asyncio.get_running_loop().create_task(self._run(lane, *where))
        lane.waiting.append(Entry(record.key, record.value, receipt, record.headers))
        self.pending_bytes += len(record.value) + RECORD_OVERHEAD
        lane.wake.set()

    async def _run(self, lane: _Lane, topic: str, partition: int) -> None:
        while True:
            while not lane.waiting:
                lane.wake.clear()
                await lane.wake.wait()
                await asyncio.sleep(LINGER_S)
            await self._send(lane, topic, partition)

    async def _send(self, lane: _Lane, topic: str, partition: int) -> None:
        batch, began = self._producer.create_batch(), time.monotonic()
        entries = self._fill(batch, lane)
        if not entries:
            return
        try:
            async with asyncio.timeout(PRODUCE_S):
                sent = await self._producer.send_batch(batch, topic, partition=partition)
                await sent
        except Exception as error:  # noqa: BLE001  (whatever it is, these are not acknowledged, and the lane goes on)
            self._reached = False
            failure = error if isinstance(error, KafkaError) else KafkaError(type(error).__name__)
            log.warning("a batch for %s was not acknowledged (%s)", topic, type(error).__name__)
            for entry in entries:
                entry.receipt.fail(failure)
        else:
            self._reached = True
            for entry in entries:
                entry.receipt.acknowledge()
            self._written(topic, len(entries), time.monotonic() - began)
        self.pending_bytes -= sum(len(entry.value) + RECORD_OVERHEAD for entry in entries)

    def _fill(self, batch: Any, lane: _Lane) -> list[Entry]:
        """Move what waits into a batch, as much as it takes; what nobody waits for any more is dropped."""
        entries, waiting, append = [], lane.waiting, batch.append
        while waiting:
            entry = waiting[0]
            if not entry.receipt.gone:
                if append(timestamp=None, key=entry.key, value=entry.value, headers=list(entry.headers)) is None:
                    break
                entries.append(entry)
            else:
                self.pending_bytes -= len(entry.value) + RECORD_OVERHEAD
            waiting.popleft()
        batch.close()
        return entries

    async def _start(self) -> None:
        while True:
            producer = AIOKafkaProducer(
                **broker_access.options(self._bootstrap), acks="all", max_batch_size=BATCH_MAX,
                max_request_size=4 * BATCH_MAX, request_timeout_ms=int(PRODUCE_S * 1000),
            )  # fmt: skip
            try:
                await producer.start()
                await self._check(producer)
            except (KafkaError, OSError) as error:
                await producer.stop()
                log.warning("no broker with our topics at %s yet (%s)", self._bootstrap, type(error).__name__)
                await asyncio.sleep(START_S)
            else:
                self._producer, self._reached = producer, not self.misfit
                return

    async def _check(self, producer: Any) -> None:
        """See that the topics have the partitions that the settings say: on another one a member would be two."""
        for topic in (ACTIVITY, ANNOUNCEMENTS):
            found = len(await producer.partitions_for(topic))
            if found != self._partitions:
                self.misfit = (
                    f"{topic} has {found} partitions, LOTSE_PARTITIONS says {self._partitions}: nothing was written"
                )
