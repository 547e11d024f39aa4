"""Puts commands into the in-app inbox, where the platform's own pages show them; takes them back when they are recalled."""

from redis.exceptions import RedisError

from processors.commands import Command, Recall
from sinks.channel import Channel, Receipt
from sinks.inbox import Inbox


class InAppChannel(Channel):
    """Stores what a member, or a place, is shown, in its `inbox`. Putting twice is putting once, so a repetition harms nobody."""

    name = "in_app"
    serves = frozenset({"in_app", "pinned"})

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def deliver(self, command: Command) -> Receipt:
        """Store the item."""
        try:
            await self.inbox.put(command)
        except RedisError as error:
            return Receipt("retry", type(error).__name__)
        return Receipt("delivered")

    async def withdraw(self, recall: Recall, remote: str) -> Receipt | None:  # noqa: ARG002
        """Take the item away, wherever it is shown, at once."""
        try:
            await self.inbox.withdraw(recall.target, [recall.recalls])
        except RedisError as error:
            return Receipt("retry", type(error).__name__)
        return Receipt("delivered")
