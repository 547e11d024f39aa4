"""Chunked intake: Faust hands a run of one partition's records over as if it were one record."""

from collections.abc import Iterator, Mapping
from typing import Any

from faust.transport.utils import DefaultSchedulingStrategy

from streams.runtime.stage import Record


class Chunk:
    """A run of records of one partition, in the shape of one record that carries the last offset."""

    __slots__ = (
        "checksum", "headers", "key", "offset", "partition", "serialized_key_size", "serialized_value_size",
        "timestamp", "timestamp_type", "topic", "value",
    )  # fmt: skip

    def __init__(self, records: list[Record]) -> None:
        last: Any = records[-1]
        self.topic, self.partition, self.offset = last.topic, last.partition, last.offset
        self.timestamp, self.timestamp_type = last.timestamp, 0
        self.headers, self.key, self.value = (), b"", records
        self.checksum, self.serialized_key_size, self.serialized_value_size = None, 0, 0


def chunk_scheduler(sources: frozenset[str]) -> type[DefaultSchedulingStrategy]:
    """Return the class for Faust's `ConsumerScheduler`: sources arrive in chunks, other topics not at all.

    Others are the changelogs, which the engine reads by itself. Faust's consumer is told not to fetch them when a rebalance
    is complete; one that ends while the worker stops is never complete.
    """

    class ChunkScheduler(DefaultSchedulingStrategy):  # type: ignore[misc]
        def iterate(self, records: Mapping[Any, list[Any]]) -> Iterator[tuple[Any, Any]]:
            for tp, run in records.items():
                if run and tp.topic in sources:
                    yield tp, Chunk(run)

    return ChunkScheduler
