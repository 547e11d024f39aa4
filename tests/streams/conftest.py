"""What the tests of one module share: a broker with all topics, a browser; and a receiver of webhooks for each test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from streams.settings import Settings
from streams.topic_plan import compare, create_missing
from tests.support.kafka import Broker, empty, wait_until
from tests.support.receiver import Receiver, running_receiver

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def broker(kept_kafka: Broker) -> str:
    """A broker with all topics, one partition each and empty, for the tests of one module in their order."""
    empty(kept_kafka.bootstrap)
    settings = Settings(bootstrap=kept_kafka.bootstrap, partitions=1)
    create_missing(settings)
    wait_until(lambda: not compare(settings), 60, "all topics")
    return kept_kafka.bootstrap


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One Chromium."""
    from tests.support.browser import running_chromium  # noqa: PLC0415  (Playwright, which few parts of the suite need)

    with running_chromium() as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Who gets the webhooks."""
    with running_receiver() as running:
        yield running
