"""One command to one end: once-only check, expiry, replay refused, delivery with retry, an outcome for each."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from processors.commands import Command
from processors.decisions import Reason
from sinks.channel import Channel, Receipt
from sinks.delivery_record import DeliveryRecord

ATTEMPTS_MAX = 6
BACKOFF_S, BACKOFF_MAX_S = 0.5, 30.0  # full jitter between 0 and min(max, base * 2^attempt)
OTHERS_S = 1.0  # between two looks at a command that another process holds


class OutcomeRecord(NamedTuple):
    """What became of a command: kind is `delivered` or `failed`; `dead` asks for a dead letter."""

    command: Command
    kind: str
    reason: str
    dead: bool = False


class Dispatcher:
    """Delivers commands over one channel. `now` gives epoch seconds: the clock, or in a replay the log's time."""

    def __init__(
        self,
        channel: Channel,
        record: DeliveryRecord,
        now: Callable[[Command], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._channel, self._record, self._now, self._sleep = channel, record, now, sleep

    async def dispatch(self, command: Command) -> OutcomeRecord | None:
        """Bring a command to its end; None where another process or an earlier run did."""
        while (state := await self._record.claim(command.id)) == "others":
            await self._sleep(OTHERS_S)
        if state == "done":
            return None
        try:
            outcome = self._refused(command) or await self._deliver(command)
        except BaseException:
            await self._record.release(command.id)
            raise
        await self._record.finish(command.id, outcome.kind)
        return outcome

    def _refused(self, command: Command) -> OutcomeRecord | None:
        if command.replay and not self._channel.accepts_replay:
            return OutcomeRecord(command, "failed", Reason.REPLAY)
        if self._now(command) >= command.expires:
            return OutcomeRecord(command, "failed", Reason.EVENT_STALE)
        return None

    async def _deliver(self, command: Command) -> OutcomeRecord:
        receipt = Receipt("retry")
        for attempt in range(ATTEMPTS_MAX):
            receipt = await self._channel.deliver(command)
            if receipt.result == "delivered":
                return OutcomeRecord(command, "delivered", receipt.detail)
            if receipt.result == "failed":
                break
            if attempt + 1 < ATTEMPTS_MAX:
                jitter = random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_S * 2**attempt))
                await self._sleep(max(receipt.retry_after, jitter))
        return OutcomeRecord(command, "failed", receipt.detail, dead=True)
