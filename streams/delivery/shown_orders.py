"""What is shown in the app is taken away when an operator's order stops it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from redis.exceptions import RedisError

from processors.commands import Command
from processors.decisions import Reason
from sinks.inbox import Inbox

SETTLE_S = 6.0  # an attempt that was under way when the order came has ended by then
RETRY_S = 1.0  # between two tries while the store is away
log = logging.getLogger("lotse.delivery")


class ShownOrders:
    """Looks through the inboxes whenever an order comes, and once more a little later.

    `stops` says why a command may not be shown, `told` writes the outcome `withdrawn`. It is told first: after a crash in
    between the item is found again, and told again with the same id.
    """

    def __init__(
        self,
        inbox: Inbox,
        stops: Callable[[Command], Reason | None],
        told: Callable[[Command, Reason], Awaitable[None]],
        settle_s: float = SETTLE_S,
    ) -> None:
        self._inbox, self._stops, self._told, self._settle_s = inbox, stops, told, settle_s
        self._ordered = asyncio.Event()

    def wake(self) -> None:
        """Look: an order has come."""
        self._ordered.set()

    async def follow(self) -> None:
        """Go on until cancelled."""
        again = False
        while True:
            try:
                async with asyncio.timeout(self._settle_s if again else None):
                    await self._ordered.wait()
                again = True
            except TimeoutError:
                again = False
            self._ordered.clear()
            try:
                await self.look()
            except RedisError as error:
                log.warning("what an order stops may still be shown (%s); it is tried again", type(error).__name__)
                self._ordered.set()
                await asyncio.sleep(RETRY_S)

    async def look(self) -> None:
        """Take away what orders stop. Raises `RedisError` without a store."""
        async for command in self._inbox.everything():
            reason = self._stops(command)
            if reason is not None:
                await self._told(command, reason)
                await self._inbox.withdraw(command.target, [command.id])
