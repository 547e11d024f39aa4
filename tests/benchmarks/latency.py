"""From an event's writing to its command's arrival, at 2,000 events/s through the real worker on a real Kafka.

A playbook of the request lane answers each question, so that one event in twenty leads to a command at once; which
event led to which command the decision says (its header `lotse-at`). Writer and reader are this process: the
writer waits for no batch, the reader takes what comes.
"""

import asyncio
import time
from pathlib import Path
from statistics import quantiles

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from processors.commands import Command
from processors.decisions import Verdict, read_decision
from processors.playbooks.resources import Playbook
from streams.agents.records import AT, partition_of
from streams.codec import Codec
from streams.delivery.reading import read_delivery
from streams.topics import ACTIVITY, DECISIONS, DELIVERY
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.figures import Figures
from tests.benchmarks.reference_mix import events
from tests.benchmarks.worker import PARTITIONS, Worker, prepared, running

RATE, WARM_S, SPAN_S, MEMBERS = 2_000, 5.0, 25.0, 50_000
READ_S = 60.0  # for what the worker has written to be read here
PERIOD_S = 0.005  # events are written in small lots, each with its own time
ANSWER = Playbook(
    "bench.answer", "signal.asked", "search-the-archive", "bench", lane="request", maturity="live", cheerful=False
)


def measure(bootstrap: str, folder: Path, rate: int = RATE, warm_s: float = WARM_S, span_s: float = SPAN_S) -> Figures:
    """Return the median and the 99th percentile in milliseconds, and how many commands they are of."""
    settings = prepared(bootstrap, "bench-latency", ANSWER)
    with running(settings, folder) as worker:
        watched = asyncio.run(_Watch(worker).run(int(rate * (warm_s + span_s)), rate))
    late = sorted(watched.latencies_s(first=int(rate * warm_s)))
    if len(late) < 100:
        raise RuntimeError(f"only {len(late)} commands arrived")
    cuts = quantiles(late, n=100)
    return {
        "latency_p50_ms": round(cuts[49] * 1000, 1),
        "latency_p99_ms": round(cuts[98] * 1000, 1),
        "latency_commands": len(late),
    }


class _Watch:
    """Writes events at a rate and notes when what they lead to arrives."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._bootstrap = worker.settings.bootstrap
        self._written: dict[tuple[int, int], tuple[int, float]] = {}  # where an event lies: its number and time
        self._causes: dict[str, tuple[int, int]] = {}  # command id: where its event lies
        self._arrived: dict[str, float] = {}

    async def run(self, count: int, rate: int) -> "_Watch":
        """Write `count` events, read along, and wait until all is folded and what came of it is read."""
        topics = [*DELIVERY.values(), DECISIONS]
        consumer = AIOKafkaConsumer(
            *topics, bootstrap_servers=self._bootstrap, group_id=None, auto_offset_reset="latest", fetch_max_wait_ms=100
        )
        await consumer.start()
        await asyncio.gather(*(consumer.position(tp) for tp in consumer.assignment()))
        reading = asyncio.create_task(self._read(consumer))
        try:
            await self._write(count, rate)
            await asyncio.to_thread(self._worker.drain)
            await asyncio.wait_for(self._read_to_the_end(consumer, reading), READ_S)
        finally:
            reading.cancel()
            await consumer.stop()
        return self

    def latencies_s(self, first: int) -> list[float]:
        """Return the seconds from writing to arrival, for events from number `first` on."""
        found = []
        for command, where in self._causes.items():
            number, began = self._written.get(where, (-1, 0.0))
            if number >= first and command in self._arrived:
                found.append(self._arrived[command] - began)
        return found

    async def _read_to_the_end(self, consumer: AIOKafkaConsumer, reading: "asyncio.Task[None]") -> None:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            if reading.done():  # it reads for ever, unless a record is none of ours
                reading.result()
            await asyncio.sleep(PERIOD_S)

    async def _write(self, count: int, rate: int) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", linger_ms=0)
        await producer.start()
        codec, made, began = Codec(KEY.encode()), events(count, MEMBERS, 0.0), time.time()
        number = 0
        try:
            while number < count:
                due = min(count, int((time.time() - began) * rate) + 1)
                for _ in range(number, due):
                    await self._send(producer, codec, next(made), number)
                    number += 1
                await asyncio.sleep(PERIOD_S)
            await producer.flush()
        finally:
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, codec: Codec, event: object, number: int) -> None:
        now = time.time()
        fresh = msgspec.structs.replace(event, time=now)  # type: ignore[type-var]
        key = fresh.key.encode()
        sent = await producer.send(
            ACTIVITY, codec.encode(fresh, "/bench"), key, partition_of(key, PARTITIONS), int(now * 1000)
        )
        sent.add_done_callback(lambda done: self._note(done.result(), number, now))

    def _note(self, metadata: object, number: int, now: float) -> None:
        self._written[metadata.partition, metadata.offset] = number, now  # type: ignore[attr-defined]

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        async for record in consumer:
            now = time.time()
            if record.topic != DECISIONS:
                ordered = read_delivery(record.value)
                if isinstance(ordered, Command):
                    self._arrived.setdefault(ordered.id, now)
                continue
            decided = read_decision(record.key, record.value)
            if decided.verdict is Verdict.SEND and not decided.attempt:
                partition, _, offset = dict(record.headers)[AT].decode().partition(":")
                self._causes[decided.command] = int(partition), int(offset)
