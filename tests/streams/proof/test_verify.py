"""The proof by replay on a real Kafka: whole logs, logs whose beginning is gone, and decisions that somebody changed."""

from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from processors.events import Event
from processors.version import VERSION
from processors.vocabulary import Tick
from streams.agents.member import MemberStagePartition
from streams.catalog.feed import CatalogFeed
from streams.errors import UserError
from streams.proof.verify import Silent, Verified, verify
from streams.runtime.stage import Output
from streams.topics import ACTIVITY, DECISIONS
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, read_all

pytestmark = pytest.mark.integration


def forget(bootstrap: str, topic: str, offsets: dict[int, int]) -> None:
    """Cut off the beginning of partitions, as retention does."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.delete_records({TopicPartition(topic, number): offset for number, offset in offsets.items()})


def told(deployment: Deployment, *words: str, code: int = 0) -> dict[str, Any]:
    """Run `lotse ... --json` and return its object."""
    done = deployment.lotse(*words, "--json")
    assert done.returncode == code, done.stderr + done.stdout
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def test_a_log_whose_beginning_is_gone_is_proved_from_a_snapshot(empty_kafka: Broker, tmp_path: Path) -> None:
    """Worker, snapshot under way, more events; then retention cuts the log, and cuts it further."""
    deployment, file = Deployment(empty_kafka.bootstrap, "proof"), tmp_path / "states.gz"
    deployment.prepare()
    with deployment.worker(tmp_path):
        deployment.write(400)
        deployment.caught_up()
        taken = told(deployment, "state", "snapshot", str(file))
        assert taken["states"]["members"] == 40
        assert taken["states"]["communities"] > 0
        deployment.write(400, members=60)
        deployment.caught_up()
    starts = {int(number): offset for number, offset in taken["next"].items()}
    assert all(starts.values())

    whole = told(deployment, "verify")
    assert (whole["missing"], whole["unexpected"], whole["different"]) == (0, 0, 0)
    assert whole["decisions"] == len(
        {orjson.loads(one.value)["id"] for one in read_all(empty_kafka.bootstrap, DECISIONS)}
    )
    assert whole["events"] == sum(deployment.committed().values())
    part = told(deployment, "verify", "--from", str(file))
    assert part["span"] == {str(number): [first, deployment.committed()[number]] for number, first in starts.items()}
    assert 0 < part["decisions"] < whole["decisions"]
    assert all(first <= last for first, last in part["times"].values())
    assert "proved: decisions.v1 is exactly" in deployment.lotse("verify", "--from", str(file)).stdout

    for changes in ({"LOTSE_CONTROL_KEY": "the key of another town"}, {"LOTSE_APP": "another"}):
        refused = deployment.lotse("verify", "--from", str(file), **changes)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "is of another deployment" in refused.stderr

    forget(empty_kafka.bootstrap, ACTIVITY, starts)
    cut = deployment.lotse("verify")
    assert (cut.returncode, cut.stdout) == (2, "")
    assert f"begins at offset {starts[0]}" in cut.stderr
    assert told(deployment, "verify", "--from", str(file)) == part
    forget(empty_kafka.bootstrap, ACTIVITY, {1: starts[1] + 1})
    gap = deployment.lotse("verify", "--from", str(file))
    assert (gap.returncode, gap.stdout) == (2, "")
    assert f"ends at offset {starts[1]} of {ACTIVITY} partition 1, which begins at {starts[1] + 1}" in gap.stderr


def fold_by_hand(deployment: Deployment) -> list[Output]:
    """Do a worker's work without one: commit the log's ends, return the decisions that it implies."""
    settings, feed = deployment.settings, CatalogFeed(deployment.settings.bootstrap).load()
    log = read_all(settings.bootstrap, ACTIVITY)
    outputs: list[Output] = []
    for number in range(settings.partitions):
        stage = MemberStagePartition(number, settings.partitions, {}, None, feed, deployment.codec, Silent())
        stage.fold([record for record in log if record.partition == number])
        outputs += stage.take_outputs()
    deployment.commit(deployment.ends())
    return [one for one in outputs if one.topic == DECISIONS]


def write_decisions(deployment: Deployment, decisions: list[Output]) -> None:
    with closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer:
        for one in decisions:
            producer.send(DECISIONS, one.value, one.key, list(one.headers), one.partition)
        producer.flush(30)


def proof(deployment: Deployment) -> Verified:
    settings = deployment.settings
    return verify(settings.bootstrap, settings.app, deployment.codec, CatalogFeed(settings.bootstrap).load())


def counts(found: Verified) -> tuple[int, int, int, int]:
    return found.missing, found.unexpected, found.different, found.duplicates


def altered(decision: Output, **changes: Any) -> Output:
    """Return a decision with other content."""
    return decision._replace(value=msgspec.json.encode({**orjson.loads(decision.value), **changes}))


def test_what_is_missing_changed_added_or_repeated_is_counted(empty_kafka: Broker) -> None:
    """Each in its own number; a repeat is no fault; what stands behind the span is no matter of the proof."""
    deployment = Deployment(empty_kafka.bootstrap, "tampered")
    deployment.prepare()
    deployment.write(300)
    right = fold_by_hand(deployment)
    assert len(right) > 20
    one, other, third = right[3], right[5], right[7]
    write_decisions(deployment, [decision for decision in right if decision is not third])
    found = proof(deployment)
    assert counts(found) == (1, 0, 0, 0)
    assert (found.decisions, found.proved) == (len(right), False)
    write_decisions(deployment, [third, one])
    assert counts(proof(deployment)) == (0, 0, 0, 1)
    assert proof(deployment).proved
    write_decisions(deployment, [altered(other, reason="opted_out"), altered(other, id="f" * 32)])
    write_decisions(
        deployment, [altered(other, id="e" * 32)._replace(headers=()), other._replace(value=b"no decision")]
    )
    write_decisions(
        deployment, [altered(other, id="d" * 32)._replace(headers=(("lotse-at", b"%d:99999999" % other.partition),))]
    )
    assert counts(proof(deployment)) == (0, 3, 1, 1)
    assert not proof(deployment).proved


def test_a_catalog_that_is_gone_is_said(empty_kafka: Broker) -> None:
    """Without the bundle that the log names nothing can be folded."""
    deployment = Deployment(empty_kafka.bootstrap, "bare")
    bundle = deployment.prepare()
    deployment.commit(deployment.ends())
    with pytest.raises(UserError, match=f"the log names catalog {bundle}, which catalog.v1 does not hold"):
        verify(empty_kafka.bootstrap, "bare", deployment.codec, {})


def test_where_decisions_are_gone_the_span_begins_later(empty_kafka: Broker) -> None:
    """Retention cut decisions.v1 and not the log: what cannot be held against anything is not called missing."""
    deployment = Deployment(empty_kafka.bootstrap, "short")
    deployment.prepare()
    deployment.write(300)
    write_decisions(deployment, fold_by_hand(deployment))
    whole = proof(deployment)
    forget(empty_kafka.bootstrap, DECISIONS, {0: 7})
    found = proof(deployment)
    assert found.proved
    assert found.span["1"] == whole.span["1"]
    assert whole.span["0"][0] < found.span["0"][0] < whole.span["0"][1]
    assert whole.decisions - 10 <= found.decisions <= whole.decisions - 7
    forget(empty_kafka.bootstrap, DECISIONS, dict.fromkeys(range(2), -1))
    nothing = proof(deployment)
    assert (nothing.empty, nothing.proved) == (True, False)


def test_it_stops_where_other_code_takes_over(empty_kafka: Broker) -> None:
    """A tick names the version of its writer; what follows another version is left out, and said."""
    deployment = Deployment(empty_kafka.bootstrap, "older")
    deployment.prepare()
    deployment.write(100)
    before = deployment.ends()
    with closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer:
        for code, time in ((VERSION, 1e9), ("0.0.9", 1e9 + 1)):
            deployment.send(producer, Event(f"tick/0/{time}", "tick", "@0", time, Tick(code=code)))
        producer.flush(30)
    deployment.write(100)
    write_decisions(deployment, fold_by_hand(deployment))
    found = proof(deployment)
    assert found.stopped == {"0": "0.0.9"}
    assert found.span == {"0": (0, before[0] + 1), "1": (0, deployment.ends()[1])}
    assert found.proved
    assert "partition 0 stops where version 0.0.9 of the core takes over" in deployment.lotse("verify").stdout
