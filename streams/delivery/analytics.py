"""Tells an analytics platform of decisions and outcomes: what is written from its first start on, each once in its eyes."""

import asyncio
import logging
import random
import time

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from processors.decisions import Decision
from sinks.analytics.told import PREFIX, Analytics, Told, of_decision, of_outcome
from streams.catalog.feed import last_published
from streams.codec import Codec, UndecodableError
from streams.servers import broker_access
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS

POLL_MS, POLL_RECORDS = 1000, 2000
BACKOFF_S, BACKOFF_MAX_S = 2.0, 60.0  # as Mixpanel asks for: doubled, with jitter
CATALOG_S = 300.0  # between two looks at which playbooks there are
_DECISION = msgspec.json.Decoder(Decision)
log = logging.getLogger("lotse.analytics")


class AnalyticsFeed:
    """One platform, in a consumer group of its own, so that its silence delays nothing else."""

    def __init__(self, settings: Settings, codec: Codec, platform: Analytics) -> None:
        self._settings, self._codec, self._platform = settings, codec, platform
        self._key = settings.control()
        self._known: frozenset[str] = frozenset()
        self._looked_at = float("-inf")

    async def run(self, stopped: asyncio.Event) -> None:
        """Run until `stopped`. At most once: committed, then told; otherwise told, then committed."""
        consumer = AIOKafkaConsumer(
            DECISIONS, ACTIVITY, **broker_access.options(self._settings.bootstrap), enable_auto_commit=False,
            group_id=f"{self._settings.app}-analytics-{self._platform.name}", auto_offset_reset="latest",
        )  # fmt: skip
        await consumer.start()
        try:
            while not stopped.is_set():
                batch = await consumer.getmany(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
                await self._look()
                told = [one for records in batch.values() for record in records if (one := self._told(record))]
                if self._platform.at_most_once:
                    await consumer.commit()
                    await self._tell(told)
                elif await self._tell_until(told, stopped):
                    await consumer.commit()
        finally:
            await consumer.stop()
            await self._platform.close()

    async def _look(self) -> None:
        """Learn which playbooks lie outside the safety lane; outcomes of others are never told."""
        if time.monotonic() - self._looked_at < CATALOG_S:
            return
        self._looked_at = time.monotonic()
        found = await asyncio.to_thread(last_published, self._settings.bootstrap)
        if found is not None:
            playbooks = found.playbooks
            self._known = frozenset(one.id for one in playbooks if one.lane != "safety")

    def _told(self, record: ConsumerRecord) -> Told | None:
        try:
            if record.topic == DECISIONS:
                return of_decision(_DECISION.decode(record.value), self._key)
            if PREFIX.encode() not in (record.value or b""):  # most of the log is no outcome
                return None
            event = self._codec.decode(record.key, record.value)
        except (msgspec.DecodeError, UndecodableError):
            return None
        return of_outcome(event, self._known, self._key) if event.type.startswith(PREFIX) else None

    async def _tell(self, told: list[Told]) -> None:
        receipt = await self._platform.send(told)
        if receipt.result != "delivered":
            log.warning("%s: %s; not told again", self._platform.name, receipt.detail)

    async def _tell_until(self, told: list[Told], stopped: asyncio.Event) -> bool:
        """Tell until the platform has answered; False where the process stops before."""
        wait = BACKOFF_S
        while told:
            receipt = await self._platform.send(told)
            if receipt.result != "retry":
                if receipt.result == "failed":
                    log.warning("%s: %s; not told again", self._platform.name, receipt.detail)
                return True
            pause = max(receipt.retry_after, random.uniform(wait / 2, wait))
            try:
                async with asyncio.timeout(pause):
                    await stopped.wait()
            except TimeoutError:
                wait = min(BACKOFF_MAX_S, wait * 2)
            else:
                return False
        return True
