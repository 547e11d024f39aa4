"""Servers for integration tests: one of each a session, started when the first test asks for it; and a lean collection."""

import gc
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.kafka import Broker, empty, running_kafka
from tests.support.processes import tool
from tests.support.redis import running_redis

MARKS = ("integration", "chaos")
SERVERS = frozenset({"kafka", "own_kafka", "empty_kafka", "kept_kafka", "redis_url", "promtool"})
# Thousands of tests stay in memory: to walk through them again and again was a third of the time of collecting them.
gc.set_threshold(100_000, 50, 50)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file unread that marks nothing of what is asked for: importing all of them takes a part's first twenty seconds."""
    wanted = config.option.markexpr.split(" and ")
    marks = [mark for mark in MARKS if mark in wanted]
    if not marks or not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if all(f"mark.{mark}" in text for mark in marks) else True


def pytest_collect_file(file_path: Path) -> None:
    """Before a file of properties is imported, let none of their examples be judged by the clock."""
    if file_path.name.startswith("test_") and "hypothesis" in file_path.read_text(encoding="utf-8"):
        _let_examples_take_their_time()


@cache
def _let_examples_take_their_time() -> None:
    """A busy machine is no failure, nor what is laid out when it is first wanted."""
    from hypothesis import settings  # noqa: PLC0415  (a third of a second, which most parts of the suite need not spend)

    settings.register_profile("lotse", deadline=None)
    settings.load_profile("lotse")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hold who asks for a server to say so: what is not marked runs where there is none."""
    for item in items:
        asked = SERVERS.intersection(getattr(item, "fixturenames", ()))
        if asked and item.get_closest_marker("integration") is None:
            raise pytest.UsageError(f"{item.nodeid} asks for {', '.join(asked)}: mark it integration")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave out what was collected."""
    gc.freeze()


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """Bootstrap servers of a real Apache Kafka, for topics of a test's own names: what KAFKA_BOOTSTRAP names, else the kept broker."""
    given = os.environ.get("KAFKA_BOOTSTRAP")
    return given or str(request.getfixturevalue("kept_kafka").bootstrap)


@pytest.fixture
def own_kafka() -> Iterator[Broker]:
    """A broker for one test alone, to stop, kill and start again."""
    with running_kafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def kept_kafka() -> Iterator[Broker]:
    """A broker that one test after the other gets emptied: to start one costs two seconds of a core."""
    with running_kafka() as broker:
        yield broker


@pytest.fixture
def empty_kafka(kept_kafka: Broker) -> Broker:
    """A broker without topics for one test alone, which neither stops nor kills it."""
    empty(kept_kafka.bootstrap)
    return kept_kafka


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a real Redis."""
    with running_redis() as store:
        yield store.url


@pytest.fixture(scope="session")
def promtool() -> str:
    """Path of Prometheus's own checker."""
    return tool("promtool")
