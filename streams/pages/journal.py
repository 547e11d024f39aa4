"""Where presses go: the member log, with the broker's acknowledgement before anybody is told that it is done."""

import logging
from typing import Protocol

from processors.events import Event
from streams.codec import Codec
from streams.gateway.refusals import RefusedError
from streams.gateway.writer import Record, Writer
from streams.topics import ACTIVITY

log = logging.getLogger("lotse.pages")
WRITE_S = 5.0  # somebody waits before a page


class JournalAwayError(Exception):
    """The event is not acknowledged; whoever pressed is told so and may press again, which is the same event."""


class Journal(Protocol):
    """Where events go."""

    async def write(self, event: Event) -> None:
        """Return once the event is acknowledged. Raises `JournalAwayError`."""


class KafkaJournal:
    """Writes events under their member's key, by the writer that the gateway uses."""

    def __init__(self, writer: Writer, codec: Codec) -> None:
        self._writer, self._codec = writer, codec

    async def write(self, event: Event) -> None:
        """Write and wait for the acknowledgement, 5 s at most. Raises `JournalAwayError`."""
        record = Record(ACTIVITY, event.key.encode(), self._codec.encode(event))
        try:
            await self._writer.write([record], WRITE_S)
        except RefusedError:
            raise JournalAwayError from None
        log.info("pressed", extra={"type": event.type, "command": getattr(event.data, "command", "")})
