"""Records as they come out of a fetched batch: made by the run, and of no more than the engine asks of one.

aiokafka makes each record by itself, with eleven fields of a dataclass, through two generators: a fifth of what a light
stage costs. `install` puts these classes in the place of its own (private names, hence the pinned version and a test).
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import FetchResult, PartitionRecords


class Row(msgspec.Struct, gc=False):
    """One record (`Record` of stage.py); `timestamp` is in milliseconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class RunsOfRows:
    """What was fetched of one partition; `next_fetch_offset` is the offset behind all that was taken."""

    def __init__(self, topic: str, partition: int, records: Any, fetch_offset: int) -> None:
        self.next_fetch_offset = fetch_offset
        self._runs = self._unpacked(topic, partition, records)
        self._rows: list[Row] = []  # unpacked, and not taken yet
        self._behind = fetch_offset  # the offset behind the batch that they are of

    def _unpacked(self, topic: str, partition: int, records: Any) -> Iterator[list[Row]]:
        """Yield the rows of each batch from the wanted offset on; batches of control records hold none."""
        while records.has_next():
            batch = records.next_batch()
            self._behind = batch.next_offset
            rows = [] if batch.is_control_batch else [
                Row(topic, partition, one.offset, one.timestamp, one.key, one.value, tuple(one.headers)) for one in batch
            ]  # fmt: skip
            if rows and rows[0].offset < self.next_fetch_offset:  # the broker sends whole batches
                rows = [row for row in rows if row.offset >= self.next_fetch_offset]
            yield rows

    def take(self, most: int | None) -> tuple[list[Row], bool]:
        """Return the next rows, at most so many; and whether there may be more."""
        taken: list[Row] = []
        while most is None or len(taken) < most:
            if not self._rows:
                rows = next(self._runs, None)
                if rows is None:
                    return taken, False
                self._rows = rows
            end = len(self._rows) if most is None else most - len(taken)
            taken += self._rows[:end]
            self._rows = self._rows[end:]
            # A batch may end with records that compaction took away: the next fetch begins behind them.
            self.next_fetch_offset = taken[-1].offset + 1 if self._rows else max(self.next_fetch_offset, self._behind)
        return taken, True


def _partition_records(
    tp: Any, records: Any, aborted: Any, fetch_offset: int, key_of: Any, value_of: Any, check_crcs: bool, isolation: int
) -> Any:
    """Return ours where nothing is asked that it leaves to aiokafka's: deserializers, checksums, transactions read as such."""
    if key_of or value_of or check_crcs or isolation == fetcher.READ_COMMITTED:
        return PartitionRecords(tp, records, aborted, fetch_offset, key_of, value_of, check_crcs, isolation)
    return RunsOfRows(tp.topic, tp.partition, records, fetch_offset)


class _Fetch(FetchResult):  # type: ignore[misc]  # aiokafka has no types
    """What was fetched, given out by the run where the rows are ours."""

    _partition_records: Any
    _topic_partition: Any

    def getall(self, max_records: int | None = None) -> list[Any]:
        """Return the next records, at most so many."""
        if not isinstance(self._partition_records, RunsOfRows):
            return list(super().getall(max_records))
        if not self.check_assignment(self._topic_partition):
            return []
        rows, is_more = self._partition_records.take(max_records)
        self._update_position()
        if not is_more:
            self._partition_records = None
        return rows

    def getone(self) -> Any:
        """Return the next record, None behind the last."""
        if not isinstance(self._partition_records, RunsOfRows):
            return super().getone()
        rows = self.getall(1)
        return rows[0] if rows else None


def install() -> None:
    """Let all consumers of this process read so."""
    fetcher.PartitionRecords, fetcher.FetchResult = _partition_records, _Fetch
