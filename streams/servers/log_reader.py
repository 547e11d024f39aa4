"""Reads topics with kafka-python: whole, in part, or only their last records; bounded in time."""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.errors import NO, UNREACHABLE, UserError
from streams.servers import broker_access

SILENCE_S = 20.0  # without any record for so long, reading is given up
BOOTSTRAP_MS = 10_000
PROBE_S = 3.0  # for a connection to each address


class Bounds(NamedTuple):
    """Offsets of one partition: the first that is kept, where a group goes on reading, the next to be written."""

    begin: int
    committed: int
    end: int


def unreachable(bootstrap: str, error: BaseException) -> UserError:
    """Return what is said where no broker answers."""
    said = f"no broker answers at {bootstrap} ({type(error).__name__}); is it running, is LOTSE_BOOTSTRAP right?"
    return UserError(said, UNREACHABLE)


def probe(bootstrap: str) -> None:
    """Raise `UserError` at once where nobody listens at any of the addresses; Kafka's clients would try on for long."""
    last: OSError | None = None
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=PROBE_S).close()
        except OSError as error:
            last = error
        else:
            return
    if last is not None:
        raise unreachable(bootstrap, last)


def connect(bootstrap: str, group: str | None = None, *, patient: bool = False) -> KafkaConsumer:
    """Return a consumer that commits nothing. Raises `UserError` where no broker answers, `patient` after 10 s."""
    if not patient:
        probe(bootstrap)
    broker_access.require(bootstrap)
    try:
        return KafkaConsumer(
            **broker_access.options(bootstrap),
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
        )
    except (KafkaError, OSError) as error:
        raise unreachable(bootstrap, error) from None


def read_topic(bootstrap: str, topic: str, since_ms: int = 0, *, patient: bool = False) -> Iterator[Any]:
    """Yield each record that a topic holds now, or those written since a time (epoch milliseconds)."""
    with closing(connect(bootstrap, patient=patient)) as consumer:
        partitions = _partitions(consumer, topic, bootstrap)
        ends = consumer.end_offsets(partitions)
        found = consumer.offsets_for_times(dict.fromkeys(partitions, since_ms)) if since_ms else {}
        begins = {one: found[one].offset if found[one] else ends[one] for one in found}
        yield from _between(consumer, {one: (begins.get(one, 0), end) for one, end in ends.items()})


def read_partition(
    bootstrap: str, topic: str, partition: int, end: int | None = None, begin: int = 0, *, written: bool = False
) -> Iterator[Any]:
    """Yield the records of one partition from offset `begin` up to (not including) `end`, at most up to where it ends now.

    `written` says that all up to `end` is certainly there: the embedded broker tells the beginning of its last batch as the
    end of a partition, and would hide the rest of that batch. What retention has cut off is passed over.
    """
    with closing(connect(bootstrap)) as consumer:
        where = TopicPartition(topic, partition)
        if where not in _partitions(consumer, topic, bootstrap):
            raise UserError(f"topic {topic} has no partition {partition}")
        if end is None or not written:
            last = consumer.end_offsets([where])[where]
            end = last if end is None else min(end, last)
        yield from _between(consumer, {where: (begin, end)})


def read_last(bootstrap: str, topics: str | Sequence[str], count: int) -> Iterator[Any]:
    """Yield the last `count` records of each partition of a topic, or of several over one connection."""
    with closing(connect(bootstrap)) as consumer:
        names = [topics] if isinstance(topics, str) else topics
        ends = consumer.end_offsets([one for name in names for one in _partitions(consumer, name, bootstrap)])
        yield from _between(consumer, {one: (max(0, end - count), end) for one, end in ends.items()})


def partition_count(bootstrap: str, topic: str) -> int:
    """Return how many partitions a topic has. Raises `UserError` where there is no such topic."""
    with closing(connect(bootstrap)) as consumer:
        return len(_partitions(consumer, topic, bootstrap))


def beginnings(bootstrap: str, topic: str) -> dict[int, int]:
    """Return the first offset that is kept, by partition."""
    with closing(connect(bootstrap)) as consumer:
        begins = consumer.beginning_offsets(_partitions(consumer, topic, bootstrap))
        return {one.partition: begin for one, begin in begins.items()}


def bounds(bootstrap: str, topic: str, group: str) -> dict[int, Bounds]:
    """Return the bounds of each partition. Raises `UserError` where the group has never read the topic."""
    with closing(connect(bootstrap, group)) as consumer:
        partitions = _partitions(consumer, topic, bootstrap)
        begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        committed = {one: consumer.committed(one) for one in partitions}
    if all(offset is None for offset in committed.values()):
        raise UserError(
            f"no worker of {group} has read {topic} on {bootstrap} yet; is LOTSE_APP right, has lotse worker run?", NO
        )
    return {one.partition: Bounds(begins[one], min(committed[one] or 0, ends[one]), ends[one]) for one in partitions}


def _partitions(consumer: KafkaConsumer, topic: str, bootstrap: str) -> list[TopicPartition]:
    found = consumer.partitions_for_topic(topic)
    if not found:
        advice = (
            "is LOTSE_APP right, has lotse worker run?" if topic.endswith("-changelog") else "run: lotse topics apply"
        )
        raise UserError(f"topic {topic} does not exist on {bootstrap}; {advice}", UNREACHABLE)
    return [TopicPartition(topic, number) for number in sorted(found)]


def _between(consumer: KafkaConsumer, spans: Mapping[TopicPartition, tuple[int, int]]) -> Iterator[Any]:
    """Yield the records of spans [begin, end); those of one partition in order."""
    consumer.assign(list(spans))
    kept = consumer.beginning_offsets(list(spans))
    for where, (begin, _) in spans.items():
        consumer.seek(where, max(begin, kept[where]))
    deadline = time.monotonic() + SILENCE_S
    while left := [where for where, (_, end) in spans.items() if consumer.position(where) < end]:
        if time.monotonic() > deadline:
            raise UserError(f"{left[0].topic} could not be read: no record for {SILENCE_S:.0f} s", UNREACHABLE)
        for where, records in consumer.poll(timeout_ms=500, max_records=5000).items():
            end = spans[where][1]
            yield from (record for record in records if record.offset < end)
            deadline = time.monotonic() + SILENCE_S  # after the yield: what the reader does with them takes its time
