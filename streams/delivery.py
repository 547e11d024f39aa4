"""The delivery process: commands from the delivery topics to a channel, outcomes back into the member log."""

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from redis.asyncio import Redis

from processors.commands import Command
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import OutcomeData
from sinks.channel import Channel
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import Dispatcher, OutcomeRecord
from streams.agents.records import partition_of
from streams.codec import Codec, dead_letter
from streams.settings import Settings
from streams.telemetry.health_server import serve
from streams.telemetry.metrics import OUTCOMES, REGISTRY
from streams.topics import ACTIVITY, DELIVERY, dead_letters

_DECODER = msgspec.json.Decoder(Command)
AT_ONCE = 16  # commands in flight
TURN_MAX_S = 900.0  # the longest a batch may take: the group's own limit too


class Delivery:
    """Reads all delivery topics in one group; offsets are committed when every command before them has its end."""

    def __init__(
        self,
        settings: Settings,
        channel: Channel,
        redis: str,
        told: Callable[[OutcomeRecord], None] = lambda _outcome: None,
    ) -> None:
        self._settings, self._channel, self._told = settings, channel, told
        self._codec = Codec(settings.control())
        self._redis = Redis.from_url(redis)
        record = DeliveryRecord(self._redis, f"{settings.worker}", prefix=settings.app)
        self._dispatcher = Dispatcher(
            channel, record, lambda command: command.not_before if command.replay else time.time()
        )
        self._stopped = asyncio.Event()
        self._reading, self._turned = False, time.monotonic()

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; commands under way are brought to their end first."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                loop.add_signal_handler(one, self._stopped.set)
        bootstrap = self._settings.bootstrap
        consumer = AIOKafkaConsumer(
            *DELIVERY.values(), bootstrap_servers=bootstrap, group_id=f"{self._settings.app}-deliver", enable_auto_commit=False,
            auto_offset_reset="earliest", group_instance_id=f"{self._settings.worker}-deliver", max_poll_interval_ms=int(TURN_MAX_S * 1000),
        )  # fmt: skip
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._answer()
        await self._producer.start()
        await consumer.start()
        self._reading = True
        try:
            while not self._stopped.is_set():
                self._turned = time.monotonic()
                batch = await consumer.getmany(timeout_ms=200, max_records=AT_ONCE)
                if batch:
                    await asyncio.gather(*(self._end(record) for records in batch.values() for record in records))
                    await consumer.commit({where: records[-1].offset + 1 for where, records in batch.items()})
        finally:
            await consumer.stop()
            await self._producer.stop()
            await self._channel.close()
            await self._redis.aclose()

    def _answer(self) -> None:
        """Answer /metrics and the probes; ready while it reads, alive while no batch takes longer than the group allows."""

        def reading() -> bool:
            return self._reading and not self._stopped.is_set()

        probes = {
            "live": lambda: time.monotonic() - self._turned < TURN_MAX_S, "ready": reading, "startup": lambda: self._reading,
        }  # fmt: skip
        facts = {"channel": self._channel.name}
        serve(self._settings.health_address, REGISTRY, probes, lambda: facts, lambda: None)

    async def _end(self, record: ConsumerRecord) -> None:
        """Bring one record to its end: delivered, failed, or a dead letter."""
        try:
            command = _DECODER.decode(record.value or b"")
        except msgspec.DecodeError as error:
            await self._bury(record, "schema", str(error)[:200])
            return
        outcome = await self._dispatcher.dispatch(command)
        if outcome is None:
            return
        OUTCOMES.labels(command.channel, outcome.kind).inc()
        if outcome.dead:
            await self._bury(record, "delivery", outcome.reason)
        await self._tell(outcome)
        await self._dispatcher.told(outcome)
        self._told(outcome)

    async def _tell(self, outcome: OutcomeRecord) -> None:
        command = outcome.command
        time_told = command.not_before if command.replay else time.time()
        data = OutcomeData(
            command=command.id, playbook=command.playbook, reason=outcome.reason or None, via=self._channel.name
        )
        event = Event(
            digest("outcome", command.id, outcome.kind),
            f"outcome.{outcome.kind}",
            command.member,
            time_told,
            data,
            command.replay,
        )
        key = command.member.encode()
        await self._producer.send_and_wait(
            ACTIVITY, key=key, value=self._codec.encode(event), partition=partition_of(key, self._settings.partitions)
        )

    async def _bury(self, record: ConsumerRecord, reason: str, detail: str) -> None:
        headers = dead_letter(record.topic, record.partition, record.offset, reason, detail)
        await self._producer.send_and_wait(
            dead_letters(record.topic), key=record.key, value=record.value, headers=list(headers)
        )
