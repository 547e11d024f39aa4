"""One command to one end: once-only check, expiry, operators' orders, replay refused, delivery with retry, an outcome for each."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, Protocol, TypeVar

from redis.exceptions import RedisError

from processors.commands import Command
from processors.decisions import Reason
from sinks.channel import Channel, Receipt
from sinks.delivery_record import DeliveryRecord, Ending
from sinks.lanes import Turn

ATTEMPTS_MAX = 6
RETRY_S = 300.0  # no attempt begins later than this after the first: what is held costs a place, and holds the commit
BACKOFF_S, BACKOFF_MAX_S = 0.5, 30.0  # full jitter between 0 and min(max, base * 2^attempt)
OTHERS_S = 1.0  # between two looks at a command that another process holds
STORE_S = 1.0  # between two questions to a store that does not answer
# Where a test may kill the process, in the order of a command's life.
POINTS = (
    "claimed",  # the claim is recorded, nothing delivered
    "delivered",  # the channel has delivered, the end is not recorded
    "ended",  # the end is recorded, the outcome not written
    "told",  # the outcome is written, which is not recorded
)
_T = TypeVar("_T")


class OutcomeRecord(NamedTuple):
    """What became of a command: kind is `delivered` or `failed`; `dead` asks for a dead letter."""

    command: Command
    kind: str
    reason: str
    dead: bool = False


class Ended(NamedTuple):
    """A command has come to its end; None where that was told before."""

    outcome: OutcomeRecord | None


class DispatchObserver(Protocol):
    """Told about the work, once per attempt or wait; must return at once and not raise."""

    def attempted(self, command: Command, result: str, seconds: float) -> None:
        """Report an attempt: delivered, retry or failed, and how long the channel took."""

    def retried(self, command: Command) -> None:
        """Report that a further attempt will be made."""

    def parked(self, change: int) -> None:
        """Report that one more (1) or one less (-1) command waits for its time or its next attempt."""

    def store_silent(self) -> None:
        """Report that the store did not answer; it is asked again."""


class Tries:
    """The attempts of one command so far. Raises nothing; `next` decides about one more."""

    def __init__(self) -> None:
        self.made, self._first = 0, 0.0

    def next(self, receipt: Receipt, now: float) -> float | None:
        """Return the seconds until the next attempt, None where there is none."""
        self._first = self._first if self.made else now
        self.made += 1
        wait = max(receipt.retry_after, random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_S * 2**self.made)))
        if receipt.result == "failed" or self.made >= ATTEMPTS_MAX or now + wait > self._first + RETRY_S:
            return None
        return wait


class Dispatcher:
    """Delivers commands over one channel.

    `now` gives epoch seconds for a command: the clock, or in a replay the log's time. `stopped` says why an operator
    wants a command not to go. `reached` is called at each of `POINTS`.
    """

    def __init__(
        self,
        channel: Channel,
        record: DeliveryRecord,
        now: Callable[[Command], float],
        stopped: Callable[[Command], Reason | None],
        observer: DispatchObserver,
        reached: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self._channel, self._record, self._now, self._stopped = channel, record, now, stopped
        self._observer, self._reached = observer, reached

    async def dispatch(self, command: Command, turn: Turn) -> OutcomeRecord | None:
        """Bring a command to its end and return the outcome; None where that was delivered and told before.

        An outcome that an earlier run reached and did not tell (see `told`) is returned again, without delivering.
        Between attempts, and until it is due, the command holds neither a slot nor a claim. Raises what `turn` raises.
        """
        tries = Tries()
        await self._park(command, command.not_before - self._now(command), turn)
        while True:
            async with turn.slot():
                step = await self._step(command, tries, turn)
            if isinstance(step, Ended):
                return step.outcome
            await (turn.wait(OTHERS_S) if step is None else self._park(command, step, turn))

    async def told(self, outcome: OutcomeRecord, turn: Turn) -> None:
        """Say that an outcome, and its dead letter, are written: `dispatch` answers None from here on."""
        self._reached("told")
        await self._patiently(lambda: self._record.told(outcome.command.id, _ending(outcome)), turn)

    async def _step(self, command: Command, tries: Tries, turn: Turn) -> Ended | float | None:
        """Claim and attempt once: the end, or the seconds until the next attempt, or None while another holds it."""
        claim = await self._patiently(lambda: self._record.claim(command.id), turn)
        if claim.ending is not None:
            ending = claim.ending
            return Ended(None if ending.told else OutcomeRecord(command, ending.kind, ending.reason, ending.dead))
        if claim.state == "others":
            return None
        self._reached("claimed")
        try:
            async with self._record.holding(command.id):
                step = await self._deliver(command, tries, turn)
        except BaseException:
            with suppress(RedisError):
                await self._record.release(command.id)
            raise
        if isinstance(step, float):
            await self._patiently(lambda: self._record.release(command.id), turn)
            return step
        self._reached("delivered")
        await self._patiently(lambda: self._record.finish(command.id, _ending(step)), turn)
        self._reached("ended")
        return Ended(step)

    async def _deliver(self, command: Command, tries: Tries, turn: Turn) -> OutcomeRecord | float:
        refused = self._refused(command)
        if refused is not None:
            return OutcomeRecord(command, "failed", refused)
        began = turn.time()
        receipt = await self._attempt(command)
        self._observer.attempted(command, receipt.result, turn.time() - began)
        if receipt.result == "delivered":
            return OutcomeRecord(command, "delivered", receipt.detail)
        wait = tries.next(receipt, turn.time())
        if wait is None:
            return OutcomeRecord(command, "failed", receipt.detail, dead=True)
        self._observer.retried(command)
        return wait

    def _refused(self, command: Command) -> Reason | None:
        if command.replay and not self._channel.accepts_replay:
            return Reason.REPLAY
        if self._now(command) >= command.expires:
            return Reason.EVENT_STALE
        return self._stopped(command)

    async def _attempt(self, command: Command) -> Receipt:
        try:
            return await self._channel.deliver(command)
        except Exception as error:  # noqa: BLE001  (one channel's fault must not end the delivery of all others)
            return Receipt("retry", type(error).__name__)

    async def _park(self, command: Command, seconds: float, turn: Turn) -> None:
        """Wait, at most until the command expires or an order stops it."""
        until = turn.time() + min(seconds, command.expires - self._now(command))
        if until <= turn.time():
            return
        self._observer.parked(1)
        try:
            while (left := until - turn.time()) > 0 and self._stopped(command) is None:
                await turn.wait(left)
        finally:
            self._observer.parked(-1)

    async def _patiently(self, ask: Callable[[], Awaitable[_T]], turn: Turn) -> _T:
        """Ask the store until it answers: a command whose record is not known can neither go nor be given up."""
        while True:
            try:
                return await ask()
            except RedisError:
                self._observer.store_silent()
            await turn.wait(STORE_S)


def _ending(outcome: OutcomeRecord) -> Ending:
    return Ending(outcome.kind, str(outcome.reason), outcome.dead)
