"""The engine on a real Apache Kafka: restoring, gaps, waiting, ticks, two stages, and how it ends."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.runtime.changelog import Stamp
from streams.runtime.exits import ExitCode
from tests.support.chaos import committed, end_offsets, read_topic
from tests.support.counting_fleet import Counting
from tests.support.kafka import create_topics, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.chaos]


def told(report: Path, what: str) -> list[dict[str, Any]]:
    """Return the observer's lines of one kind."""
    lines = report.read_bytes().splitlines() if report.exists() else []
    return [line for line in map(orjson.loads, lines) if line["what"] == what]


def taken_over(report: Path, partitions: int) -> bool:
    """Tell whether a second worker has opened all partitions: the group may first give it some of them."""
    _, *later = [one["assigned"] for one in told(report, "rebalanced")]
    return later[-1:] == [partitions] and len(told(report, "recovered")) == partitions + sum(later)


def run_alone(counting: Counting, log_dir: Path, timeout_s: float = 40) -> tuple[int, str]:
    """Run one worker until it ends by itself; return its exit code and what it logged."""
    command = counting.command("w1", None)
    with (log_dir / "alone.log").open("wb") as log:
        code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, timeout=timeout_s, check=False).returncode
    return code, (log_dir / "alone.log").read_text()


def write(
    bootstrap: str, topic: str, records: list[tuple[int, bytes, bytes]], transactional: str | None = None
) -> None:
    """Write records; with a transactional id, ten a transaction."""

    async def send() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=transactional)
        await producer.start()
        for begin in range(0, len(records), 10):
            if transactional:
                await producer.begin_transaction()
            for partition, key, value in records[begin : begin + 10]:
                await producer.send(topic, value, key, partition=partition)
            if transactional:
                await producer.commit_transaction()
        await producer.stop()

    asyncio.run(send())


def commit_as(bootstrap: str, group: str, offsets: Mapping[TopicPartition, int]) -> None:
    """Commit offsets for a group that has no member."""

    async def commit() -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
        await consumer.start()
        consumer.assign(list(offsets))
        await consumer.commit(dict(offsets))
        await consumer.stop()

    asyncio.run(commit())


def test_an_empty_log_is_opened_and_left_cleanly(kafka: str, tmp_path: Path) -> None:
    """No state and no record: recovery does not wait for what never comes."""
    report = tmp_path / "report"
    counting = Counting(kafka, report=str(report))
    counting.create_topics()
    with counting.fleet(tmp_path) as fleet:
        fleet.start("w1")
        wait_until(lambda: len(told(report, "recovered")) == counting.partitions, 20, "all partitions opened")
        assert fleet.terminate("w1") == ExitCode.STOPPED


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
def test_a_killed_worker_goes_on_where_its_last_cut_ended(kafka: str, tmp_path: Path, store: str) -> None:
    report = tmp_path / "report"
    counting = Counting(kafka, store=store, store_dir=str(tmp_path / "store"), report=str(report))
    counting.create_topics()
    with counting.fleet(tmp_path) as fleet:
        counting.feed(counting.records(20_000))
        fleet.start("w1")
        counting.run_to_the_end()
        fleet.kill("w1")
        counting.feed(counting.records(5_000, seed=2))
        counting.run_to_the_end()
    audit = counting.audit()
    assert audit.exact()
    assert audit.duplicates == 0
    states_read = sum(line["states"] for line in told(report, "recovered"))
    assert (states_read > 200) == (store == "memory")


@pytest.mark.parametrize("shift", [-1_000_000, 1_000_000], ids=["behind", "ahead"])
def test_the_closing_record_rules_over_the_groups_commit(kafka: str, tmp_path: Path, shift: int) -> None:
    """A commit that somebody moved neither loses nor repeats anything."""
    counting = Counting(kafka)
    counting.create_topics()
    with counting.fleet(tmp_path, restart=False) as fleet:
        counting.feed(counting.records(8_000))
        fleet.start("w1")
        counting.run_to_the_end()
        fleet.terminate("w1")
        counting.feed(counting.records(8_000, seed=2))
        ends = end_offsets(kafka, counting.source, counting.partitions)
        moved = {TopicPartition(*tp): min(max(0, end + shift), end) for tp, end in ends.items()}
        wait_until(lambda: not _members(kafka, counting.application), 20, "the group is empty")
        commit_as(kafka, counting.application, moved)
        fleet.start("w1")
        wait_until(lambda: len(counting.audit().missing) == 0, 40, "all outputs")
        counting.run_to_the_end()
        fleet.terminate("w1")
    audit = counting.audit()
    assert audit.exact()
    assert audit.duplicates == 0


def _members(bootstrap: str, group: str) -> int:
    from kafka import KafkaAdminClient  # noqa: PLC0415

    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        described = admin.describe_groups([group])
    finally:
        admin.close()
    found = described[group] if isinstance(described, dict) else described[0]
    return len(found["members"])


def test_transaction_markers_are_passed_over(kafka: str, tmp_path: Path) -> None:
    """Each transaction leaves a hole of one offset, the last one at the very end of the log."""
    counting = Counting(kafka)
    counting.create_topics()
    write(kafka, counting.source, counting.records(3_000), transactional=counting.application)
    with counting.fleet(tmp_path) as fleet:
        fleet.start("w1")
        counting.run_to_the_end()
        assert fleet.terminate("w1") == ExitCode.STOPPED
    assert counting.audit().exact()
    assert committed(kafka, counting.application, counting.source, counting.partitions) == end_offsets(
        kafka, counting.source, counting.partitions
    )


def test_a_waiting_partition_blocks_neither_others_nor_heartbeats(kafka: str, tmp_path: Path) -> None:
    """One partition waits for its stage, longer than a session; the others drain, and the worker stays a member."""
    gate, report = tmp_path / "gate", tmp_path / "report"
    counting = Counting(kafka, max_poll_records=200, report=str(report))
    counting.create_topics()
    counting.feed([(0, b"m0", orjson.dumps({"n": 1, "wait_for": str(gate)})), *counting.records(20_000)])
    with counting.fleet(tmp_path) as fleet:
        fleet.start("w1")
        ends = end_offsets(kafka, counting.source, counting.partitions)

        def others_done() -> bool:
            done = committed(kafka, counting.application, counting.source, counting.partitions)
            return all(done.get(tp, 0) >= end for tp, end in ends.items() if tp[1] != 0)

        wait_until(others_done, 40, "the other partitions drained")
        time.sleep(8)  # beyond the session timeout of 6 s
        assert (
            committed(kafka, counting.application, counting.source, counting.partitions).get((counting.source, 0), 0)
            == 0
        )
        assert len(told(report, "rebalanced")) == 1
        gate.touch()
        counting.run_to_the_end()
        assert fleet.terminate("w1") == ExitCode.STOPPED
        assert not [ended for ended in fleet.exits if ended.code]
    assert counting.audit().exact()


def test_the_owner_writes_ticks_into_each_source_partition(kafka: str, tmp_path: Path) -> None:
    counting = Counting(kafka, tick_s=0.2)
    counting.create_topics()
    with counting.fleet(tmp_path) as fleet:
        fleet.start("w1")
        wait_until(
            lambda: all(end >= 5 for end in end_offsets(kafka, counting.source, counting.partitions).values()),
            30,
            "five ticks in each partition",
        )
        assert fleet.terminate("w1") == ExitCode.STOPPED
    logs = read_topic(kafka, counting.source, counting.partitions)
    assert {record.key for log in logs.values() for record in log} == {b"tick"}


def test_two_stages_pass_records_on_in_one_worker(kafka: str, tmp_path: Path) -> None:
    """The first stage's outputs are the second's source; both tables restore and both audits hold."""
    counting = Counting(kafka)
    counting.create_topics()
    second = f"{counting.application}-second"
    create_topics(kafka, {second: counting.partitions})
    stages = [
        {"name": "members", "source": counting.source, "target": counting.target},
        {"name": "threads", "source": counting.target, "target": second},
    ]
    same: dict[str, Any] = {"application": counting.application}
    both = Counting(kafka, stages=stages, **same)
    counting.feed(counting.records(10_000))
    with both.fleet(tmp_path) as fleet:
        fleet.start("w1")
        counting.run_to_the_end()
        second_stage = Counting(kafka, source=counting.target, target=second, table="threads", **same)
        second_stage.run_to_the_end()
        fleet.terminate("w1")
    for audit in (counting.audit(), second_stage.audit()):
        assert audit.exact()
        assert audit.duplicates == 0


def test_a_stages_exception_ends_the_process_and_is_not_quoted(kafka: str, tmp_path: Path) -> None:
    counting = Counting(kafka)
    counting.create_topics()
    counting.feed([(0, b"m0", b'{"n": 1, "raise": "something a member wrote"}')])
    code, logged = run_alone(counting, tmp_path)
    assert code == ExitCode.UNEXPECTED
    assert "ValueError at" in logged
    assert "something a member wrote" not in logged


def test_an_output_the_broker_refuses_ends_the_process(kafka: str, tmp_path: Path) -> None:
    counting = Counting(kafka, compression=None)
    counting.create_topics()
    counting.feed([(0, b"m0", b'{"n": 1, "big": 6000000}')])
    code, logged = run_alone(counting, tmp_path)
    assert code == ExitCode.DELIVERY_FAILED
    assert counting.target in logged
    assert (
        committed(kafka, counting.application, counting.source, counting.partitions).get((counting.source, 0), 0) == 0
    )


def test_missing_and_misshapen_topics_are_named(kafka: str, tmp_path: Path) -> None:
    counting = Counting(kafka)
    code, logged = run_alone(counting, tmp_path)
    assert (code, f"topic {counting.source} does not exist" in logged) == (ExitCode.CONFIGURATION, True)
    create_topics(kafka, {counting.source: 3})
    code, logged = run_alone(counting, tmp_path)
    assert (code, "has 3 partitions, the settings say 4" in logged) == (ExitCode.CONFIGURATION, True)


def test_no_broker_is_told_in_one_line(tmp_path: Path) -> None:
    code, logged = run_alone(Counting("127.0.0.1:9", broker_wait_s=1.0), tmp_path)
    assert (code, "no broker answers at 127.0.0.1:9" in logged) == (ExitCode.BROKER_AWAY, True)
    assert "Traceback" not in logged


def test_a_worker_that_comes_while_another_stops_repeats_nothing(kafka: str, tmp_path: Path) -> None:
    """A rebalance in the middle of a stop waits for the last cut, as any other does."""
    report = tmp_path / "report"
    counting = Counting(kafka, report=str(report), checkpoint_s=60.0, slow_stop_s=8.0)
    counting.create_topics()
    with counting.fleet(tmp_path, restart=False) as fleet:
        fleet.start("w1")
        wait_until(lambda: len(told(report, "recovered")) == counting.partitions, 20, "all partitions opened")
        counting.feed(counting.records(2000))
        wait_until(lambda: sum(end_offsets(kafka, counting.target, counting.partitions).values()) > 100, 20, "outputs")
        began = time.monotonic()
        fleet.signal("w1", signal.SIGTERM)
        fleet.start("w2")
        assert fleet.wait_exit("w1", began, 60) == ExitCode.STOPPED
        assert counting.drained()
        wait_until(lambda: taken_over(report, counting.partitions), 40, "the other has taken over")
        assert fleet.terminate("w2") == ExitCode.STOPPED
    audit = counting.audit()
    assert audit.exact(), audit
    assert audit.duplicates == 0


def test_a_foreign_write_into_an_idle_changelog_is_noticed_and_written_over(kafka: str, tmp_path: Path) -> None:
    """What a paused worker wrote late must be gone before compaction could keep it."""
    counting = Counting(kafka)
    counting.create_topics()
    with counting.fleet(tmp_path) as fleet:
        counting.feed(counting.records(5_000))
        fleet.start("w1")
        counting.run_to_the_end()
        key, closed = next((key, value) for key, value in counting.states().items() if key == b"m1")
        since = time.monotonic()
        write(kafka, counting.changelog, [(1, key, Stamp(0, 1).encode() + b"[999,999]")])
        assert fleet.wait_exit("w1", since, 20) == ExitCode.FOREIGN_WRITE
        wait_until(
            lambda: [r.value for r in read_topic(kafka, counting.changelog, 4)[1] if r.key == key][-1][13:] == closed,  # type: ignore[index]
            20,
            "the closed value written again",
        )
        fleet.terminate("w1")
    assert counting.audit().exact()
