"""One channel's delivery: its commands from the delivery topics out, outcomes back into the member log."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from redis.asyncio import Redis

from processors.commands import Command, Recall
from processors.decisions import SAFETY, Reason
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import OutcomeData
from sinks.cancelling import end
from sinks.channel import Channel
from sinks.channels.in_app import InAppChannel
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import POINTS, Dispatcher, OutcomeRecord
from sinks.lanes import Lanes, Turn
from sinks.rate_limit import RateLimit
from sinks.routing import Router
from streams.agents.records import partition_of, to_dead_letter
from streams.codec import Codec, UndecodableError
from streams.control import ControlFeed
from streams.dead_letters import REPLAYED, headers_of
from streams.delivery.reading import read_delivery
from streams.delivery.shown_orders import ShownOrders
from streams.runtime.failpoints import Failpoints
from streams.servers import broker_access
from streams.settings import Settings
from streams.telemetry import known_series
from streams.telemetry.delivery_meter import DeliveryMeter
from streams.telemetry.spans import Spans
from streams.topics import ACTIVITY, DELIVERY
from streams.trace_context import as_headers, checked

RECALLS = b"recall\x1f"  # before a target: the lane of its recalls
POLL_MS, POLL_RECORDS = 200, 256
COMMIT_S, COMMIT_MAX_S = 0.5, 10.0  # between two commits; for one, as while the broker is away
WRITE_S = 1.0  # between two tries to write an outcome while the broker is away
STOP_S = 20.0  # for attempts under way, when the process stops or a partition goes: longer than a channel's own limit
RESTLESS, RESTLESS_S = 6, 60.0  # so many givings out of partitions within so many seconds are no restart
log = logging.getLogger("lotse.delivery")


class Surroundings(NamedTuple):
    """What the deliveries of one process share."""

    settings: Settings
    codec: Codec
    redis: Redis
    control: ControlFeed
    router: Router
    failed: Callable[[BaseException | None], None]
    spans: Spans


def group_of(app: str, channel: str) -> str:
    """Return the consumer group of a channel: its own, so that what waits for one platform waits for no other's."""
    return f"{app}-deliver-{channel}"


class _Waiting:
    """Waits where no partition's turn is."""

    async def wait(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)


class Delivery(ConsumerRebalanceListener):  # type: ignore[misc]  # untyped
    """Reads all delivery topics in a group of the channel's own, and passes over what goes another way.

    Commands of different targets do not wait for each other.
    Committed is up to the first command without an end. What is parked or waits costs a place in its partition; a
    partition without places is paused, and the others go on.
    """

    def __init__(self, around: Surroundings, channel: Channel) -> None:
        self._around, self._channel = around, channel
        settings, self._codec = around.settings, around.codec
        self._meter = DeliveryMeter(channel.name)
        known_series.of_delivery(channel.name, channel.serves)
        self._dispatcher = Dispatcher(
            channel,
            DeliveryRecord(around.redis, settings.worker, settings.lease_s, settings.app),
            lambda command: command.not_before if command.replay else time.time(),
            self._why_not,
            self._meter,
            Failpoints(settings.failpoint or None, settings.failpoint_after_s, "kill", POINTS).reached,
            RateLimit(around.redis, channel.name, settings.app),
            around.spans.attempt,
        )
        self._attempts = asyncio.Semaphore(channel.attempts)
        self._lanes: dict[TopicPartition, Lanes] = {}  # of the partitions that are ours
        self._committed: dict[TopicPartition, int] = {}
        self._shown: ShownOrders | None = None
        if isinstance(channel, InAppChannel):
            self._shown = ShownOrders(channel.inbox, self._not_to_be_shown, self._taken_down)
        self._given: deque[float] = deque(maxlen=RESTLESS)  # when the group gave out the partitions
        self.reading, self.turned, self._committed_at = False, time.monotonic(), 0.0

    async def run(self, stopped: asyncio.Event) -> None:
        """Run until `stopped`; attempts under way are brought to their end first."""
        settings = self._around.settings
        self._consumer = AIOKafkaConsumer(
            **broker_access.options(settings.bootstrap), group_id=group_of(settings.app, self._channel.name),
            group_instance_id=f"{settings.worker}-deliver", enable_auto_commit=False, auto_offset_reset="earliest",
            rebalance_timeout_ms=int(2 * STOP_S * 1000),
        )  # fmt: skip
        self._consumer.subscribe(list(DELIVERY.values()), listener=self)
        self._producer = AIOKafkaProducer(**broker_access.options(settings.bootstrap), acks="all")
        watching: asyncio.Task[None] | None = None
        try:
            await self._producer.start()
            await self._consumer.start()
            self.reading = True
            if self._shown is not None:
                watching = asyncio.create_task(self._shown.follow())
                watching.add_done_callback(
                    lambda done: None if done.cancelled() else self._around.failed(done.exception())
                )
                self._shown.wake()
            while not stopped.is_set():
                await self._turn()
            await self._give_up(self._lanes)
        finally:
            self.reading = False
            if watching is not None:
                await end({watching})
            await _ended(self._consumer)
            await _ended(self._producer)
            await self._channel.close()

    def wake(self) -> None:
        """Let all that is parked look again: an order has come."""
        for lanes in self._lanes.values():
            lanes.wake()
        if self._shown is not None:
            self._shown.wake()

    @property
    def held(self) -> int:
        """How many commands have no end yet."""
        return sum(lanes.held for lanes in self._lanes.values())

    @property
    def paused(self) -> int:
        """How many partitions take no more until commands of theirs end."""
        return len(self._consumer.paused()) if self.reading else 0

    def behind(self) -> dict[TopicPartition, int]:
        """Return how many records each partition holds from the first without an end on."""
        found = {}
        for where in self._consumer.assignment() & self._lanes.keys() if self.reading else ():
            end, first = self._consumer.highwater(where), self._lanes[where].committable()
            if end is not None and first is not None:
                found[where] = max(0, end - first)
        return found

    def _why_not(self, command: Command) -> Reason | None:
        if self._around.router.way(command.member, command.channel) is None:
            return Reason.NO_CHANNEL
        return self._around.control.orders.stops(command, time.time())

    def _not_to_be_shown(self, command: Command) -> Reason | None:
        return self._around.control.orders.takes_down(command, time.time())

    async def _taken_down(self, command: Command, reason: Reason) -> None:
        data = OutcomeData(command=command.id, playbook=command.playbook, reason=reason, via=self._channel.name)
        await self._outcome(command.member, "withdrawn", time.time(), data, _Waiting(), replay=command.replay)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Begin with partitions where the group has committed."""
        for where in assigned:
            self._lanes[where] = Lanes(self._attempts, self._around.failed)
        self._committed.clear()
        self._meter.rebalanced()
        self._notice_restlessness(time.monotonic())

    def _notice_restlessness(self, now: float) -> None:
        """Say so where the group gives the partitions out again and again: two processes of one name take them from each other for ever."""
        self._given.append(now)
        if len(self._given) == RESTLESS and now - self._given[0] < RESTLESS_S:
            self._given.clear()
            log.warning(
                "partitions were given out %d times within %.0f s: is another process called %s, too? Give each its own LOTSE_WORKER",
                RESTLESS, RESTLESS_S, self._around.settings.worker,
            )  # fmt: skip

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Let attempts under way end, commit, and forget the rest: the next owner reads it again."""
        await self._give_up({where: self._lanes[where] for where in revoked if where in self._lanes})

    async def _turn(self) -> None:
        self.turned = time.monotonic()
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

    def _begin(self, record: ConsumerRecord, lanes: Lanes) -> None:
        """Take a record on if it is this channel's. A recall does not queue behind its own command: it has its own lane."""
        read, key, router = read_delivery(record.value), record.key or b"", self._around.router
        way = None if isinstance(read, UndecodableError) else router.way(read.member, read.channel)
        if (way or router.home) != self._channel.name:
            lanes.skip(record.offset)
        elif isinstance(read, Recall):
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

    async def _recall(self, record: ConsumerRecord, recall: Recall, lanes: Lanes) -> None:
        """Call a command back; a withdrawal that fails for good is a dead letter, one that is done an outcome."""
        self._dispatcher.recalls.note(recall)
        lanes.wake()
        receipt = await self._dispatcher.recalls.recall(recall, lanes)
        lanes.wake()
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
        log.info("withdrawn", extra=_about(recall.recalls, recall, self._channel.name))

    async def _end(self, record: ConsumerRecord, command: Command | UndecodableError, turn: Turn) -> None:
        """Bring one record to its end: delivered, failed, recalled, or a dead letter."""
        if isinstance(command, UndecodableError):
            await self._bury(record, command, turn)
            return
        letter = headers_of(record).get(REPLAYED, "")
        outcome = await self._dispatcher.dispatch(command, turn, letter)
        if outcome is None:
            return
        if outcome.dead:
            await self._bury(record, UndecodableError("delivery", outcome.reason), turn)
        await self._tell(outcome, turn)
        await self._dispatcher.told(outcome, turn)
        self._meter.ended(outcome)
        if command.lane != SAFETY:  # who gets help stands in no log, not even by a hash
            level = logging.WARNING if outcome.dead else logging.INFO
            about = {**_about(command.id, command, self._channel.name), "reason": str(outcome.reason)}
            log.log(level, outcome.kind, extra=about)

    async def _tell(self, outcome: OutcomeRecord, turn: Turn) -> None:
        command = outcome.command
        time_told = command.not_before if command.replay else time.time()
        data = OutcomeData(
            command=command.id, playbook=command.playbook, reason=outcome.reason or None, via=self._channel.name
        )
        await self._outcome(
            command.member, outcome.kind, time_told, data, turn, replay=command.replay, trace=command.trace
        )

    async def _outcome(
        self,
        member: str,
        kind: str,
        time_told: float,
        data: OutcomeData,
        turn: "Turn | _Waiting",
        *,
        replay: bool,
        trace: str = "",
    ) -> None:
        event = Event(digest("outcome", data.command, kind), f"outcome.{kind}", member, time_told, data, replay)
        key = member.encode()
        partition = partition_of(key, self._around.settings.partitions)
        headers = list(as_headers(checked(trace.encode())))
        await self._write(
            turn, ACTIVITY, key=key, value=self._codec.encode(event), partition=partition, headers=headers
        )

    async def _bury(self, record: ConsumerRecord, error: UndecodableError, turn: Turn) -> None:
        letter = to_dead_letter(record, error)
        await self._write(turn, letter.topic, key=record.key, value=letter.value, headers=list(letter.headers))
        self._meter.dead(record.topic, error.reason)
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        log.warning("dead letter", extra={**where, "reason": error.reason})

    async def _write(self, turn: "Turn | _Waiting", topic: str, **record: Any) -> None:
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


async def _ended(client: Any) -> None:
    """Stop a client of Kafka. While the broker is away aiokafka waits for tasks that it has cancelled itself, and fails by that."""
    try:
        await client.stop()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # it is we who are to end
            raise
    except KafkaError as error:
        log.warning("a client of Kafka did not end well (%s)", type(error).__name__)


def _about(identifier: str, order: Command | Recall, via: str) -> dict[str, str]:
    """Return what a log line says of a command; of a recall no more than its ids, since it does not say of which lane it is."""
    about = {"command": identifier, "channel": order.channel, "via": via}
    return about if isinstance(order, Recall) else {**about, "playbook": order.playbook, "member": order.member}
