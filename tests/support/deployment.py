"""A small deployment for tests of the console: topics, a catalog, events, a worker as a process, and `lotse` itself."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY
from resource_catalog.loader import SHIPPED, load
from streams.agents.records import partition_of
from streams.catalog.feed import publish
from streams.codec import Codec
from streams.settings import Settings, child_environment
from streams.topic_plan import compare, create_missing
from streams.topics import ACTIVITY
from tests.support import in_process
from tests.support.in_process import Done
from tests.support.kafka import wait_until

KEY = "a control key for tests"
TEXTS = ("How do I mount the frobnicator under gentoo?", "How can I print labels from a sheet?", "thanks, that helped")
KINDS = ("post.created", "post.read", "community.joined", "search.performed")


class Deployment:
    """Topics of one broker, written to and looked at."""

    def __init__(self, bootstrap: str, app: str = "console", partitions: int = 2) -> None:
        self.settings = Settings(bootstrap=bootstrap, app=app, control_key=KEY, partitions=partitions)
        self.codec = Codec(KEY.encode())
        self.written = 0
        self._dice = random.Random(7)

    def prepare(self, bundle: Bundle | None = None) -> str:
        """Create the topics and publish a catalog; return its hash."""
        create_missing(self.settings)
        wait_until(lambda: not compare(self.settings), 20, "all topics")
        return self.publish(bundle)

    def publish(self, bundle: Bundle | None = None) -> str:
        """Publish a bundle, the shipped one without quiet hours if none is given; return its hash."""
        if bundle is None:
            bundle = msgspec.structs.replace(load(SHIPPED).bundle, policies={"*": Policy(quiet_from=0, quiet_to=0)})
        return publish(self.settings.bootstrap, bundle, self.codec, self.settings.partitions, time.time())

    def write(self, count: int, members: int = 40) -> None:
        """Write events of several kinds by members m0, m1, ..."""
        with closing(KafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")) as producer:
            for _ in range(count):
                self.written += 1
                number = self.written
                kind, member = self._dice.choice(KINDS), self._dice.randrange(members)
                fields = {"text": self._dice.choice(TEXTS), "thread": f"t{number}"} if kind == "post.created" else {}
                event = Event(f"e{number}", kind, f"town/m{member}", time.time(), VOCABULARY[kind](**fields))
                self.send(producer, event)
            producer.flush(30)

    def send(self, producer: KafkaProducer, event: Event) -> None:
        """Write one event onto its own partition."""
        home = int(event.key[1:]) if event.key.startswith("@") else self.home(event.key)
        producer.send(ACTIVITY, key=event.key.encode(), value=self.codec.encode(event), partition=home)

    def home(self, member: str) -> int:
        """Return the partition of a member."""
        return partition_of(member.encode(), self.settings.partitions)

    def committed(self) -> dict[int, int]:
        """Return the offsets that the workers have committed."""
        with closing(self._consumer()) as consumer:
            return {one.partition: consumer.committed(one) or 0 for one in self._partitions()}

    def ends(self) -> dict[int, int]:
        """Return where the member log ends."""
        with closing(self._consumer()) as consumer:
            return {one.partition: end for one, end in consumer.end_offsets(self._partitions()).items()}

    def commit(self, offsets: dict[int, int]) -> None:
        """Commit in the place of workers."""
        with closing(self._consumer()) as consumer:
            consumer.commit(
                {TopicPartition(ACTIVITY, one): OffsetAndMetadata(at, "", -1) for one, at in offsets.items()}
            )

    def caught_up(self) -> None:
        """Wait until the workers have committed all that the log holds now."""
        ends = self.ends()
        wait_until(lambda: all(self.committed()[one] >= end for one, end in ends.items()), 60, "the log is folded", 0.3)

    @contextmanager
    def worker(self, logs: Path, name: str = "one", health: str = "127.0.0.1:0") -> Iterator["subprocess.Popen[bytes]"]:
        """Run a worker; stop it with SIGTERM at the end, unless the test has killed it."""
        environment = child_environment(**self.environment(), LOTSE_WORKER=name, LOTSE_HEALTH_ADDRESS=health)
        with (logs / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "streams.cli", "worker"]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield process
            if process.poll() != -signal.SIGKILL:
                process.terminate()
                assert process.wait(60) == 0
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(60)

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the settings of this deployment as environment variables."""
        settings = self.settings
        return {
            "LOTSE_BOOTSTRAP": settings.bootstrap, "LOTSE_APP": settings.app, "LOTSE_CONTROL_KEY": settings.control_key,
            "LOTSE_PARTITIONS": str(settings.partitions), "LOTSE_CHECKPOINT_S": "0.2", **changes,
        }  # fmt: skip

    def lotse(self, *words: str, **changes: str) -> Done:
        """Run a command of the console."""
        return in_process.lotse(*words, **self.environment(**changes))

    def _consumer(self) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self.settings.bootstrap, group_id=self.settings.app, enable_auto_commit=False
        )

    def _partitions(self) -> list[TopicPartition]:
        return [TopicPartition(ACTIVITY, number) for number in range(self.settings.partitions)]
