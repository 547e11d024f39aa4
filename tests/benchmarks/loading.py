"""Records into Kafka as fast as it takes them, and how far a consumer group has come."""

import asyncio
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from streams.agents.records import partition_of
from tests.support.chaos import committed, end_offsets

BATCH_BYTES = 512 << 10
Row = tuple[bytes, bytes]


def by_partition(rows: Iterable[Row], partitions: int) -> list[list[Row]]:
    """Return the rows of each partition (murmur2 of the key), in order."""
    parts: list[list[Row]] = [[] for _ in range(partitions)]
    homes: dict[bytes, int] = {}
    for row in rows:
        home = homes.get(row[0])
        if home is None:
            home = homes[row[0]] = partition_of(row[0], partitions)
        parts[home].append(row)
    return parts


def write(bootstrap: str, topic: str, parts: Sequence[Sequence[Row]]) -> None:
    """Write rows to their partitions in batches; return when all are acknowledged."""

    async def all_of_them() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap, acks="all", max_batch_size=BATCH_BYTES, max_request_size=4 << 20
        )
        await producer.start()
        try:
            await asyncio.gather(*(_write(producer, topic, number, rows) for number, rows in enumerate(parts)))
        finally:
            await producer.stop()

    asyncio.run(all_of_them())


async def _write(producer: AIOKafkaProducer, topic: str, partition: int, rows: Sequence[Row]) -> None:
    batch, sent = producer.create_batch(), None
    for key, value in rows:
        while batch.append(timestamp=None, key=key, value=value) is None:
            sent = await _send(producer, topic, partition, batch, sent)
            batch = producer.create_batch()
    if batch.record_count():
        sent = await _send(producer, topic, partition, batch, sent)
    if sent is not None:
        await sent


async def _send(
    producer: AIOKafkaProducer,
    topic: str,
    partition: int,
    batch: object,
    before: "asyncio.Future[RecordMetadata] | None",
) -> "asyncio.Future[RecordMetadata]":
    batch.close()  # type: ignore[attr-defined]
    if before is not None:
        await before
    sent: asyncio.Future[RecordMetadata] = await producer.send_batch(batch, topic, partition=partition)
    return sent


def behind(bootstrap: str, group: str, topic: str, ends: dict[tuple[str, int], int]) -> int:
    """Return how many records before `ends` a group has not committed."""
    done = committed(bootstrap, group, topic, len(ends))
    return sum(max(0, end - done.get(where, 0)) for where, end in ends.items())


__all__ = ["Row", "behind", "by_partition", "end_offsets", "write"]
