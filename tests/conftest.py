"""Servers for integration tests: one Apache Kafka a session, or the one that KAFKA_BOOTSTRAP names."""

import os
from collections.abc import Iterator

import pytest

from tests.support.kafka import running_kafka


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """Bootstrap servers of a real Apache Kafka."""
    given = os.environ.get("KAFKA_BOOTSTRAP")
    if given:
        yield given
        return
    with running_kafka() as broker:
        yield broker.bootstrap
