"""A real Apache Kafka (KRaft, one node) on free ports of loopback, for tests and benchmarks."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError

from streams.servers.broker_access import quicken_checksums
from tests.support.processes import Server, free_port, listens, tool, wait_until

__all__ = ["Broker", "create_topics", "empty", "free_port", "read_all", "running_kafka", "wait_until"]

ROOT = Path(__file__).resolve().parents[2]
LIBS = ROOT / "build" / "kafka" / "libs"
POM = Path(__file__).with_name("kafka-pom.xml")
HEAP = ("-Xms256m", "-Xmx768m", "-XX:+UseSerialGC")
# A start costs 5 s of CPU, mostly for loading and compiling classes. So we compile lightly, keep the loaded classes in an
# archive and the formatted storage as a template: 1.5 s. Benchmarks, which want Java's best, run without (`steady`).
KEPT = LIBS.with_name("start")
CLASSES, FORMATTED = KEPT / "classes.jsa", KEPT / "formatted"
quicken_checksums()  # for tests that open clients by themselves
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
READY_S, FORMAT_S, DOWNLOAD_S = 60.0, 60.0, 480.0
# An idle broker writes twice a second that nothing is new, unless told not to: a third of what it costs at rest.
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
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes=4194304
metadata.max.idle.interval.ms=0
"""


More = Callable[[int, int], str]


def _nothing(_port: int, _controller: int) -> str:
    return ""


class Broker(Server):
    """One broker; `bootstrap` is its address, also while it is stopped."""

    def __init__(
        self, home: Path, more: More = _nothing, users: Sequence[str] = (), options: Sequence[str] = ()
    ) -> None:
        """`more` gives further properties, by its port and the controller's; `users` are SCRAM credentials as `kafka-storage.sh format` takes them."""
        self.port = free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        properties = home / "server.properties"
        controller = free_port()
        plain = PROPERTIES.format(port=self.port, controller=controller, data=home / "data")
        properties.write_text(plain + more(self.port, controller), encoding="utf-8")  # of two alike the last counts
        super().__init__("Kafka", _java(*options, "kafka.Kafka", str(properties)), home, self._lists_topics, READY_S)
        if FORMATTED.exists() and not users:
            shutil.copytree(FORMATTED, home / "data")
        else:
            self._format(properties, users)

    def _format(self, properties: Path, users: Sequence[str]) -> None:
        command = _java("kafka.tools.StorageTool", "format", "-t", str(uuid.uuid4()), "-c", str(properties))
        for user in users:
            command += ["--add-scram", user]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, timeout=FORMAT_S, check=False)
        if done.returncode:
            raise RuntimeError(f"Kafka's storage was not formatted:\n{done.stdout}{done.stderr}")

    def _lists_topics(self) -> bool:
        if not listens(self.port):  # Kafka's client would be slow to notice
            return False
        with suppress(KafkaError, OSError):
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=5000)
            try:
                admin.list_topics()
            finally:
                admin.close()
            return True
        return False


@contextmanager
def running_kafka(more: More = _nothing, users: Sequence[str] = (), *, steady: bool = False) -> Iterator[Broker]:
    """Start a broker with fresh data, `steady` for measuring; at the end, however it ends, stop it and remove its data.

    The rest as of `Broker`.
    """
    _fetch_jars()
    _keep_a_start()
    home = Path(tempfile.mkdtemp(prefix="lotse-kafka-"))
    broker = None
    try:
        broker = Broker(home, more, users, () if steady else (*QUICK, f"-XX:SharedArchiveFile={CLASSES}"))
        broker.start()
        yield broker
    finally:
        if broker is not None:
            broker.kill()
        shutil.rmtree(home, ignore_errors=True)


def create_topics(bootstrap: str, topics: Mapping[str, int]) -> None:
    """Create topics with their numbers of partitions."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(name, partitions, 1) for name, partitions in topics.items()])
        # The broker learns of it a moment after the controller.
        wait_until(lambda: topics.keys() <= set(admin.list_topics()), 60, "all topics are listed")
    finally:
        admin.close()


def empty(bootstrap: str) -> None:
    """Delete all topics, and with them what groups have committed."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        ours = {name for name in admin.list_topics() if not name.startswith("__")}
        if ours:
            admin.delete_topics(list(ours))
            wait_until(lambda: ours.isdisjoint(admin.list_topics()), 60, "all topics are deleted")
    finally:
        admin.close()


def read_all(bootstrap: str, topic: str, timeout_s: float = 60) -> list[Any]:
    """Return all records of a topic up to its end offsets now, those of each partition in order."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    try:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        if not partitions:
            raise ValueError(f"{topic}: there is no such topic")
        consumer.assign(partitions)
        ends, records, deadline = consumer.end_offsets(partitions), [], time.monotonic() + timeout_s
        consumer.seek_to_beginning()
        while any(consumer.position(one) < ends[one] for one in partitions):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topic}: not read within {timeout_s:g} s")
            for where, found in consumer.poll(timeout_ms=500).items():
                records += [one for one in found if one.offset < ends[where]]
        return records
    finally:
        consumer.close()


def _fetch_jars() -> None:
    """Bring the jars from Maven Central, once; later runs find them."""
    if any(LIBS.glob("kafka_2.13-*.jar")):
        return
    command = [tool("mvn"), "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={LIBS}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_S, check=False)
    if done.returncode:
        raise RuntimeError(f"the Kafka jars could not be fetched from Maven Central:\n{done.stdout[-2000:]}")


@cache
def _keep_a_start() -> None:
    """Start a broker once for what later starts take from it: formatted storage, and the classes that it loaded."""
    with KEPT.with_suffix(".lock").open("w") as lock:  # parts of the suite begin together: one does it, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        if KEPT.exists():
            return
        home = Path(tempfile.mkdtemp(prefix="start-", dir=KEPT.parent))
        try:
            broker = Broker(home, options=(*QUICK, f"-XX:ArchiveClassesAtExit={home / CLASSES.name}"))
            shutil.copytree(home / "data", home / FORMATTED.name)
            broker.start()
            broker.stop()
            shutil.rmtree(home / "data")
            home.rename(KEPT)  # whole from its first moment
        finally:
            shutil.rmtree(home, ignore_errors=True)


def _java(*arguments: str) -> list[str]:
    home = os.environ.get("JAVA_HOME", "")
    java = Path(home) / "bin" / "java"
    return [str(java) if home and java.exists() else tool("java"), *HEAP, "-cp", f"{LIBS}/*", *arguments]
