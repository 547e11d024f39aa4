"""How far each partition is read and who holds it, as the broker tells it: on a real broker, with a member of the group and without."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import orjson
import pytest
from kafka import KafkaConsumer, KafkaProducer

from streams.console.accounts import Role
from streams.console.standing import Answer, Place
from streams.topics import ACTIVITY
from tests.support.consoles import Operators
from tests.support.kafka import wait_until

APP = "standing"


def test_nobody_waits_for_a_broker_that_is_away(tmp_path: Path) -> None:
    """The page is there at once, with why; what the store knows stays; a file says so by its empty cells."""
    operators = Operators(tmp_path)
    operators.sign_in(Role.VIEWER)
    operators.store.take(offsets={(ACTIVITY, 3): 12})
    wait_until(lambda: "no broker answers" in operators.get("/system").text, 20, "why nothing is known", 0.1)
    (row,) = orjson.loads(operators.get("/system?format=json").content)
    assert row == {
        "process": "console",
        "topic": ACTIVITY,
        "partition": 3,
        "holder": "",
        "next": 12,
        "end": 12,
        "behind": "",
    }


def test_partitions_without_a_worker_are_said(tmp_path: Path) -> None:
    """With what to do; one that is held has the name of who holds it, and what is left to it as a bar."""
    operators = Operators(tmp_path)
    operators.sign_in(Role.VIEWER)
    held, left = Place("worker", ACTIVITY, 0, "w1", 7, 10), Place("worker", ACTIVITY, 1, "", None, 2)
    answer = Answer(operators.now - 2, [held, left], {}, True, {}, [])
    operators.desk.standing._answer = answer
    text = operators.get("/system").text
    assert "No worker holds 1 of the partitions" in text
    assert "As the broker told 2 s ago." in text
    assert '<rect width="66.7" height="8"/>' in text
    assert "hält kein Worker" in operators.get("/system?lang=de").text
    operators.desk.standing._answer = answer._replace(holders_known=False)
    assert "does not tell who holds a partition" in operators.get("/system").text
    assert [(one["holder"], one["behind"]) for one in orjson.loads(operators.get("/system?format=json").content)] == [
        ("w1", 3), ("", 2),
    ]  # fmt: skip


@pytest.fixture
def operators(broker: str, tmp_path: Path) -> Iterator[Operators]:
    """A console of a deployment with a record in its log."""
    made = Operators(tmp_path)
    made.desk.settings = msgspec.structs.replace(made.desk.settings, bootstrap=broker, app=APP)
    with closing(KafkaProducer(bootstrap_servers=broker, acks="all")) as producer:
        producer.send(ACTIVITY, key=b"town/ann", value=b"{}", partition=0).get(20)
    return made


@pytest.mark.integration
def test_the_broker_tells_who_holds_what(operators: Operators) -> None:
    """A member of the group by its own name, how far it is and what is left; once it is gone, nobody."""
    operators.sign_in(Role.VIEWER)
    bootstrap = operators.desk.settings.bootstrap

    def rows() -> list[tuple[str, int | None, int]]:
        operators.now += 60  # so that what was told before is old
        operators.desk.standing.look(wait_s=20, anew=True)
        told = orjson.loads(operators.get("/system?format=json").content)
        return [
            (one["holder"], one["next"], one["behind"])
            for one in told
            if (one["topic"], one["partition"]) == (ACTIVITY, 0)
        ]

    ((holder, at, left),) = rows()
    assert (holder, at) == ("", None)
    assert left >= 1
    with closing(
        KafkaConsumer(
            ACTIVITY, bootstrap_servers=bootstrap, group_id=APP, group_instance_id="worker-1", auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
    ) as consumer:  # fmt: skip
        wait_until(lambda: bool(consumer.poll(500)), 60, "a record for the group", 0.05)
        consumer.commit()
        wait_until(lambda: rows() == [("worker-1", left, 0)], 60, "the group's member and its place", 0.2)
