"""Reading outside of Faust's flow: a changelog to restore, a gap to fill, where a log ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from streams.runtime.clients import start_reader
from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Record

Span = tuple[int, int]  # first offset, offset after the last
PATIENCE_S = 30.0  # without any progress
CHUNK = 5000  # records


class LogReader:
    """Reads spans of partitions, each call with a consumer of its own."""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._stopping: set[asyncio.Task[None]] = set()  # the loop itself holds its tasks but weakly

    async def read(self, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[tuple[TopicPartition, list[Record]]]:
        """Yield runs of records in offset order per partition, until each span's end is passed.

        Offsets that the log does not have (compaction, retention, transaction markers) are passed over.
        Raises EngineError if the broker stops answering.
        """
        left = {tp: end for tp, (first, end) in spans.items() if first < end}
        if not left:
            return
        consumer = await start_reader(self._settings)
        try:
            consumer.assign(list(left))
            for tp in left:
                consumer.seek(tp, spans[tp][0])
            last_progress = time.monotonic()
            while left:
                runs = await consumer.getmany(timeout_ms=200, max_records=CHUNK)
                for tp, records in runs.items():
                    if tp in left:
                        end = left[tp]
                        yield tp, records if records[-1].offset < end else [one for one in records if one.offset < end]
                passed = await self._passed(consumer, left)
                if runs or passed:
                    last_progress = time.monotonic()
                elif time.monotonic() - last_progress > PATIENCE_S:
                    raise EngineError(
                        ExitCode.BROKER_AWAY, f"no records for {PATIENCE_S:.0f} s while reading {min(left)}"
                    )
                for tp in passed:
                    del left[tp]
                    consumer.pause(tp)
        finally:
            await self._stop(consumer)

    async def _stop(self, consumer: Any) -> None:
        """Stop a consumer in a task of its own: in it aiokafka takes a cancellation of its caller for one of its own, and it is lost."""
        stopping = asyncio.get_running_loop().create_task(consumer.stop())
        self._stopping.add(stopping)
        stopping.add_done_callback(self._stopping.discard)
        await asyncio.shield(stopping)

    @staticmethod
    async def _passed(consumer: Any, left: Mapping[TopicPartition, int]) -> list[TopicPartition]:
        return [tp for tp, end in left.items() if await consumer.position(tp) >= end]


class LogEnds:
    """Asks where partitions end; keeps its consumer."""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._consumer: Any = None

    async def ends(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the next offset to be written, by partition; empty where no broker answers."""
        try:
            async with asyncio.timeout(10):
                if self._consumer is None:
                    self._consumer = await start_reader(self._settings)
                return dict(await self._consumer.end_offsets(list(partitions)))
        except (KafkaError, TimeoutError, OSError):
            return {}

    async def close(self) -> None:
        """Close the connection."""
        if self._consumer is not None:
            await self._consumer.stop()
