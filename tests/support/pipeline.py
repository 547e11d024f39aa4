"""The whole pipeline as processes on a real Kafka, and the audit of all that it left there."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import msgspec
from kafka import KafkaProducer

from processors.decisions import SAFETY, Verdict, read_decision
from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import Tick
from resource_catalog.loader import SHIPPED, load
from streams.agents.announcements import AnnouncementStage
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.agents.records import partition_of
from streams.catalog.feed import CatalogFeed, publish
from streams.codec import SEAL, Codec
from streams.proof.verify import Silent, Verified, verify
from streams.runtime.changelog import Closing
from streams.runtime.shard import Shard
from streams.runtime.stage import Output, Record, Stage
from streams.runtime.stores import MemoryStore
from streams.runtime.topology import changelog_name
from streams.settings import Settings, child_environment
from streams.topic_plan import compare, create_missing
from streams.topics import ACTIVITY, CATALOG, DECISIONS, THREADS, TOPICS
from tests.support.chaos import Failpoint, Fleet, Log, committed, drained, end_offsets, read_topics
from tests.support.kafka import free_port, wait_until

KEY = "a control key for tests"
SIGNAL = b'"type":"signal"'
TAIL = 20  # records: ticks that come while one waits
Written = tuple[str, int, bytes, bytes]  # topic, partition, key, value


class Audit(msgspec.Struct):
    """What differs from the sequential fold of both logs; `duplicates` counts outputs by topic that are there more often than the fold gives them."""

    proof: Verified
    wrong_states: list[str]
    missing: list[Written]
    unexpected: list[Written]
    duplicates: dict[str, int]
    outputs: dict[str, int]
    unsent: set[str]  # commands of decisions that are on no delivery topic

    def faults(self) -> list[str]:
        """Return what is missing, wrong or unexpected, the first few of each kind; empty where all is exact."""
        return [
            *([] if self.proof.proved else [str(self.proof)]),
            *(f"state: {one}" for one in self.wrong_states[:5]),
            *(f"missing: {one}" for one in self.missing[:5]),
            *(f"unexpected: {one}" for one in self.unexpected[:5]),
            *(f"on no delivery topic, or without a decision: {one}" for one in sorted(self.unsent)[:5]),
        ]


def lively_bundle() -> Bundle:
    """Return the shipped catalog under a policy that lets things happen within seconds, at any hour."""
    policy = Policy(quiet_from=0, quiet_to=0, onboarding_after=3.0, distress_support=True, safety_owner="the test")
    return msgspec.structs.replace(load(SHIPPED).bundle, policies={"*": policy})


class Pipeline:
    """One deployment: its topics, its workers, and what they left. `settings` are those of its environment."""

    def __init__(self, bootstrap: str, app: str = "lotse", partitions: int = 4, **settings: str) -> None:
        self.settings = Settings(bootstrap=bootstrap, app=app, control_key=KEY, partitions=partitions)
        self.codec = Codec(KEY.encode())
        self._environment = settings
        self.own: dict[str, dict[str, str]] = {}  # settings of single workers, by their name
        self._ports: dict[str, int] = {}  # where they answer probes

    def prepare(self, bundle: Bundle | None = None) -> None:
        """Create the topics and publish a catalog."""
        create_missing(self.settings)
        wait_until(lambda: not compare(self.settings), 30, "all topics")
        if bundle is not None:
            publish(self.settings.bootstrap, bundle, self.codec, self.settings.partitions, time.time())

    def environment(self) -> dict[str, str]:
        """Return the environment of this deployment's processes."""
        return child_environment(
            LOTSE_BOOTSTRAP=self.settings.bootstrap, LOTSE_APP=self.settings.app, LOTSE_CONTROL_KEY=KEY,
            LOTSE_PARTITIONS=str(self.settings.partitions), LOTSE_CHECKPOINT_S="0.3",
            LOTSE_SESSION_TIMEOUT_S="6", **self._environment,
        )  # fmt: skip

    def fleet(self, log_dir: Path, restart: bool = True) -> Fleet:
        """Return workers of this deployment, not started."""
        return Fleet(self._command, log_dir, self.environment(), restart)

    def tick(self, time: float) -> None:
        """Write a tick into each partition of the member log, where no worker does (`LOTSE_TICK_S=0`)."""
        producer = KafkaProducer(bootstrap_servers=self.settings.bootstrap, acks="all")
        for partition in range(self.settings.partitions):
            event = Event(f"tick/{partition}/{time:.3f}", "tick", f"@{partition}", time, Tick())
            producer.send(ACTIVITY, key=event.key.encode(), value=self.codec.encode(event), partition=partition)
        producer.flush(30)
        producer.close()

    def _command(self, name: str, failpoint: Failpoint | None) -> Sequence[str]:
        port = self._ports.setdefault(name, free_port())
        given = {"LOTSE_WORKER": name, "LOTSE_HEALTH_ADDRESS": f"127.0.0.1:{port}", **self.own.get(name, {})}
        if failpoint is not None:
            given |= {
                "LOTSE_FAILPOINT": failpoint.name,
                "LOTSE_FAILPOINT_AFTER_S": str(failpoint.after_s),
                "LOTSE_FAILPOINT_ACTION": failpoint.action,
            }
        pairs = [f"{key}={value}" for key, value in given.items()]
        return ["env", *pairs, sys.executable, "-m", "streams.cli", "worker"]

    def wait_ready(self, *workers: str, timeout_s: float = 90) -> None:
        """Wait until workers answer that they are assigned, recovered and folding."""
        for name in workers:
            wait_until(partial(self._ready, name), timeout_s, f"{name} is ready")

    def _ready(self, name: str) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._ports[name]}/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:  # nobody there yet, or not ready
            return False

    def drained(self) -> bool:
        """Tell whether both groups have committed the ends of their logs."""
        return all(
            drained(self.settings.bootstrap, self.settings.app, topic, self.settings.partitions)
            for topic in (ACTIVITY, THREADS)
        )

    def nearly_drained(self) -> bool:
        """Tell whether the members' group has folded all but the ticks of the last seconds."""
        done = self.folded()
        ends = end_offsets(self.settings.bootstrap, ACTIVITY, self.settings.partitions)
        return all(done.get(tp, 0) >= end - TAIL for tp, end in ends.items())

    def folded(self) -> dict[tuple[str, int], int]:
        """Return how far the member log has been folded, by topic and partition."""
        return committed(self.settings.bootstrap, self.settings.app, ACTIVITY, self.settings.partitions)

    def wait_for_news(self, timeout_s: float, *, promised: bool = False) -> None:
        """Wait until each partition of the member log has been folded beyond where it ends now."""
        ends = end_offsets(self.settings.bootstrap, ACTIVITY, self.settings.partitions)

        def beyond() -> bool:
            done = self.folded()
            return all(done.get(tp, 0) > end for tp, end in ends.items())

        wait_until(beyond, timeout_s, "every partition folded further", promised=promised)

    def decided(self, fewest: int) -> bool:
        """Tell whether at least so many decisions are written."""
        ends = end_offsets(self.settings.bootstrap, DECISIONS, self.settings.partitions)
        return sum(ends.values()) >= fewest

    def audit(self) -> Audit:
        """Compare states, outputs and decisions with the sequential fold of the logs; for workers that have stopped."""
        feed = CatalogFeed(self.settings.bootstrap).load()
        proof = verify(self.settings.bootstrap, self.settings.app, self.codec, feed)
        partitions = self.settings.partitions
        stages = (
            MemberStage(partitions, feed, self.codec, Silent()),
            CommunityStage(partitions, self.codec, Silent()),
            AnnouncementStage(partitions, self.codec, Silent()),
        )
        changelogs = {stage.name: changelog_name(self.settings.app, stage.name) for stage in stages}
        logs = read_topics(self.settings.bootstrap, self._counts() | dict.fromkeys(changelogs.values(), partitions))
        wrong, expected = [], Counter[Written]()
        for stage in stages:
            wrong += self._fold(stage, logs[stage.source], logs.pop(changelogs[stage.name]), expected)
        found = Counter(self._found(logs))
        again = Counter[str]()
        for written, count in found.items():
            again[written[0]] += max(
                0, count - max(1, expected[written])
            )  # a fold may say the same twice within a second
        return Audit(
            proof,
            wrong,
            missing=sorted(set(expected) - set(found)),
            unexpected=sorted(set(found) - set(expected)),
            duplicates={topic: count for topic, count in again.items() if count},
            outputs=dict(Counter(topic for topic, *_ in expected)),
            unsent=self._unsent(found),
        )

    def _counts(self) -> dict[str, int]:
        """Return the numbers of partitions of the topics that stages read and write."""
        return {spec.name: spec.partitions or self.settings.partitions for spec in TOPICS if spec.name != CATALOG}

    def _fold(self, stage: Stage, source: Log, changelog: Log, expected: Counter[Written]) -> list[str]:
        """Fold a stage's log in a plain loop; add its outputs to `expected`, return which states differ."""
        wrong = []
        for number, log in changelog.items():
            closing, states = restored(log)
            end = closing.next if closing else 0
            opened = stage.open(number, {}, None)
            opened.fold([record for record in source[number] if record.offset < end])
            expected.update(self._written(output) for output in opened.take_outputs())
            folded = {key: value for key, value in opened.take_touched() if value is not None}
            keys = sorted(key for key in folded.keys() | states.keys() if folded.get(key) != states.get(key))
            wrong += [f"{stage.name}/{number}/{key!r}" for key in keys]
            if closing and opened.shared() != closing.shared:
                wrong.append(f"{stage.name}/{number}: the shared state")
        return wrong

    def _written(self, output: Output) -> Written:
        where = partition_of(output.key, self._counts()[output.topic]) if output.partition is None else output.partition
        return output.topic, where, output.key, output.value

    def _found(self, logs: Mapping[str, Log]) -> Iterator[Written]:
        """Yield what the stages wrote: of the member log its signals, of the threads what has their seal."""
        for topic, log in logs.items():
            for record in (one for records in log.values() for one in records):
                if self._ours(record):
                    yield topic, record.partition, record.key or b"", record.value or b""

    def _ours(self, record: Record) -> bool:
        key, value = record.key or b"", record.value or b""
        if record.topic == THREADS:
            return dict(record.headers).get(SEAL) == self.codec.seal_of(key, value)
        return record.topic != ACTIVITY or SIGNAL in value

    @staticmethod
    def _unsent(found: Iterable[Written]) -> set[str]:
        """Return the commands without a decision and the other way round; of the safety lane, whose decisions name none, how many."""
        sends, sent = set(), set()
        safety_sends, safety_sent = set(), set()
        for topic, _, _, value in found:
            if topic == DECISIONS:
                decision = read_decision(None, value)
                if decision.verdict is Verdict.SEND:
                    (safety_sends if decision.lane == SAFETY else sends).add(decision.command or decision.id)
            elif topic.startswith("delivery.") and not topic.endswith(".dlq"):
                one = msgspec.json.decode(value)
                if one.get("type") != "recall":  # takes a command back that was one before
                    (safety_sent if one["lane"] == SAFETY else sent).add(one["id"])
        uneven = len(safety_sends) != len(safety_sent)
        return (sends ^ sent) | (
            {f"safety lane: {len(safety_sends)} decided, {len(safety_sent)} sent"} if uneven else set()
        )


def restored(log: Sequence[Record]) -> tuple[Closing | None, dict[bytes, bytes]]:
    """Return what restoring a partition's changelog gives: its last closing record and the states."""
    store = MemoryStore()
    shard = Shard(store)
    shard.apply(log)
    return shard.closing, dict(store.states.items())  # type: ignore[call-overload]  # a dict
