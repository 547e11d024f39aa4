"""Topics that are made by the controller, and told of by the broker a moment later: a real Kafka."""

import asyncio

import msgspec
import pytest

from streams.runtime.settings import EngineSettings
from streams.runtime.topology import when_listed
from tests.support.kafka import Broker, create_topics

pytestmark = pytest.mark.integration
APPLICATION = EngineSettings(bootstrap="", application="town", worker="w1")


def test_a_topic_that_is_not_told_of_yet_is_waited_for(empty_kafka: Broker) -> None:
    """It comes while one looks: its partitions are counted, as those of the others."""
    settings = msgspec.structs.replace(APPLICATION, bootstrap=empty_kafka.bootstrap)

    async def look() -> dict[str, int]:
        looking = asyncio.create_task(when_listed(settings, ["there", "late"]))
        done, _ = await asyncio.wait({looking}, timeout=2)
        assert not done
        await asyncio.to_thread(create_topics, empty_kafka.bootstrap, {"late": 2})
        return await looking

    create_topics(empty_kafka.bootstrap, {"there": 3})
    assert {name: count for name, count in asyncio.run(look()).items() if not name.startswith("__")} == {
        "there": 3,
        "late": 2,
    }


def test_what_never_comes_is_left_to_who_asked(empty_kafka: Broker) -> None:
    """After the wait for a broker the counts are told as they are."""
    settings = msgspec.structs.replace(APPLICATION, bootstrap=empty_kafka.bootstrap, broker_wait_s=0.5)
    create_topics(empty_kafka.bootstrap, {"there": 1})
    assert "never" not in asyncio.run(when_listed(settings, ["there", "never"]))
