"""A real Apache Kafka (KRaft, one node) on free ports of loopback, for tests and benchmarks."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic

LIBS = Path(__file__).parents[2] / "build" / "kafka" / "libs"
PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes=4194304
"""


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], Any], timeout_s: float, what: str, interval_s: float = 0.1) -> Any:
    """Return the condition's first truthy value. Raises `TimeoutError` that names what was waited for."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        time.sleep(interval_s)


class Broker:
    """One broker process; `stop` and `start` keep its port and data."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        properties = PROPERTIES.format(port=self.port, controller=free_port(), data=home / "data")
        (home / "server.properties").write_text(properties, encoding="utf-8")
        self._java(
            "kafka.tools.StorageTool", "format", "-t", str(uuid.uuid4()), "-c", str(home / "server.properties")
        ).wait(60)

    def start(self) -> "Broker":
        """Start and wait until it answers."""
        self._process = self._java("kafka.Kafka", str(self.home / "server.properties"))
        wait_until(self._answers, 60, f"Kafka on {self.bootstrap} (log: {self.home / 'log.txt'})")
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for its end."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def kill(self) -> None:
        """End the process at once."""
        self.stop(signal.SIGKILL)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"Kafka ended with {self._process.returncode}; see {self.home / 'log.txt'}")
        with suppress(Exception):
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
            admin.list_topics()
            admin.close()
            return True
        return False

    def _java(self, main: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.home / "log.txt").open("ab")
        command = ["java", "-Xmx768m", "-Xms256m", "-XX:+UseSerialGC", "-cp", f"{LIBS}/*", main, *arguments]
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.home)


@contextmanager
def running_kafka() -> Iterator[Broker]:
    """Start a broker with fresh data, stop it and remove its data at the end."""
    if not any(LIBS.glob("kafka_2.13-*.jar")):
        raise RuntimeError(f"no Kafka jars in {LIBS}; run: make build/kafka/.ready")
    home = Path(tempfile.mkdtemp(prefix="lotse-kafka-"))
    broker = Broker(home)
    try:
        yield broker.start()
    finally:
        broker.kill()
        shutil.rmtree(home, ignore_errors=True)


def create_topics(bootstrap: str, topics: Mapping[str, int]) -> None:
    """Create topics with their numbers of partitions."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(name, partitions, 1) for name, partitions in topics.items()])
    finally:
        admin.close()


def read_all(bootstrap: str, topic: str, timeout_s: float = 60) -> list[Any]:
    """Return all records of a topic up to its end offsets now."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    try:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        consumer.assign(partitions)
        ends, records, deadline = consumer.end_offsets(partitions), [], time.monotonic() + timeout_s
        consumer.seek_to_beginning()
        while any(consumer.position(one) < ends[one] for one in partitions):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topic}: not read within {timeout_s:g} s")
            for found in consumer.poll(timeout_ms=500).values():
                records += found
        return records
    finally:
        consumer.close()
