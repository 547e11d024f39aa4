"""Rows made by the run are what aiokafka makes one by one, wherever a fetch begins and however much is taken."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record import MemoryRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from streams.runtime.records import RunsOfRows

TP = TopicPartition("events", 3)
FIELDS = ("topic", "partition", "offset", "timestamp", "key", "value", "headers")
values = st.one_of(st.none(), st.binary(max_size=20))
headers = st.lists(st.tuples(st.sampled_from(("trace", "cut")), st.binary(max_size=4)), max_size=2)


class Batch(NamedTuple):
    """A batch of the log: its records, how many offsets compaction has taken behind them, and its coding."""

    records: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]]
    taken_away: int
    compression: int
    control: bool


batches = st.lists(
    st.builds(
        Batch,
        st.lists(st.tuples(values, values, headers), min_size=1, max_size=6),
        st.integers(0, 2),
        st.sampled_from((0, 1)),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


def fetched(log: Sequence[Batch]) -> bytes:
    """Return a log as a broker sends it."""
    found, offset = b"", 0
    for batch in log:
        builder = DefaultRecordBatchBuilder(2, batch.compression, 0, -1, -1, -1, 1 << 20)
        for number, (key, value, more) in enumerate(batch.records):
            builder.append(number, 1000 + number, key, value, more)
        written = bytearray(builder.build())
        written[0:8] = offset.to_bytes(8, "big")
        if batch.control:
            written[22] |= 0x20  # the attribute bit of control batches
        last = len(batch.records) - 1 + batch.taken_away
        written[23:27] = last.to_bytes(4, "big")
        found += bytes(written)
        offset += last + 1
    return found


def theirs(log: bytes, begin: int) -> tuple[list[Any], int]:
    """Return what aiokafka makes of it, and the offset behind."""
    parsed = fetcher.PartitionRecords(TP, MemoryRecords(log), [], begin, None, None, False, fetcher.READ_UNCOMMITTED)
    return list(parsed), parsed.next_fetch_offset


@given(batches, st.data())
def test_rows_are_what_aiokafka_makes(log: list[Batch], data: st.DataObject) -> None:
    """From any offset, in takes of any size: the same fields, in order, none left out or twice, and the same offset behind."""
    written = fetched(log)
    begin = data.draw(st.integers(0, len(log[0].records) - 1 + log[0].taken_away))  # brokers send whole batches
    expected, behind = theirs(written, begin)
    runs, found, is_more = RunsOfRows(TP.topic, TP.partition, MemoryRecords(written), begin), list[Any](), True
    while is_more:
        before = runs.next_fetch_offset
        rows, is_more = runs.take(data.draw(st.one_of(st.none(), st.integers(1, 5))))
        found += rows
        assert runs.next_fetch_offset >= (rows[-1].offset + 1 if rows else before)
    assert [[getattr(row, name) for name in FIELDS] for row in found] == [
        [getattr(one, name) for name in FIELDS] for one in expected
    ]
    assert runs.next_fetch_offset == behind


@pytest.mark.parametrize("name", ["PartitionRecords", "FetchResult"])
def test_what_is_replaced_is_still_there(name: str) -> None:
    """Private names of aiokafka: a new version may have others."""
    assert isinstance(getattr(fetcher, name), type)
