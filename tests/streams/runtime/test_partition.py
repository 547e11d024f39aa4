"""A partition that is stopped in the middle of what it does."""

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.runtime.observer import SilentObserver
from streams.runtime.partition import FOLDED_AT_ONCE, PartitionRun, Tools
from streams.runtime.reader import LogReader
from streams.runtime.records import Row
from streams.runtime.settings import EngineSettings
from streams.runtime.shard import Shard
from streams.runtime.stores import MemoryStore
from tests.support.chaos import Feeder
from tests.support.kafka import Broker, create_topics

SOURCE = TopicPartition("source", 0)
RECORDS = 100


class Writer:
    """Writes nothing; without `has_room`, what is offered waits for ever."""

    def __init__(self, *, has_room: bool) -> None:
        self._has_room = has_room

    async def room(self) -> None:
        if not self._has_room:
            await asyncio.Event().wait()

    def submit(self, outputs: object) -> None:
        """There are none."""


class Nothing:
    """A stage that waits for nothing and does nothing, and its partition."""

    name, source = "members", SOURCE.topic

    async def prepare(self, records: object) -> None:
        """Nothing to wait for."""

    def fold(self, records: object) -> None:
        """Nothing to do."""

    def take_outputs(self) -> list[object]:
        return []


def a_run(bootstrap: str = "nowhere:1", *, has_room: bool = True) -> PartitionRun:
    settings = EngineSettings(bootstrap=bootstrap, application="app", worker="w1")
    writer: Any = Writer(has_room=has_room)
    stage: Any = Nothing()
    tools = Tools(settings, writer, LogReader(settings), SilentObserver(), asyncio.Event())
    return PartitionRun(stage, SOURCE, Shard(MemoryStore()), stage, tools)


def chunk(offset: int) -> list[Any]:
    return [Row(SOURCE.topic, SOURCE.partition, offset, 0, b"key", b"value", ())]


def test_who_waits_for_room_goes_on_when_the_partition_is_stopped() -> None:
    """The agent of a stage feeds all of its partitions: it must not stay with one that was taken away."""

    async def story() -> None:
        run = a_run(has_room=False)
        run.start()
        for offset in range(4):
            run.offer(chunk(offset))
        assert run.full()
        agent = asyncio.create_task(run.drained())
        await asyncio.sleep(0.01)
        assert not agent.done()
        await run.stop()
        await asyncio.wait_for(agent, 1)

    asyncio.run(story())


@pytest.mark.integration
@pytest.mark.chaos
def test_a_partition_can_be_stopped_at_any_moment_of_closing_a_gap(empty_kafka: Broker) -> None:
    """A revocation waits for it: one that never ends takes the whole worker out of its group."""
    create_topics(empty_kafka.bootstrap, {SOURCE.topic: 1})
    with Feeder(empty_kafka.bootstrap, SOURCE.topic, [(0, b"key", b"value")] * RECORDS, 1e6) as feeder:
        feeder.join()

    async def story(steps: int) -> None:
        run = a_run(empty_kafka.bootstrap)
        run.start()
        run.read_up_to(RECORDS)
        async with asyncio.timeout(20):
            while run.next < RECORDS:  # noqa: ASYNC110  (step by step, to be there at the very moment)
                await asyncio.sleep(0)
            for _ in range(steps):  # of the loop, on the way from the last record to the closed reader
                await asyncio.sleep(0)
        await asyncio.wait_for(run.stop(), 5)

    for steps in range(20):
        asyncio.run(story(steps))


def test_a_long_run_of_records_lets_others_have_their_turn() -> None:
    """Cuts, deliveries and other partitions go on while a backlog is folded."""

    async def story() -> None:
        run, seen = a_run(), []
        run.start()
        run.offer([row for offset in range(4 * FOLDED_AT_ONCE) for row in chunk(offset)])
        async with asyncio.timeout(5):
            while run.next < 4 * FOLDED_AT_ONCE:
                seen.append(run.next)
                await asyncio.sleep(0)
        assert {FOLDED_AT_ONCE, 2 * FOLDED_AT_ONCE, 3 * FOLDED_AT_ONCE} <= set(seen)
        await run.stop()

    asyncio.run(story())
