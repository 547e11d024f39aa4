"""Commands called back: what has no end yet ends as recalled, what was delivered is withdrawn where that is asked for."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from processors.commands import Recall
from sinks.attempts import Tries
from sinks.channel import Channel, Receipt
from sinks.delivery_record import OTHERS_S, UNKNOWN, DeliveryRecord, Ending
from sinks.lanes import Turn

_T = TypeVar("_T")


class Ask(Protocol):
    """Asks the store until it answers."""

    async def __call__(self, ask: Callable[[], Awaitable[_T]], turn: Turn, /) -> _T:
        """Return what `ask` returns in the end."""


class Recalls:
    """The recalls of one process. `noted` are the commands under way that are called back."""

    def __init__(self, channel: Channel, record: DeliveryRecord, ask: Ask) -> None:
        self._channel, self._record, self._ask = channel, record, ask
        self._under_way: set[str] = set()
        self.noted: set[str] = set()

    @contextmanager
    def under_way(self, command: str) -> Iterator[None]:
        """Hold that a command is on its way while the block runs."""
        self._under_way.add(command)
        try:
            yield
        finally:
            self._under_way.discard(command)
            self.noted.discard(command)

    def note(self, recall: Recall) -> None:
        """Take a recall down before `recall`: its command, if it is parked, looks again as soon as its turn is woken."""
        if recall.recalls in self._under_way:
            self.noted.add(recall.recalls)

    async def recall(self, recall: Recall, turn: Turn) -> Receipt | None:
        """Call a command back: one without an end ends as `recalled`, and a delivered one is withdrawn where asked for.

        An attempt under way is waited for. Returns the last answer of a withdrawal, None where there was nothing to take
        back or the channel cannot. Raises what `turn` raises.
        """
        wanted = Ending("recalled", recall.reason)
        claim = await self._ask(lambda: self._record.end_unclaimed(recall.recalls, wanted), turn)
        while claim.ending is None:
            await turn.wait(OTHERS_S)
            claim = await self._ask(lambda: self._record.end_unclaimed(recall.recalls, wanted), turn)
        self.note(recall)  # its turn may have come meanwhile
        if not recall.withdraw or (recall.replay and not self._channel.accepts_replay):
            return None
        if claim.ending.via not in ("", self._channel.name):  # another channel's, before this one took over
            return None
        shown = claim.ending.kind == "delivered" or claim.ending.reason == UNKNOWN
        if shown or await self._ask(lambda: self._record.has_begun(recall.recalls), turn):
            return await self._withdraw(recall, claim.ending.remote, turn)
        return None

    async def _withdraw(self, recall: Recall, remote: str, turn: Turn) -> Receipt | None:
        tries = Tries()
        while True:
            async with turn.slot():
                try:
                    receipt = await self._channel.withdraw(recall, remote)
                except Exception as error:  # noqa: BLE001  (as with deliveries)
                    receipt = Receipt("retry", type(error).__name__)
            if receipt is None or receipt.result == "delivered" or (wait := tries.next(receipt, turn.time())) is None:
                return receipt
            await turn.wait(wait)
