"""One command to one end: once-only check, expiry, orders, recalls, replay refused, rate, delivery with retry, an outcome for each."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, NamedTuple, Protocol, TypeVar

from redis.exceptions import RedisError

from processors.commands import Command
from processors.decisions import Reason
from sinks.attempts import Tries
from sinks.channel import Channel, Receipt
from sinks.delivery_record import OTHERS_S, UNKNOWN, DeliveryRecord, Ending
from sinks.lanes import Turn
from sinks.rate_limit import RateLimit
from sinks.recalls import Recalls

STORE_S = 1.0  # between two questions to a store that does not answer
# Where a test may kill the process, in the order of a command's life.
POINTS = (
    "claimed",  # the claim is recorded, nothing delivered
    "begun",  # that an attempt begins is recorded, nothing delivered
    "delivered",  # the channel has delivered, the end is not recorded
    "ended",  # the end is recorded, the outcome not written
    "told",  # the outcome is written, which is not recorded
)
_T = TypeVar("_T")
_R = TypeVar("_R", Receipt, Receipt | None)
Deliver = Callable[[Command], Awaitable[Receipt]]
Attempt = Callable[[Command, Deliver], Awaitable[Receipt]]


class OutcomeRecord(NamedTuple):
    """What became of a command: kind is `delivered` or `failed`; `dead` asks for a dead letter."""

    command: Command
    kind: str
    reason: str
    dead: bool = False
    remote: str = ""
    letter: str = ""


class Ended(NamedTuple):
    """A command has come to its end; None where that was told before."""

    outcome: OutcomeRecord | None


class Again(NamedTuple):
    """Another look in so many seconds; `sure` where this attempt has certainly not delivered."""

    seconds: float
    sure: bool


class DispatchObserver(Protocol):
    """Told about the work, once per attempt or wait; must return at once and not raise."""

    def attempted(self, command: Command, result: str, seconds: float) -> None:
        """Report an attempt: delivered, retry or failed, and how long the channel took."""

    def retried(self, command: Command, why: str) -> None:
        """Report that a further attempt will be made, and the channel's word for why."""

    def parked(self, change: int) -> None:
        """Report that one more (1) or one less (-1) command waits for its time or its next attempt."""

    def limited(self, command: Command) -> None:
        """Report that a command waits for the platform's rate limit."""

    def store_silent(self) -> None:
        """Report that the store did not answer; it is asked again."""


async def _as_it_is(command: Command, deliver: Deliver) -> Receipt:
    return await deliver(command)


class Dispatcher:
    """Delivers commands over one channel.

    `now` gives epoch seconds for a command: the clock, or in a replay the log's time. `stopped` says why an operator
    wants a command not to go. `reached` is called at each of `POINTS`. Without `limit` no rate is kept. `attempt` delivers
    a command by the channel's `deliver`, as the span that it is.
    """

    def __init__(
        self,
        channel: Channel,
        record: DeliveryRecord,
        now: Callable[[Command], float],
        stopped: Callable[[Command], Reason | None],
        observer: DispatchObserver,
        reached: Callable[[str], None] = lambda _point: None,
        limit: RateLimit | None = None,
        attempt: Attempt = _as_it_is,
    ) -> None:
        self._channel, self._record, self._now, self._stopped = channel, record, now, stopped
        self._observer, self._reached, self._limit = observer, reached, limit
        self._around = attempt
        self.recalls = Recalls(channel, record, self._patiently)

    async def dispatch(self, command: Command, turn: Turn, letter: str = "") -> OutcomeRecord | None:
        """Bring a command to its end and return the outcome; None where that was delivered and told before.

        `letter` names the dead letter that asks for it anew: an end in the dead letters then counts for nothing, once. An outcome that an earlier run reached and did not tell (see `told`) is returned again, without delivering.
        Between attempts, and until it is due, the command holds neither a slot nor a claim. Raises what `turn` raises.
        """
        tries = Tries()
        if letter:
            await self._patiently(lambda: self._record.reopen(command.id, letter), turn)
        with self.recalls.under_way(command.id):
            wait = command.not_before - self._now(command)
            # One that was called back before its turn came would wait for its time, with nobody left to wake it.
            if wait > 0 and not await self._has_ended(command, turn):
                await self._park(command, wait, turn)
            while True:
                async with turn.slot():
                    step = await self._step(command, tries, turn, letter)
                if isinstance(step, Ended):
                    return step.outcome
                await (turn.wait(OTHERS_S) if step is None else self._park(command, step, turn))

    async def told(self, outcome: OutcomeRecord, turn: Turn) -> None:
        """Say that an outcome, and its dead letter, are written: `dispatch` answers None from here on."""
        self._reached("told")
        await self._patiently(lambda: self._record.told(outcome.command.id, self._ending(outcome)), turn)

    async def _step(self, command: Command, tries: Tries, turn: Turn, letter: str) -> Ended | float | None:
        """Claim and attempt once: the end, or the seconds until the next attempt, or None while another holds it."""
        if command.id in self.recalls.noted and not await self._has_ended(command, turn):
            return None  # whoever calls it back ends it: claimed now, it would be delivered
        claim = await self._patiently(lambda: self._record.claim(command.id), turn)
        if claim.ending is not None:
            return Ended(None if claim.ending.told else _outcome(command, claim.ending))
        if claim.state == "others":
            return None
        self._reached("claimed")
        try:
            async with self._record.holding(command.id):
                step = await self._try(command, tries, turn)
        except BaseException:
            with suppress(RedisError):
                await self._record.release(command.id)
            raise
        if isinstance(step, Again):
            await self._patiently(lambda: self._record.release(command.id, sure=step.sure), turn)
            return step.seconds
        self._reached("delivered")
        outcome = step._replace(letter=letter)
        await self._patiently(lambda: self._record.finish(command.id, self._ending(outcome)), turn)
        self._reached("ended")
        return Ended(outcome)

    async def _try(self, command: Command, tries: Tries, turn: Turn) -> OutcomeRecord | Again:
        """Refuse, wait for the rate limit, or make one attempt."""
        refused = self._refused(command)
        if refused is Reason.EVENT_STALE and tries.kept_waiting:
            refused = Reason.RATE_LIMITED  # it was in time, and the platform took no more
        if refused is not None:
            return OutcomeRecord(command, "failed", refused)
        wait = await self._place(command, tries, turn)
        if wait > 0:
            self._observer.limited(command)
            tries.kept_waiting = True
            return Again(wait, sure=False)
        began = turn.time()
        receipt = await self._attempt(command, turn)
        self._observer.attempted(command, receipt.result, turn.time() - began)
        return await self._judge(command, receipt, tries, turn)

    async def _judge(self, command: Command, receipt: Receipt, tries: Tries, turn: Turn) -> OutcomeRecord | Again:
        if receipt.result == "delivered":
            return OutcomeRecord(command, "delivered", receipt.detail, remote=receipt.remote)
        if receipt.result == "unknown" and self._channel.repeats == "never":
            return OutcomeRecord(command, "failed", UNKNOWN, dead=True)
        wait = tries.next(receipt, turn.time())
        if receipt.limited and self._limit is not None:
            limit, held = self._limit, receipt.retry_after or tries.left_alone
            await self._patiently(lambda: limit.hold(held), turn)
        if wait is None:
            reason = UNKNOWN if receipt.result == "unknown" else receipt.detail
            return OutcomeRecord(command, "failed", reason, dead=True)
        self._observer.retried(command, receipt.detail)
        return Again(wait, sure=receipt.result == "retry")

    async def _place(self, command: Command, tries: Tries, turn: Turn) -> float:
        """Return how long the platform's limits keep this command waiting; 0 takes the place that it has booked."""
        limit = self._limit
        if limit is None:
            return 0.0
        if tries.booked and (held := await self._patiently(limit.held, turn)):
            tries.booked = False
            return held  # what was booked lies in a time in which the platform wants nothing
        if not tries.booked:
            wait = await self._patiently(lambda: limit.book(self._channel.rates(command)), turn)
            if wait > 0:
                tries.booked = True
                return wait
        tries.booked = False
        return 0.0

    async def _attempt(self, command: Command, turn: Turn) -> Receipt:
        """Deliver; where a repetition is not harmless, only if no earlier attempt can have delivered."""
        guarded = self._channel.repeats != "harmless"
        if guarded and not await self._patiently(lambda: self._record.begin(command.id), turn):
            found = await self._ask(self._channel.find, command, "unknown")
            if found is not None:
                return found._replace(result="unknown") if found.result == "retry" else found
        self._reached("begun")
        deliver = self._channel.deliver
        return await self._ask(lambda one: self._around(one, deliver), command, "unknown" if guarded else "retry")

    async def _ask(
        self,
        question: Callable[[Command], Awaitable[_R]],
        command: Command,
        fault: Literal["retry", "unknown"],
    ) -> _R | Receipt:
        try:
            return await question(command)
        except Exception as error:  # noqa: BLE001  (one channel's fault must not end the delivery of all others)
            return Receipt(fault, type(error).__name__)

    def _ending(self, outcome: OutcomeRecord) -> Ending:
        reason, via = str(outcome.reason), self._channel.name
        return Ending(outcome.kind, reason, outcome.dead, remote=outcome.remote, letter=outcome.letter, via=via)

    def _refused(self, command: Command) -> Reason | None:
        if command.replay and not self._channel.accepts_replay:
            return Reason.REPLAY
        if self._now(command) >= command.expires:
            return Reason.EVENT_STALE
        return self._stopped(command)

    async def _park(self, command: Command, seconds: float, turn: Turn) -> None:
        """Wait, at most until the command expires, an order stops it or it is called back."""
        until = turn.time() + min(seconds, command.expires - self._now(command))
        if until <= turn.time():
            return
        self._observer.parked(1)
        try:
            while (left := until - turn.time()) > 0 and not self._is_called_off(command):
                await turn.wait(left)
        finally:
            self._observer.parked(-1)

    async def _has_ended(self, command: Command, turn: Turn) -> bool:
        return await self._patiently(lambda: self._record.has_ended(command.id), turn)

    def _is_called_off(self, command: Command) -> bool:
        return command.id in self.recalls.noted or self._stopped(command) is not None

    async def _patiently(self, ask: Callable[[], Awaitable[_T]], turn: Turn) -> _T:
        """Ask the store until it answers: a command whose record is not known can neither go nor be given up."""
        while True:
            try:
                return await ask()
            except RedisError:
                self._observer.store_silent()
            await turn.wait(STORE_S)


def _outcome(command: Command, ending: Ending) -> OutcomeRecord:
    return OutcomeRecord(command, ending.kind, ending.reason, ending.dead, ending.remote, ending.letter)
