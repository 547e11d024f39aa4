"""Reads topics with kafka-python: from their beginning up to where they end now, bounded in time."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.errors import UNREACHABLE, UserError

SILENCE_S = 20.0  # without any record for so long, reading is given up


def connect(bootstrap: str, group: str | None = None) -> KafkaConsumer:
    """Return a consumer that commits nothing. Raises `UserError` where no broker answers."""
    try:
        return KafkaConsumer(
            bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, bootstrap_timeout_ms=10_000
        )  # fmt: skip
    except (KafkaError, OSError) as error:
        raise UserError(
            f"no broker answers at {bootstrap} ({type(error).__name__}); is it running, is LOTSE_BOOTSTRAP right?",
            UNREACHABLE,
        ) from None


def read_topic(bootstrap: str, topic: str, since_ms: int = 0) -> Iterator[Any]:
    """Yield each record that a topic holds now, or those written since a time (epoch milliseconds)."""
    with closing(connect(bootstrap)) as consumer:
        partitions = _partitions(consumer, topic, bootstrap)
        ends = consumer.end_offsets(partitions)
        found = consumer.offsets_for_times(dict.fromkeys(partitions, since_ms)) if since_ms else {}
        yield from _until(consumer, ends, {one: found[one].offset if found[one] else ends[one] for one in found})


def partitions_of(bootstrap: str, topic: str) -> int:
    """Return the number of partitions of a topic."""
    with closing(connect(bootstrap)) as consumer:
        return len(_partitions(consumer, topic, bootstrap))


def read_partition(bootstrap: str, topic: str, partition: int, end: int) -> Iterator[Any]:
    """Yield the records of one partition from its beginning up to (not including) offset `end`."""
    with closing(connect(bootstrap)) as consumer:
        yield from _until(consumer, {TopicPartition(topic, partition): end})


def bounds(bootstrap: str, topic: str, group: str) -> dict[int, tuple[int, int]]:
    """Return (beginning, committed offset of the group; the end where it has none) by partition."""
    with closing(connect(bootstrap, group)) as consumer:
        partitions = _partitions(consumer, topic, bootstrap)
        begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        return {one.partition: (begins[one], consumer.committed(one) or ends[one]) for one in partitions}


def _partitions(consumer: KafkaConsumer, topic: str, bootstrap: str) -> list[TopicPartition]:
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise UserError(f"topic {topic} does not exist on {bootstrap}; run: lotse topics apply", UNREACHABLE)
    return [TopicPartition(topic, number) for number in sorted(found)]


def _until(
    consumer: KafkaConsumer, ends: dict[TopicPartition, int], begins: dict[TopicPartition, int] | None = None
) -> Iterator[Any]:
    consumer.assign(list(ends))
    consumer.seek_to_beginning()
    for one, offset in (begins or {}).items():
        consumer.seek(one, offset)
    deadline = time.monotonic() + SILENCE_S
    while any(consumer.position(one) < end for one, end in ends.items()):
        if time.monotonic() > deadline:
            raise UserError(f"{next(iter(ends)).topic} could not be read: no record for {SILENCE_S:.0f} s", UNREACHABLE)
        for where, records in consumer.poll(timeout_ms=500, max_records=5000).items():
            deadline = time.monotonic() + SILENCE_S
            yield from (record for record in records if record.offset < ends[where])
