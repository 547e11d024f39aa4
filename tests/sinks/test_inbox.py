"""Items on a real Redis: bounded, gone in time, in the order of their urgency, with word of each change."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from sinks import inbox as module
from sinks.inbox import Inbox
from tests.support.commands import command

pytestmark = pytest.mark.integration
NOW = 1_800_000_000.0
ANN, BEN = "town/ann", "town/ben"


def told(redis_url: str, story: Callable[[Inbox, Redis], Awaitable[None]]) -> None:
    """Run a story on an empty inbox."""

    async def run() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(f"tests:inbox:{ANN}", f"tests:inbox:{BEN}")
            await story(Inbox(redis, "tests"), redis)

    asyncio.run(run())


def item(number: int, **changes: object):  # type: ignore[no-untyped-def]
    """A command that lives for an hour."""
    return command(number, **{"not_before": NOW + number, "expires": NOW + 3600, **changes})


def test_the_most_urgent_is_first_then_the_newest(redis_url: str) -> None:
    """Each member sees their own; putting twice is putting once."""

    async def story(inbox: Inbox, _redis: Redis) -> None:
        for one in (item(1), item(2, priority="urgent"), item(3), item(3), item(4, target=BEN)):
            await inbox.put(one)
        assert [one.id for one in await inbox.items(ANN, NOW)] == ["c2", "c3", "c1"]
        assert [one.id for one in await inbox.items(BEN, NOW)] == ["c4"]

    told(redis_url, story)


def test_items_go_when_they_expire_are_withdrawn_or_forgotten(redis_url: str) -> None:
    """The store keeps nothing longer than the last of them lives."""

    async def story(inbox: Inbox, redis: Redis) -> None:
        await inbox.put(item(1, expires=NOW + 10))
        await inbox.put(item(2, expires=NOW + 5000))
        await inbox.put(item(3))
        assert await redis.expiretime(f"tests:inbox:{ANN}") == NOW + 5001
        assert [one.id for one in await inbox.items(ANN, NOW + 11)] == ["c3", "c2"]
        await inbox.withdraw(ANN, ["c3", "nothing"])
        assert [one.id for one in await inbox.items(ANN, NOW)] == ["c2"], "what had expired is gone from the store too"
        await inbox.clear(ANN)
        assert not await redis.exists(f"tests:inbox:{ANN}")

    told(redis_url, story)


def test_an_inbox_is_bounded(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go."""
    monkeypatch.setattr(module, "ITEMS_MAX", 3)

    async def story(inbox: Inbox, _redis: Redis) -> None:
        for number in range(6):
            await inbox.put(item(number))
        assert [one.id for one in await inbox.items(ANN, NOW)] == ["c5", "c4", "c3"]

    told(redis_url, story)


def test_whoever_listens_hears_of_each_change(redis_url: str) -> None:
    """Whose it is; nothing where nothing changed."""

    async def story(inbox: Inbox, _redis: Redis) -> None:
        heard: list[str] = []
        listening = asyncio.Event()

        async def listen() -> None:
            async for target in inbox.changes():
                listening.set()
                heard.append(target)
                if len(heard) == 4:
                    return

        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(listen())
            await listening.wait()
            await inbox.withdraw(ANN, ["nothing"])
            await inbox.put(item(1))
            await inbox.put(item(2, target=BEN))
            await inbox.withdraw(BEN, ["c2"])
        assert heard == ["", ANN, BEN, BEN]

    told(redis_url, story)
