"""Poison on a real Kafka: dead letters with their reason, good records unaffected, and letters written back once."""

import time
from pathlib import Path

import orjson
import pytest
from kafka import KafkaProducer

from processors.events import Event
from processors.vocabulary import VOCABULARY, Tick
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.topics import ACTIVITY, THREADS, dead_letters
from tests.support import in_process
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.pipeline import Pipeline, lively_bundle
from tests.support.town import Town, records

pytestmark = pytest.mark.integration

LOST = b"town/lost"
Sent = dict[tuple[str, int, int], tuple[bytes, bytes | None, bytes]]  # where: its reason, key, value


class Writer:
    """Writes records to explicit partitions and says where they came to lie."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._producer = KafkaProducer(
            bootstrap_servers=pipeline.settings.bootstrap, acks="all", max_request_size=4_000_000
        )

    def good(self, seed: int, count: int) -> None:
        """Write events of a town."""
        town = Town(seed, lambda number: time.time())
        for partition, key, value in records(
            town.events(count), self._pipeline.codec, self._pipeline.settings.partitions
        ):
            self._producer.send(ACTIVITY, key=key, value=value, partition=partition)

    def bad(self) -> Sent:
        """Write each kind of poison; return where each lies and what is to be said of it."""
        return {
            self._send(topic, key, value, partition): (reason, key, value)
            for topic, reason, key, value, partition in poison(self._pipeline.codec, self._pipeline.settings.partitions)
        }

    def close(self) -> None:
        """Wait until all is acknowledged."""
        self._producer.flush(30)
        self._producer.close()

    def _send(self, topic: str, key: bytes | None, value: bytes, partition: int) -> tuple[str, int, int]:
        done = self._producer.send(topic, key=key, value=value, partition=partition).get(20)
        return topic, done.partition, done.offset


def poison(codec: Codec, partitions: int) -> list[tuple[str, bytes, bytes | None, bytes, int]]:
    """Return topic, reason, key, value and partition of records that are no events, or not where they belong."""
    now, home = time.time(), partition_of(LOST, partitions)
    read = VOCABULARY["post.read"]()
    good = codec.encode(Event("lost", "post.read", LOST.decode(), now, read))
    ahead = codec.encode(Event("ahead", "post.read", LOST.decode(), now + 365 * 86400, read))
    late = codec.encode(Event("late", "post.read", LOST.decode(), now - 365 * 86400, read))
    tick = codec.encode(Event("t", "tick", "@0", now, Tick()))
    hours_on = Event("t", "tick", "@0", now + 7200, Tick())
    moved = orjson.dumps(orjson.loads(tick) | {"time": orjson.loads(codec.encode(hours_on))["time"]})
    question = orjson.dumps({"id": "q", "kind": "post", "member": "town/eve", "text": "How do I?", "question": True})
    watermark = orjson.dumps({"id": "w/0/9", "kind": "watermark", "time": now + 1e6})
    another = Codec(b"another deployment's key").encode(hours_on)
    deep = good[:-1] + b',"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    return [
        *((ACTIVITY, reason, LOST, value, home) for reason, value in (
            (b"json", b"not json"), (b"schema", b'{"specversion":"1.0","id":5}'), (b"json", deep),
            (b"version", good.replace(b'"1.0"', b'"9.9"')), (b"size", good[:-1] + b" " * 2_000_000 + b"}"),
            (b"json", good.replace(b"/lotse", b"\xff\xfe")), (b"clock", late), (b"clock", ahead),
        )),
        (ACTIVITY, b"key", None, good, 0),
        (ACTIVITY, b"wrong_partition", LOST, good, (home + 1) % partitions),
        (ACTIVITY, b"forged", b"@0", another, 0),
        (ACTIVITY, b"forged", b"@0", moved, 0),
        (ACTIVITY, b"forged", LOST, good.replace(b"post.read", b"outcome.opted_out"), home),
        (THREADS, b"forged", b"town", question, 0),
        (THREADS, b"forged", b"@0", watermark, 1),
    ]  # fmt: skip


def lotse(pipeline: Pipeline, *arguments: str) -> str:
    """Run a command of `lotse`; return what it printed."""
    done = in_process.lotse(*arguments, **pipeline.environment())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def letters(pipeline: Pipeline) -> Sent:
    """Return the dead letters by where their record lay."""
    found: Sent = {}
    for topic in (ACTIVITY, THREADS):
        for one in read_all(pipeline.settings.bootstrap, dead_letters(topic)):
            facts = {name: value.decode() for name, value in one.headers}
            where = (facts["lotse-topic"], int(facts["lotse-partition"]), int(facts["lotse-offset"]))
            found[where] = (facts["lotse-reason"].encode(), one.key, one.value)
    return found


def run_through(pipeline: Pipeline, logs: Path) -> None:
    """Let a worker fold all there is, and stop it."""
    with pipeline.fleet(logs, restart=False) as fleet:
        fleet.start("w1")
        wait_until(pipeline.drained, 60, "offsets moved beyond everything")
        assert fleet.terminate("w1") == 0


def test_poison_is_set_aside_and_a_letter_is_written_back_once(empty_kafka: Broker, tmp_path: Path) -> None:
    """Each has its reason and raw bytes; the rest is folded as if nothing was; what is mended by moving it is moved."""
    pipeline = Pipeline(empty_kafka.bootstrap, LOTSE_TICK_S="0")
    pipeline.prepare(lively_bundle())
    writer = Writer(pipeline)
    pipeline.tick(time.time() - 1)
    writer.good(1, 300)
    sent = writer.bad()
    writer.good(2, 300)
    writer.close()
    run_through(pipeline, tmp_path)

    found = letters(pipeline)
    assert {where: reason for where, (reason, _, _) in found.items()} == {
        where: reason for where, (reason, _, _) in sent.items()
    }
    whole = {where: (key or b"", value) for where, (reason, key, value) in sent.items() if reason != b"size"}
    assert {where: found[where][1:] for where in whole} == whole
    assert pipeline.audit().faults() == []

    before = len(read_all(empty_kafka.bootstrap, ACTIVITY))
    plan = orjson.loads(lotse(pipeline, "dlq", "replay", "--dry-run", "--json"))
    assert (plan["replayed"], plan["skipped"], plan["other_topic"]) == (1, 0, 2)
    assert len(plan["letters"]) == len(sent)
    assert len(read_all(empty_kafka.bootstrap, ACTIVITY)) == before
    first = orjson.loads(lotse(pipeline, "dlq", "replay", "--json"))
    assert (first["replayed"], first["skipped"]) == (1, 0)
    second = lotse(pipeline, "dlq", "replay").splitlines()
    assert second[-1].startswith(
        "0 written back, 1 skipped (written back before), 12 still no events, 0 expired, 0 that may have been delivered, 2 of other topics"
    )
    assert [line for line in second if "was written back before" in line]
    log = read_all(empty_kafka.bootstrap, ACTIVITY)
    (back,) = [one for one in log if "lotse-replayed" in dict(one.headers)]
    (moved,) = [(key, value) for reason, key, value in sent.values() if reason == b"wrong_partition"]
    assert (back.key, back.value, len(log)) == (*moved, before + 1)

    run_through(pipeline, tmp_path)
    assert orjson.loads(lotse(pipeline, "state", "show", "town/lost"))["state"]["last"] > 0
    assert pipeline.audit().faults() == []
