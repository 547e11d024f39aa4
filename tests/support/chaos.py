"""Drives worker processes through kills, pauses and restarts, and reads back what they left in Kafka.

A `Fleet` knows only how to start a worker (a command per name and failpoint), so the same driver serves the engine's
counting worker and the whole pipeline's.
"""

import asyncio
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaProducer

from streams.runtime.clients import start_reader
from streams.runtime.reader import LogReader
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Record
from tests.support.processes import wait_until


class Failpoint(msgspec.Struct, frozen=True):
    """Where a worker is to kill ("kill") or pause ("stop") itself, once, after some seconds."""

    name: str
    after_s: float = 0.0
    action: str = "kill"


class Exit(msgspec.Struct, frozen=True):
    """A process that ended; negative codes are signals."""

    worker: str
    code: int
    at: float


PATIENCE_S = 240.0
LAST_WORDS = 40  # lines of a worker's log, told where a test failed
PATIENT = {"delivery_timeout_ms": 200_000, "max_block_ms": 200_000, "request_timeout_ms": 20_000}
Command = Callable[[str, Failpoint | None], Sequence[str]]


class Fleet:
    """Named worker processes under a supervisor that starts again, at once, whatever ends unasked."""

    def __init__(self, command: Command, log_dir: Path, env: Mapping[str, str], restart: bool = True) -> None:
        self._command, self._log_dir, self._env, self._restart = command, log_dir, dict(env), restart
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self.exits: list[Exit] = []

    def __enter__(self) -> Self:
        self._supervisor.start()
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._closing.set()
        self._supervisor.join()
        for process in self._running.values():
            process.kill()
            process.wait()
        if failed is not None:
            self._tell()

    def _tell(self) -> None:
        """Print how each life ended and the last that the workers said: what a failure is understood by."""
        print(*self.exits, sep="\n")
        for path in sorted(self._log_dir.glob("*.log")):
            said = path.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_WORDS:]
            print(f"--- {path.name}, its end", *said, sep="\n")

    def start(self, name: str, failpoint: Failpoint | None = None) -> None:
        """Start a worker; its output goes to `<name>.log`."""
        with self._lock, (self._log_dir / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._command(name, failpoint), env=self._env, stdout=log, stderr=subprocess.STDOUT
            )

    def pid(self, name: str) -> int:
        """Return the process id of a running worker."""
        return self._running[name].pid

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a worker."""
        with self._lock:
            self._running[name].send_signal(number)

    def kill(self, name: str) -> None:
        """Kill a worker with SIGKILL; the supervisor starts it again."""
        self.signal(name, signal.SIGKILL)

    def terminate(self, name: str, timeout_s: float = 60) -> int:
        """Stop a worker with SIGTERM for good; return its exit code."""
        with self._lock:
            process = self._running.pop(name)
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout_s)
        self.exits.append(Exit(name, code, time.monotonic()))
        return code

    def restart_with(self, name: str, failpoint: Failpoint) -> None:
        """Kill a worker and start it again with a failpoint armed."""
        with self._lock:
            process = self._running.pop(name)
            process.kill()
            process.wait()
            self.start(name, failpoint)

    def wait_exit(self, name: str, since: float, timeout_s: float) -> int:
        """Wait for a worker to end by itself after `since` (monotonic); return its exit code."""

        def ended() -> list[Exit]:
            return [one for one in list(self.exits) if one.worker == name and one.at >= since]

        return int(wait_until(ended, timeout_s, f"{name} ends by itself")[0].code)

    def stopped(self, name: str) -> bool:
        """Tell whether a worker is paused (by SIGSTOP)."""
        return Path(f"/proc/{self.pid(name)}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"

    def _supervise(self) -> None:
        while not self._closing.wait(0.05):
            with self._lock:
                ended = {name: process for name, process in self._running.items() if process.poll() is not None}
                for name, process in ended.items():
                    self.exits.append(Exit(name, process.returncode, time.monotonic()))
                    del self._running[name]
                    if self._restart:
                        self.start(name)


class Feeder:
    """Writes records to explicit partitions at a steady rate, in a thread, while it is entered; each is made when its turn comes."""

    def __init__(
        self, bootstrap: str, topic: str, records: Iterable[tuple[int, bytes, bytes]], per_second: float
    ) -> None:
        self._bootstrap, self._topic, self._records, self._rate = bootstrap, topic, iter(records), per_second
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._enough = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()  # after a failure, too: what it wrote on would come into the next test's topics
        self._thread.join(30)

    def done(self) -> bool:
        """Tell whether nothing more is written: all is, or writing failed."""
        return not self._thread.is_alive()

    def join(self) -> None:
        """Wait until all is written."""
        self._thread.join()

    def stop(self) -> None:
        """Write no more than what is under way, and wait for its acknowledgement."""
        self._enough.set()
        self._thread.join()

    def _feed(self) -> None:
        # kafka-python waits for a broker that is away; aiokafka's producer asks again without a pause, and logs each time.
        producer = KafkaProducer(bootstrap_servers=self._bootstrap, acks="all", linger_ms=5, **PATIENT)
        started, sent, batch = time.monotonic(), 0, max(1, int(self._rate / 10))
        try:
            while not self._enough.is_set() and (run := list(islice(self._records, batch))):
                futures = [producer.send(self._topic, value, key, partition=p) for p, key, value in run]
                for future in futures:
                    future.get(PATIENCE_S)
                sent += len(run)
                time.sleep(max(0.0, started + sent / self._rate - time.monotonic()))
        finally:
            producer.close(5)


Log = dict[int, list[Record]]  # by partition


def read_topic(bootstrap: str, topic: str, partitions: int) -> Log:
    """Return all records of a topic, by partition."""
    return read_topics(bootstrap, {topic: partitions})[topic]


def read_topics(bootstrap: str, topics: Mapping[str, int]) -> dict[str, Log]:
    """Return all records of topics, given with their numbers of partitions; one pass over them all."""

    async def read() -> dict[str, Log]:
        settings = EngineSettings(bootstrap=bootstrap, application="reader", worker="reader")
        parts = [TopicPartition(topic, number) for topic, count in topics.items() for number in range(count)]
        consumer = await start_reader(settings)
        try:
            ends, begins = await consumer.end_offsets(parts), await consumer.beginning_offsets(parts)
        finally:
            await consumer.stop()
        logs: dict[str, Log] = {topic: {number: [] for number in range(count)} for topic, count in topics.items()}
        async for tp, records in LogReader(settings).read({tp: (begins[tp], ends[tp]) for tp in parts}):
            logs[tp.topic][tp.partition] += records
        return logs

    return asyncio.run(read())


def committed(bootstrap: str, group: str, topic: str, partitions: int) -> dict[tuple[str, int], int]:
    """Return a group's committed offsets of a topic."""

    async def ask() -> dict[tuple[str, int], int]:
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign([TopicPartition(topic, number) for number in range(partitions)])
            found = {tp: await consumer.committed(tp) for tp in consumer.assignment()}
        finally:
            await consumer.stop()
        return {(tp.topic, tp.partition): offset for tp, offset in found.items() if offset is not None}

    return asyncio.run(ask())


def end_offsets(bootstrap: str, topic: str, partitions: int) -> dict[tuple[str, int], int]:
    """Return where a topic's partitions end."""

    async def ask() -> dict[tuple[str, int], int]:
        settings = EngineSettings(bootstrap=bootstrap, application="reader", worker="reader")
        consumer = await start_reader(settings)
        try:
            ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
        finally:
            await consumer.stop()
        return {(tp.topic, tp.partition): offset for tp, offset in ends.items()}

    return asyncio.run(ask())


def drained(bootstrap: str, group: str, topic: str, partitions: int) -> bool:
    """Tell whether a group has committed a whole topic."""
    ends, done = end_offsets(bootstrap, topic, partitions), committed(bootstrap, group, topic, partitions)
    return all(done.get(tp, 0) >= end for tp, end in ends.items())
