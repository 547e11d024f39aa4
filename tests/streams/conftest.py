"""Servers that the tests of one module share: a broker with all topics, and a receiver of webhooks for each test."""

from collections.abc import Iterator

import pytest

from streams.commands.operate import compare, create_missing
from streams.settings import Settings
from tests.support.kafka import running_kafka, wait_until
from tests.support.receiver import Receiver, running_receiver


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A broker with all topics, one partition each, for the tests of one module in their order."""
    with running_kafka() as kafka:
        settings = Settings(bootstrap=kafka.bootstrap, partitions=1)
        create_missing(settings)
        wait_until(lambda: not compare(settings), 20, "all topics")
        yield kafka.bootstrap


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Who gets the webhooks."""
    with running_receiver() as running:
        yield running
