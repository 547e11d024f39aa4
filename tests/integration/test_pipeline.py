"""The whole pipeline on a real Apache Kafka: workers are killed under load, and the proof by replay still holds."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import orjson
import pytest
from kafka import KafkaProducer

from processors.decisions import Decision, Verdict
from processors.events import Event
from processors.resources import Policy
from processors.vocabulary import VOCABULARY
from resource_catalog.loader import SHIPPED, load
from streams.agents.records import partition_of
from streams.catalog_feed import CatalogFeed, publish
from streams.codec import Codec
from streams.commands.operate import compare, create_missing
from streams.settings import Settings, child_environment
from streams.topics import ACTIVITY, DECISIONS, DELIVERY, dead_letters
from streams.verify import Verified, verify
from tests.support.kafka import read_all, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
KEY = "a control key for tests"
PARTITIONS = 4
KILLS = 4
TEXTS = (
    "How do I mount the frobnicator partition under gentoo?",
    "How can I print labels from a spreadsheet?",
    "thanks, that helped",
    "good morning",
)


class Fleet:
    """Workers as processes, each started again whenever it ends."""

    def __init__(self, settings: Settings, logs: Path) -> None:
        self._settings, self._logs = settings, logs
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start a worker."""
        environment = child_environment(
            LOTSE_BOOTSTRAP=self._settings.bootstrap, LOTSE_APP=self._settings.app, LOTSE_CONTROL_KEY=KEY, LOTSE_WORKER=name,
            LOTSE_HEALTH_ADDRESS="127.0.0.1:0", LOTSE_CHECKPOINT_S="0.3",
        )  # fmt: skip
        log = (self._logs / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "worker"], stdout=log, stderr=log, env=environment
        )

    def kill(self, name: str, how: signal.Signals) -> None:
        """End a worker and start it again."""
        self.processes[name].send_signal(how)
        self.processes[name].wait(30)
        self.start(name)

    def revive(self) -> None:
        """Start again whoever has ended by itself, as a supervisor does."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start(name)

    def stop(self) -> list[int]:
        """SIGTERM to all; return their exit codes."""
        for process in self.processes.values():
            process.terminate()
        return [process.wait(30) for process in self.processes.values()]


@contextmanager
def fleet(settings: Settings, logs: Path) -> Iterator[Fleet]:
    """Workers that are gone at the end, however it ends."""
    workers = Fleet(settings, logs)
    try:
        yield workers
    finally:
        for process in workers.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait(10)


class Load:
    """Events of members, and poison, written at a pace."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", max_request_size=4_000_000)
        self._random, self._codec, self.sent, self.poison = random.Random(7), Codec(KEY.encode()), 0, 0

    def write(self, count: int) -> None:
        """Write so many events of many kinds."""
        for _ in range(count):
            self.sent += 1
            kind = self._random.choice(
                ("post.created", "post.read", "community.joined", "search.performed", "preference.snoozed")
            )
            fields = {"text": self._random.choice(TEXTS), "thread": f"t{self.sent}"} if kind == "post.created" else {}
            event = Event(
                f"e{self.sent}", kind, f"town/m{self._random.randrange(300)}", time.time(), VOCABULARY[kind](**fields)
            )
            self._producer.send(
                ACTIVITY,
                key=event.key.encode(),
                value=self._codec.encode(event),
                partition=partition_of(event.key.encode(), PARTITIONS),
            )

    def write_poison(self) -> None:
        """Write what is no event: non-JSON, no key, wrong types, a forged tick, a wrong partition, a clock a year off."""
        good = Event("late", "post.read", "town/late", time.time() - 365 * 86400, VOCABULARY["post.read"]())
        lost = Event("lost", "post.read", "town/lost", time.time(), VOCABULARY["post.read"]())
        tick = Event("forged", "tick", "@0", time.time(), VOCABULARY["tick"]())
        home = partition_of(b"town/lost", PARTITIONS)
        for key, value, partition in (
            (b"town/x", b"not json", None),
            (None, self._codec.encode(lost), 0),
            (b"town/x", orjson.dumps({"specversion": "1.0", "id": 5}), None),
            (b"town/x", b"[" * 50_000, None),
            (b"town/x", b" " * 2_000_000, None),
            (b"@0", Codec(b"another deployment").encode(tick), 0),
            (b"town/lost", self._codec.encode(lost), (home + 1) % PARTITIONS),
            (b"town/late", self._codec.encode(good), partition_of(b"town/late", PARTITIONS)),
        ):
            self._producer.send(ACTIVITY, key=key, value=value, partition=partition)
            self.poison += 1

    def flush(self) -> None:
        """Wait until all is acknowledged."""
        self._producer.flush(30)


def proof(settings: Settings) -> Verified:
    """Prove by replay."""
    return verify(settings.bootstrap, settings.app, Codec(KEY.encode()), CatalogFeed(settings.bootstrap).load())


def decided(settings: Settings) -> list[Decision]:
    """All decisions, repeats included."""
    return [msgspec.json.decode(record.value, type=Decision) for record in read_all(settings.bootstrap, DECISIONS)]


def test_kills_under_load_change_nothing(kafka: str, tmp_path: Path) -> None:
    """After kills, poison and a rolling restart nothing is missing, unexpected or different, and every command is there."""
    settings = Settings(bootstrap=kafka, app=f"chaos{os.getpid()}", control_key=KEY, partitions=PARTITIONS)
    create_missing(settings)
    wait_until(lambda: not compare(settings), 20, "all topics")
    bundle = msgspec.structs.replace(load(SHIPPED).bundle, policies={"*": Policy(quiet_from=0, quiet_to=0)})
    publish(kafka, bundle, Codec(KEY.encode()), PARTITIONS, time.time())
    dice, written = random.Random(11), Load(kafka)
    with fleet(settings, tmp_path) as workers:
        workers.start("one")
        workers.start("two")
        written.write(2000)
        wait_until(lambda: len(decided(settings)) > 100, 60, "the first decisions")
        for number in range(KILLS):
            written.write(1500)
            time.sleep(dice.uniform(0.2, 3.0))
            workers.kill(dice.choice(("one", "two")), signal.SIGKILL if number % 2 == 0 else signal.SIGTERM)
        written.write_poison()
        written.write(500)
        written.flush()

        def drained() -> bool:
            workers.revive()
            return proof(settings).events > written.sent and not wanting(settings, written)

        wait_until(drained, 90, "all events folded", 2.0)
        assert workers.stop() == [0, 0]
    result = proof(settings)
    assert result.proved, result
    commands = Counter(
        orjson.loads(record.value)["id"] for topic in DELIVERY.values() for record in read_all(kafka, topic)
    )
    sends = {one.command for one in decided(settings) if one.verdict is Verdict.SEND}
    assert sends == set(commands) != set()
    reasons = Counter(
        dict(record.headers)["lotse-reason"].decode() for record in read_all(kafka, dead_letters(ACTIVITY))
    )
    assert set(reasons) == {"json", "key", "schema", "size", "forged", "wrong_partition", "clock"}


def wanting(settings: Settings, written: Load) -> bool:
    """Tell whether a poison record has not reached the dead letters yet."""
    found = {
        (dict(one.headers)["lotse-partition"], dict(one.headers)["lotse-offset"])
        for one in read_all(settings.bootstrap, dead_letters(ACTIVITY))
    }
    return len(found) < written.poison
