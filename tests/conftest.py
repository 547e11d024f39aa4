"""Servers for integration tests: one of each a session, started when the first test asks for it."""

import os
from collections.abc import Iterator

import pytest

from tests.support.kafka import Broker, running_kafka
from tests.support.processes import tool
from tests.support.redis import running_redis


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """Bootstrap servers of a real Apache Kafka: the one that KAFKA_BOOTSTRAP names, else one of our own."""
    given = os.environ.get("KAFKA_BOOTSTRAP")
    if given:
        yield given
        return
    with running_kafka() as broker:
        yield broker.bootstrap


@pytest.fixture
def own_kafka() -> Iterator[Broker]:
    """A broker for one test alone, to stop, kill and start again."""
    with running_kafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a real Redis."""
    with running_redis() as store:
        yield store.url


@pytest.fixture(scope="session")
def promtool() -> str:
    """Path of Prometheus's own checker."""
    return tool("promtool")
