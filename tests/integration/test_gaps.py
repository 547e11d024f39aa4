"""Gaps and catalog health from a real Kafka: what a worker wrote, read by the commands as processes."""

import time
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from kafka import KafkaProducer

from processors.decisions import read_decision
from processors.events import Event
from processors.vocabulary import VOCABULARY, OutcomeData
from resource_catalog.loader import load
from streams.topics import DECISIONS, GAPS
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, read_all, wait_until

pytestmark = pytest.mark.integration
ASKED = (
    "How do I mount the frobnicator partition under gentoo?", "How can I mount a frobnicator partition with gentoo?",
    "Does anyone know how to mount the frobnicator partition in gentoo?",
)  # fmt: skip


def test_gaps_and_outcomes_of_a_running_deployment(empty_kafka: Broker, tmp_path: Path) -> None:
    """Three members ask alike, a fourth asks the bot and finds the answer helpful."""
    deployment = Deployment(empty_kafka.bootstrap, "gaps")
    deployment.prepare()
    with (
        deployment.worker(tmp_path),
        closing(KafkaProducer(bootstrap_servers=empty_kafka.bootstrap, acks="all")) as producer,
    ):
        now = time.time()
        for number, text in enumerate(ASKED):
            data = VOCABULARY["question.asked"](text=text, channel="help", thread=f"t{number}")
            deployment.send(producer, Event(f"q{number}", "question.asked", f"town/m{number}", now, data))
        words = VOCABULARY["help.requested"](text="report spam")
        deployment.send(producer, Event("h1", "help.requested", "town/dora", now, words))
        producer.flush(30)
        wait_until(lambda: read_all(empty_kafka.bootstrap, GAPS), 60, "the gap")
        wait_until(
            lambda: any(_helped(record) for record in read_all(empty_kafka.bootstrap, DECISIONS)), 60, "the answer"
        )
        command = next(filter(None, map(_helped, read_all(empty_kafka.bootstrap, DECISIONS))))
        deployment.send(producer, Event("o1", "outcome.helpful", "town/dora", now, OutcomeData(command=command)))
        producer.flush(30)
        deployment.caught_up()
    listed = deployment.lotse("gaps", "--json")
    (gap,) = [one for one in orjson.loads(listed.stdout)["gaps"] if one["kind"] == "asked"]
    assert (gap["members"], sorted(gap["threads"])) == (3, ["t0", "t1", "t2"])
    assert "frobnicator" not in listed.stdout
    page = tmp_path / "catalog" / "resources" / "page.en.md"
    page.parent.mkdir(parents=True)
    page.write_text(deployment.lotse("gaps", "draft", gap["id"]).stdout, encoding="utf-8")
    assert [one.id for one in load(tmp_path / "catalog").bundle.resources] == ["page"]
    done = deployment.lotse("catalog", "health", "--from-topic", "--json")
    assert done.returncode == 0, done.stderr
    report = orjson.loads(done.stdout)
    assert [one["sent"] for one in report["themes"] if one["theme"] == "reporting"] == [1]


def _helped(record: object) -> str:
    """Return the command of a decision that answered a request, empty for others."""
    decision = read_decision(record.key, record.value)  # type: ignore[attr-defined]  # a record of kafka-python
    return decision.command if decision.playbook == "help.on-request" else ""
