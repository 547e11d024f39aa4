"""What is announced to a community reaches each member it concerns once, through a real Kafka and over a killed worker."""

import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer

from processors.decisions import read_decision
from processors.events import Event
from processors.playbooks.resources import Bundle, Policy
from processors.vocabulary import VOCABULARY, Item, Profile
from streams.topics import ANNOUNCEMENTS, DECISIONS, dead_letters
from tests.support.deployment import Deployment
from tests.support.kafka import Broker, read_all, wait_until
from tests.support.stories import playbook, resource

pytestmark = [pytest.mark.integration, pytest.mark.chaos]
MEMBERS = 60


def bundle() -> Bundle:
    """A catalog that tells of each new feature at once."""
    return Bundle(
        (resource(),), (playbook(trigger="feature.announced"),), {"*": Policy(quiet_from=0, quiet_to=0, budget_day=50)}
    )


def announce(producer: KafkaProducer, deployment: Deployment, name: str) -> None:
    """Write an announcement for gardeners."""
    news = Event(name, "feature.announced", "town", time.time(), Item(name=name, interests=("gardening",)))
    producer.send(ANNOUNCEMENTS, key=b"town", value=deployment.codec.encode(news))


def told(deployment: Deployment) -> Counter[str]:
    """Return how many decisions there are by member."""
    records = read_all(deployment.settings.bootstrap, DECISIONS)
    return Counter({read_decision(record.key, record.value).id: 1 for record in records})


def members_told(deployment: Deployment) -> set[str]:
    """Return who was decided about."""
    records = read_all(deployment.settings.bootstrap, DECISIONS)
    return {read_decision(record.key, record.value).member for record in records}


def test_each_member_it_concerns_is_told_once_although_a_worker_is_killed(empty_kafka: Broker, tmp_path: Path) -> None:
    """Half of the town gardens; a repeat of the announcement and one that is none change nothing."""
    deployment = Deployment(empty_kafka.bootstrap, "announced", partitions=3)
    deployment.prepare(bundle())
    gardeners = {f"town/m{number}" for number in range(0, MEMBERS, 2)}
    with (
        deployment.worker(tmp_path, "one") as first,
        closing(KafkaProducer(bootstrap_servers=deployment.settings.bootstrap, acks="all")) as producer,
    ):
        for number in range(MEMBERS):
            member = f"town/m{number}"
            interests = ("gardening",) if member in gardeners else ("chess",)
            deployment.send(
                producer, Event(f"j{number}", "profile.changed", member, time.time(), Profile(interests=interests))
            )
        producer.flush(30)
        deployment.caught_up()
        announce(producer, deployment, "greenhouse")
        producer.flush(30)
        first.kill()
        first.wait(60)
        with deployment.worker(tmp_path, "two"):
            announce(producer, deployment, "greenhouse")
            stray = Event("stray", "post.created", "town", time.time(), VOCABULARY["post.created"](text="hello"))
            producer.send(ANNOUNCEMENTS, key=b"town", value=deployment.codec.encode(stray))
            producer.flush(30)
            wait_until(lambda: members_told(deployment) >= gardeners, 60, "all gardeners", 0.5)
            announce(producer, deployment, "compost")  # decided behind all that went before
            producer.flush(30)
            wait_until(lambda: len(told(deployment)) == 2 * len(gardeners), 60, "the second announcement", 0.5)
            wait_until(lambda: read_all(deployment.settings.bootstrap, dead_letters(ANNOUNCEMENTS)), 20, "the stray")
    assert members_told(deployment) == gardeners
    assert len(told(deployment)) == 2 * len(gardeners)
