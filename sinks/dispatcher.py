"""One command to one end: once-only check, expiry, replay refused, delivery with retry, an outcome for each."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from typing import NamedTuple

from redis.exceptions import RedisError

from processors.commands import Command
from processors.decisions import Reason
from sinks.channel import Channel, Receipt
from sinks.delivery_record import DeliveryRecord, Ending

ATTEMPTS_MAX = 6
RETRY_S = 300.0  # no attempt begins later than this after the first: whoever reads the topic must move on
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
        """Bring a command to its end and return the outcome; None where that was delivered and told before.

        An outcome that an earlier run reached and did not tell (see `told`) is returned again, without delivering.
        A command that is not due waits, at most until it expires. Raises `RedisError` where the store is gone.
        """
        early = min(command.not_before, command.expires) - self._now(command)
        if early > 0:
            await self._sleep(early)
        while True:
            claim = await self._record.claim(command.id)
            if claim.ending is not None:
                ending = claim.ending
                return None if ending.told else OutcomeRecord(command, ending.kind, ending.reason, ending.dead)
            if claim.state == "mine" and (outcome := await self._end(command)) is not None:
                return outcome
            await self._sleep(OTHERS_S)

    async def told(self, outcome: OutcomeRecord) -> None:
        """Say that an outcome, and its dead letter, are written: `dispatch` answers None from here on."""
        await self._record.told(outcome.command.id, _ending(outcome))

    async def _end(self, command: Command) -> OutcomeRecord | None:
        """Deliver under a claim, record how it ended; None where the claim was lost before the end."""
        try:
            async with self._record.holding(command.id):
                outcome = await self._deliver(command)
        except BaseException:
            with suppress(RedisError):
                await self._record.release(command.id)
            raise
        if outcome is not None:
            await self._record.finish(command.id, _ending(outcome))
        return outcome

    async def _deliver(self, command: Command) -> OutcomeRecord | None:
        if command.replay and not self._channel.accepts_replay:
            return OutcomeRecord(command, "failed", Reason.REPLAY)
        clock = asyncio.get_running_loop().time
        give_up = clock() + RETRY_S
        for attempt in count(1):
            if self._now(command) >= command.expires:
                return OutcomeRecord(command, "failed", Reason.EVENT_STALE)
            if attempt > 1 and not await self._record.renew(command.id):
                return None  # this process stood still beyond its lease: another may have delivered
            receipt = await self._attempt(command)
            if receipt.result == "delivered":
                return OutcomeRecord(command, "delivered", receipt.detail)
            wait = max(receipt.retry_after, random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_S * 2**attempt)))
            if receipt.result == "failed" or attempt == ATTEMPTS_MAX or clock() + wait > give_up:
                break
            await self._sleep(wait)
        return OutcomeRecord(command, "failed", receipt.detail, dead=True)

    async def _attempt(self, command: Command) -> Receipt:
        try:
            return await self._channel.deliver(command)
        except Exception as error:  # noqa: BLE001  (one channel's fault must not end the delivery of all others)
            return Receipt("retry", type(error).__name__)


def _ending(outcome: OutcomeRecord) -> Ending:
    return Ending(outcome.kind, str(outcome.reason), outcome.dead)
