"""Where presses go: the member log, with the broker's acknowledgement before anybody is told that it is done."""

import asyncio
import logging
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from processors.events import Event
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.topics import ACTIVITY

WRITE_S = 5.0  # somebody waits before a page
AGAIN_S = 2.0  # between two tries to reach the broker at start
log = logging.getLogger("lotse.pages")


class JournalAwayError(Exception):
    """The event is not acknowledged; whoever pressed is told so and may press again, which is the same event."""


class Journal(Protocol):
    """Where events go."""

    async def write(self, event: Event) -> None:
        """Return once the event is acknowledged. Raises `JournalAwayError`."""


class KafkaJournal:
    """Writes events under their member's key. The broker is looked for until it is there; until then everything is refused."""

    def __init__(self, bootstrap: str, partitions: int, codec: Codec) -> None:
        self._bootstrap, self._partitions, self._codec = bootstrap, partitions, codec
        self._producer: Any = None
        self._starting: asyncio.Task[None] | None = None
        self.reached = False  # whether the last write was acknowledged

    def start(self) -> None:
        """Begin to look for the broker."""
        self._starting = asyncio.get_running_loop().create_task(self._start())

    async def write(self, event: Event) -> None:
        """Write and wait for the acknowledgement, 5 s at most. Raises `JournalAwayError`."""
        if self._producer is None:
            raise JournalAwayError
        key = event.key.encode()
        partition = partition_of(key, self._partitions)
        try:
            async with asyncio.timeout(WRITE_S):
                await self._producer.send_and_wait(ACTIVITY, self._codec.encode(event), key=key, partition=partition)
        except (KafkaError, TimeoutError) as error:
            self.reached = False
            log.warning("an event was not acknowledged (%s)", type(error).__name__)
            raise JournalAwayError from None
        self.reached = True

    async def close(self) -> None:
        """End."""
        if self._starting is not None:
            self._starting.cancel()
        if self._producer is not None:
            await self._producer.stop()

    async def _start(self) -> None:
        while True:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap, acks="all", request_timeout_ms=int(WRITE_S * 1000)
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                log.warning("no broker at %s yet (%s)", self._bootstrap, type(error).__name__)
                await asyncio.sleep(AGAIN_S)
            else:
                self._producer, self.reached = producer, True
                return
