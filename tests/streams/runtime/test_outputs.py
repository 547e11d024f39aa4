"""Writing through lanes, on a real Apache Kafka."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.observer import SilentObserver
from streams.runtime.outputs import Writer, positive_murmur2
from streams.runtime.stage import Output
from tests.support.chaos import read_topic
from tests.support.counting_fleet import Counting

PARTITIONS = 4


def with_writer(
    kafka: str, counting: Counting, work: Callable[[Writer, asyncio.Queue[BaseException]], Coroutine[None, None, None]]
) -> None:
    """Run `work` with a writer and the failures it reports."""

    async def run() -> None:
        failures: asyncio.Queue[BaseException] = asyncio.Queue()
        async with AIOKafkaProducer(bootstrap_servers=kafka, max_batch_size=2000) as producer:
            counts = {counting.target: PARTITIONS}
            writer = Writer(
                lambda _: producer,
                counts,
                SilentObserver(),
                failures.put_nowait,
                max_pending_bytes=100_000,
                timeout_s=10,
            )
            await work(writer, failures)
            await writer.close()

    asyncio.run(run())


def test_partitions_are_those_of_javas_default_partitioner() -> None:
    partitioner = DefaultPartitioner()
    for number in range(500):
        key = b"community/member-%d" % number
        assert positive_murmur2(key) % 12 == partitioner(key, list(range(12)), list(range(12)))


@pytest.mark.integration
def test_records_arrive_in_order_and_are_counted(kafka: str) -> None:
    """More than a batch per partition; the mark is reached only when all are acknowledged."""
    counting = Counting(kafka)
    counting.create_topics()
    outputs = [Output(counting.target, b"m%d" % (n % 7), b"%d" % n, None, (("h", b"1"),)) for n in range(2000)]

    async def work(writer: Writer, failures: asyncio.Queue[BaseException]) -> None:
        writer.submit(outputs[:1000])
        writer.submit(outputs[1000:])
        mark = writer.mark()
        await writer.acknowledged(mark)
        assert all(lane.acked == count for lane, count in mark.items())
        assert writer.pending_bytes == 0
        assert failures.empty()

    with_writer(kafka, counting, work)
    found = read_topic(kafka, counting.target, PARTITIONS)
    for number, log in found.items():
        expected = [o.value for o in outputs if positive_murmur2(o.key) % PARTITIONS == number]
        assert [record.value for record in log] == expected
    assert found[positive_murmur2(b"m0") % PARTITIONS][0].headers == (("h", b"1"),)


@pytest.mark.integration
def test_a_lane_writes_through_the_producer_of_its_topic(kafka: str) -> None:
    """States have one of their own, so that outputs wait for no request of theirs: of two the one that is closed is not used."""
    counting = Counting(kafka)
    counting.create_topics()

    async def run() -> None:
        failures: asyncio.Queue[BaseException] = asyncio.Queue()
        async with AIOKafkaProducer(bootstrap_servers=kafka) as outputs:
            states = AIOKafkaProducer(bootstrap_servers=kafka)
            await states.start()
            await states.stop()
            writer = Writer(
                lambda topic: outputs if topic == counting.target else states,
                {counting.target: PARTITIONS}, SilentObserver(), failures.put_nowait, max_pending_bytes=100_000, timeout_s=10,
            )  # fmt: skip
            sent = writer.put(counting.target, 0, [(b"k", b"v", ())])
            await writer.acknowledged({sent: 1})
            assert failures.empty()
            writer.put("states", 0, [(b"k", b"v", ())])
            assert "topic states" in str(await failures.get())
            await writer.close()

    asyncio.run(run())


@pytest.mark.integration
def test_room_waits_while_too_much_is_not_acknowledged(kafka: str) -> None:
    counting = Counting(kafka)
    counting.create_topics()

    async def work(writer: Writer, failures: asyncio.Queue[BaseException]) -> None:
        writer.submit([Output(counting.target, b"m", bytes(1000)) for _ in range(200)])
        room = asyncio.ensure_future(writer.room())
        await asyncio.sleep(0)
        assert not room.done()
        await room
        assert writer.pending_bytes <= 100_000

    with_writer(kafka, counting, work)


@pytest.mark.integration
def test_a_refused_record_is_reported_without_its_content(kafka: str) -> None:
    counting = Counting(kafka)
    counting.create_topics()

    async def work(writer: Writer, failures: asyncio.Queue[BaseException]) -> None:
        writer.put(counting.target, 0, [(b"m", b"private words" * 1_000_000, ())])
        error = await failures.get()
        assert isinstance(error, EngineError)
        assert error.code is ExitCode.DELIVERY_FAILED
        assert counting.target in error.reason
        assert "private" not in error.reason

    with_writer(kafka, counting, work)


@pytest.mark.integration
def test_an_unknown_topic_is_named(kafka: str) -> None:
    counting = Counting(kafka)
    counting.create_topics()

    async def work(writer: Writer, failures: asyncio.Queue[BaseException]) -> None:
        with pytest.raises(EngineError, match="topic elsewhere did not exist"):
            writer.submit([Output("elsewhere", b"k", b"v")])

    with_writer(kafka, counting, work)
