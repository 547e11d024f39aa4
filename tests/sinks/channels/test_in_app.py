"""The in-app channel: an item appears, is taken back when it is recalled, and waits while the store is away."""

import asyncio

import pytest
from redis.asyncio import Redis

from processors.commands import Recall
from sinks.channel import Receipt
from sinks.channels.in_app import InAppChannel
from sinks.inbox import Inbox
from tests.support.commands import command
from tests.support.processes import free_port

NOW = 1_800_000_000.0


def recall(target: str) -> Recall:
    """Command c1 is no longer wanted."""
    return Recall("r1", "c1", target, "town/ann", "town", "in_app", "first-steps", "already_solved", NOW, withdraw=True)


@pytest.mark.integration
@pytest.mark.parametrize("target", ["town/ann", "town/#general"])
def test_what_is_delivered_is_shown_until_it_is_recalled(redis_url: str, target: str) -> None:
    """To a member, or in a place where it is pinned; a second delivery and a second recall change nothing."""

    async def story() -> None:
        async with Redis.from_url(redis_url) as redis:
            inbox = Inbox(redis, "tests-channel")
            channel = InAppChannel(inbox)
            for _ in range(2):
                assert await channel.deliver(command(target=target)) == Receipt("delivered")
            assert await inbox.items(target, NOW) == [command(target=target)]
            for _ in range(2):
                assert await channel.withdraw(recall(target), "") == Receipt("delivered")
            assert await inbox.items(target, NOW) == []

    asyncio.run(story())


def test_while_the_store_is_away_it_is_tried_again() -> None:
    """Nothing is raised."""

    async def story() -> None:
        async with Redis.from_url(f"redis://127.0.0.1:{free_port()}/0") as redis:
            channel = InAppChannel(Inbox(redis))
            assert await channel.deliver(command()) == Receipt("retry", "ConnectionError")
            assert await channel.withdraw(recall("town/ann"), "") == Receipt("retry", "ConnectionError")

    asyncio.run(story())
