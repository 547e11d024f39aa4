"""The delivery process: commands from the delivery topics to a channel, outcomes back into the member log."""

import asyncio
import logging
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from processors.commands import Command, Recall
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import OutcomeData
from sinks.channel import Channel
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import POINTS, Dispatcher, OutcomeRecord
from sinks.lanes import Lanes, Turn
from streams.agents.records import partition_of, to_dead_letter
from streams.codec import Codec, UndecodableError
from streams.control import ControlFeed
from streams.errors import UNREACHABLE, UserError
from streams.runtime.failpoints import Failpoints
from streams.settings import Settings
from streams.telemetry.delivery_meter import DeliveryMeter
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import REGISTRY
from streams.topics import ACTIVITY, CONTROL, DELIVERY

_COMMAND, _RECALL = msgspec.json.Decoder(Command), msgspec.json.Decoder(Recall)
ATTEMPTS = 64  # under way at once, over all partitions
RECALLS = b"recall\x1f"  # before a target: the lane of its recalls
POLL_MS, POLL_RECORDS = 200, 256
COMMIT_S, COMMIT_MAX_S = 0.5, 10.0  # between two commits; for one, as while the broker is away
STORE_S = 5.0  # for an answer of the store
WRITE_S = 1.0  # between two tries to write an outcome while the broker is away
STOP_S = 20.0  # for attempts under way, when the process stops or a partition goes: longer than a channel's own limit
TURN_MAX_S = 300.0  # a loop that has not turned for so long is dead
log = logging.getLogger("lotse.delivery")


class Delivery(ConsumerRebalanceListener):  # type: ignore[misc]  # untyped
    """Reads all delivery topics in one group. Commands of different targets do not wait for each other.

    Committed is up to the first command without an end. What is parked or waits costs a place in its partition; a
    partition without places is paused, and the others go on.
    """

    def __init__(self, settings: Settings, channel: Channel, redis: str) -> None:
        self._settings, self._channel = settings, channel
        self._codec, self._meter = Codec(settings.control()), DeliveryMeter(channel.name)
        self._redis = Redis.from_url(redis, socket_timeout=STORE_S, socket_connect_timeout=STORE_S)
        self._control = ControlFeed(
            settings.bootstrap, self._codec, self._orders_changed, partial(self._meter.dead, CONTROL)
        )
        self._dispatcher = Dispatcher(
            channel,
            DeliveryRecord(self._redis, settings.worker, settings.lease_s, settings.app),
            lambda command: command.not_before if command.replay else time.time(),
            lambda command: self._control.orders.stops(command, time.time()),
            self._meter,
            Failpoints(settings.failpoint or None, settings.failpoint_after_s, "kill", POINTS).reached,
        )
        self._attempts = asyncio.Semaphore(ATTEMPTS)
        self._lanes: dict[TopicPartition, Lanes] = {}  # of the partitions that are ours
        self._committed: dict[TopicPartition, int] = {}
        self._stopped = asyncio.Event()
        self._error: BaseException | None = None
        self._reading, self._turned, self._committed_at = False, time.monotonic(), 0.0

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; attempts under way are brought to their end first. Raises `UserError`."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(one, self._stopped.set)
        self._answer()
        await self._control.load()
        await self._ask_store()
        bootstrap, group = self._settings.bootstrap, f"{self._settings.app}-deliver"
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
            group_instance_id=f"{self._settings.worker}-deliver", rebalance_timeout_ms=int(2 * STOP_S * 1000),
        )  # fmt: skip
        self._consumer.subscribe(list(DELIVERY.values()), listener=self)
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
        following = asyncio.create_task(self._control.follow())
        following.add_done_callback(lambda task: None if task.cancelled() else self._fail(task.exception()))
        try:
            await self._producer.start()
            await self._consumer.start()
            self._reading = True
            while not self._stopped.is_set():
                await self._turn()
            await self._give_up(self._lanes)
        finally:
            self._reading = False
            following.cancel()
            await self._consumer.stop()
            await self._producer.stop()
            await self._channel.close()
            await self._redis.aclose()
        if self._error is not None:
            raise self._error

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Begin with partitions where the group has committed."""
        for where in assigned:
            self._lanes[where] = Lanes(self._attempts, self._fail)
        self._committed.clear()
        self._meter.rebalanced()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let attempts under way end, commit, and forget the rest: the next owner reads it again."""
        await self._give_up({where: self._lanes[where] for where in revoked if where in self._lanes})

    async def _turn(self) -> None:
        self._turned = time.monotonic()
        batch = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
        for where, records in batch.items():
            lanes = self._lanes.get(where)
            if lanes is None:  # going: its next owner reads it again
                continue
            for record in records:
                self._begin(record, lanes)
        self._pause()
        if time.monotonic() - self._committed_at >= COMMIT_S:
            self._committed_at = time.monotonic()
            await self._commit(self._lanes)
            self._show()

    def _begin(self, record: ConsumerRecord, lanes: Lanes) -> None:
        """Take a record on. A recall does not queue behind its own command, which may be parked: it has a lane of its own."""
        read, key = _read(record.value), record.key or b""
        if isinstance(read, Recall):
            lanes.begin(record.offset, RECALLS + key, partial(self._recall, record, read, lanes))
        else:
            lanes.begin(record.offset, key, partial(self._end, record, read, lanes))

    def _pause(self) -> None:
        paused = self._consumer.paused()
        full = {where for where, lanes in self._lanes.items() if lanes.full}
        roomy = {where for where, lanes in self._lanes.items() if lanes.roomy}
        self._consumer.pause(*(full - paused))
        self._consumer.resume(*(paused & roomy))

    async def _commit(self, partitions: Mapping[TopicPartition, Lanes]) -> None:
        """Commit up to the first command without an end; what a refused commit leaves is read again, and known as told."""
        ends = {where: lanes.committable() for where, lanes in partitions.items()}
        moved = {where: end for where, end in ends.items() if end is not None and end != self._committed.get(where)}
        if not moved:
            return
        try:
            async with asyncio.timeout(COMMIT_MAX_S):
                await self._consumer.commit(moved)
        except (KafkaError, TimeoutError) as error:
            log.warning("offsets were not committed (%s); the next commit covers them", type(error).__name__)
            return
        self._committed.update(moved)

    async def _give_up(self, partitions: Mapping[TopicPartition, Lanes]) -> None:
        going = dict(partitions)
        await asyncio.gather(*(lanes.stop(STOP_S) for lanes in going.values()))
        await self._commit(going)
        for where in going:
            self._lanes.pop(where, None)

    async def _ask_store(self) -> None:
        try:
            await self._redis.ping()
        except RedisError as error:
            await self._redis.aclose()
            raise UserError(
                f"no store answers ({type(error).__name__}); is Redis running, is LOTSE_REDIS right?", UNREACHABLE
            ) from None

    def _fail(self, error: BaseException | None) -> None:
        """End the process by an error that nothing here can mend; its commands stay without an end, and are read again."""
        self._error = self._error or error
        self._stopped.set()

    def _orders_changed(self) -> None:
        for lanes in self._lanes.values():
            lanes.wake()

    def _answer(self) -> None:
        """Answer /metrics and the probes; ready while it reads, alive while its loop turns."""

        def reading() -> bool:
            return self._reading and not self._stopped.is_set()

        probes = {
            "live": lambda: time.monotonic() - self._turned < TURN_MAX_S, "ready": reading, "startup": lambda: self._reading,
        }  # fmt: skip
        facts = {"channel": self._channel.name}
        serve(self._settings.health_address, REGISTRY, probes, lambda: facts, lambda: None)

    def _show(self) -> None:
        """Bring gauges up to date."""
        self._meter.holding(sum(lanes.held for lanes in self._lanes.values()), len(self._consumer.paused()))
        self._meter.orders(self._control.orders.standing(time.time()))
        for where in self._consumer.assignment() & self._lanes.keys():
            end, first = self._consumer.highwater(where), self._lanes[where].committable()
            if end is not None and first is not None:
                self._meter.behind(where.topic, where.partition, max(0, end - first))

    async def _recall(self, record: ConsumerRecord, recall: Recall, lanes: Lanes) -> None:
        """Call a command back; a withdrawal that fails for good is a dead letter, one that is done an outcome."""
        self._dispatcher.recalls.note(recall)
        lanes.wake()
        receipt = await self._dispatcher.recalls.recall(recall, lanes)
        if receipt is None:
            return
        if receipt.result != "delivered":
            await self._bury(record, UndecodableError("delivery", f"not withdrawn: {receipt.detail}"), lanes)
            return
        told = recall.time if recall.replay else time.time()
        data = OutcomeData(
            command=recall.recalls, playbook=recall.playbook, reason=recall.reason, via=self._channel.name
        )
        await self._outcome(recall.member, "withdrawn", told, data, lanes, replay=recall.replay)
        self._meter.withdrawn(recall)

    async def _end(self, record: ConsumerRecord, command: Command | UndecodableError, turn: Turn) -> None:
        """Bring one record to its end: delivered, failed, recalled, or a dead letter."""
        if isinstance(command, UndecodableError):
            await self._bury(record, command, turn)
            return
        outcome = await self._dispatcher.dispatch(command, turn)
        if outcome is None:
            return
        if outcome.dead:
            await self._bury(record, UndecodableError("delivery", outcome.reason), turn)
        await self._tell(outcome, turn)
        await self._dispatcher.told(outcome, turn)
        self._meter.ended(outcome)

    async def _tell(self, outcome: OutcomeRecord, turn: Turn) -> None:
        command = outcome.command
        time_told = command.not_before if command.replay else time.time()
        data = OutcomeData(
            command=command.id, playbook=command.playbook, reason=outcome.reason or None, via=self._channel.name
        )
        await self._outcome(command.member, outcome.kind, time_told, data, turn, replay=command.replay)

    async def _outcome(
        self, member: str, kind: str, time_told: float, data: OutcomeData, turn: Turn, *, replay: bool
    ) -> None:
        event = Event(digest("outcome", data.command, kind), f"outcome.{kind}", member, time_told, data, replay)
        key = member.encode()
        partition = partition_of(key, self._settings.partitions)
        await self._write(turn, ACTIVITY, key=key, value=self._codec.encode(event), partition=partition)

    async def _bury(self, record: ConsumerRecord, error: UndecodableError, turn: Turn) -> None:
        letter = to_dead_letter(record, error)
        await self._write(turn, letter.topic, key=record.key, value=letter.value, headers=list(letter.headers))
        self._meter.dead(record.topic, error.reason)

    async def _write(self, turn: Turn, topic: str, **record: Any) -> None:
        """Write a record; while the broker is away, again and again: what is not told is not committed either."""
        while True:
            try:
                await self._producer.send_and_wait(topic, **record)
            except KafkaError as error:
                if not error.retriable:
                    raise
            else:
                return
            await turn.wait(WRITE_S)


class _Head(msgspec.Struct, frozen=True):
    """What tells a recall from a command."""

    type: str = "command"


_HEAD = msgspec.json.Decoder(_Head)


def _read(value: bytes | None) -> Command | Recall | UndecodableError:
    try:
        if _HEAD.decode(value or b"").type == "recall":
            return _RECALL.decode(value or b"")
        return _COMMAND.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return UndecodableError("schema", str(error)[:200])
