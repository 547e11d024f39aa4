"""A published catalog is in force in running workers: what happens after it is decided by it."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from processors.decisions import Decision, Reason, read_decision
from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY
from streams.topics import DECISIONS
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.stories import playbook, resource

pytestmark = pytest.mark.integration
PROMISED_S = 5.0


def test_a_published_catalog_decides_the_next_event(
    empty_kafka: Broker, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Two workers; one catalog, then one with the kill switch; a member of each partition asks after either."""
    deployment = Deployment(empty_kafka.bootstrap, "in-force")
    first = deployment.prepare(bundle())
    with deployment.worker(tmp_path, "one"), deployment.worker(tmp_path, "two"):
        before = ask(deployment, "before")
        wait_until(lambda: decided(deployment, first, before), 60, "decisions by the first catalog", 0.5)
        began = time.time()
        second = deployment.publish(bundle(kill_switch=True))
        asked = ask(deployment, "after")
        found = wait_until(lambda: decided(deployment, second, asked), PROMISED_S + 25, "decisions by the second", 0.05)
    assert {decision.reason for decision, _ in found} == {Reason.KILL_SWITCH}
    seconds = max(written for _, written in found) - began
    record_property("publish_to_decision_s", round(seconds, 3))
    print(f"published at {began:.3f}, decided by it {seconds:.3f} s later (promised: {PROMISED_S} s)")


def bundle(*, kill_switch: bool = False) -> Bundle:
    """A catalog that answers each post at once."""
    return Bundle((resource(),), (playbook(),), {"*": Policy(quiet_from=0, quiet_to=0, kill_switch=kill_switch)})


def ask(deployment: Deployment, name: str) -> set[str]:
    """Let a new member of each partition post; return their keys."""
    members: dict[int, str] = {}
    number = 0
    while len(members) < deployment.settings.partitions:
        number += 1
        member = f"town/{name}-{time.time_ns()}-{number}"
        members.setdefault(deployment.home(member), member)
    with closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer:
        for member in members.values():
            post = VOCABULARY["post.created"](text="good morning")
            deployment.send(producer, Event(f"p/{member}", "post.created", member, time.time(), post))
        producer.flush(30)
    return set(members.values())


def decided(deployment: Deployment, catalog: str, members: set[str]) -> list[tuple[Decision, float]]:
    """Return the decisions by a catalog about members, with the second each was written; empty while one lacks any."""
    found = [
        (decision, record.timestamp / 1000)
        for record in read_all(deployment.settings.bootstrap, DECISIONS)
        for decision in (read_decision(record.key, record.value),)
        if decision.member in members and decision.versions["catalog"] == catalog[:12]
    ]
    return found if {decision.member for decision, _ in found} == members else []
