"""A dispatcher under test: a channel that answers from a script, on a clock that moves by what is waited."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import NamedTuple

from redis.asyncio import Redis

from processors.commands import Command
from processors.orders import StandingOrders
from sinks.channel import Channel, Receipt
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import Dispatcher, OutcomeRecord
from sinks.rate_limit import RateLimit


class Scripted(Channel):
    """A channel that answers from a script, the last answer for ever, and keeps the ids it was given."""

    name = "scripted"

    def __init__(self, *answers: Receipt | Exception, takes_s: float = 0.0) -> None:
        self.answers, self.takes_s = list(answers), takes_s
        self.calls: list[str] = []

    async def deliver(self, command: Command) -> Receipt:
        self.calls.append(command.id)
        await asyncio.sleep(self.takes_s)
        answer = self.answers[min(len(self.calls), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Seen:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.parked_now = 0

    def attempted(self, command: Command, result: str, seconds: float) -> None:
        self.told.append(result)

    def retried(self, command: Command, why: str) -> None:
        self.told.append("again")

    def parked(self, change: int) -> None:
        self.parked_now += change

    def limited(self, command: Command) -> None:
        self.told.append("limited")

    def store_silent(self) -> None:
        self.told.append("silent")


class Clock:
    """A clock that moves by what is waited, so that no test waits; `orders` stop what they name."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.waits: list[float] = []
        self.orders, self.seen = StandingOrders(), Seen()

    def time(self) -> float:
        return self.now

    def slot(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0.001)

    def dispatcher(
        self, channel: Channel, redis: Redis, owner: str = "a", lease_s: float = 30.0, limit: RateLimit | None = None
    ) -> "OnClock":
        """A dispatcher on this clock."""
        record = DeliveryRecord(redis, owner, lease_s)
        stopped = partial(self.orders.stops, now=self.now)
        return OnClock(self, Dispatcher(channel, record, lambda _command: self.now, stopped, self.seen, limit=limit))


class OnClock(NamedTuple):
    """A dispatcher whose turns are those of a clock."""

    clock: Clock
    dispatcher: Dispatcher

    async def dispatch(self, command: Command, letter: str = "") -> OutcomeRecord | None:
        return await self.dispatcher.dispatch(command, self.clock, letter)

    async def told(self, outcome: OutcomeRecord) -> None:
        await self.dispatcher.told(outcome, self.clock)
