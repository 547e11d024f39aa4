"""In-app items under operators' orders, on a real Redis."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from processors.commands import Command
from processors.decisions import Reason
from processors.orders import Order, StandingOrders
from sinks.inbox import Inbox
from streams.delivery.shown_orders import ShownOrders
from tests.support.commands import command

NOW = 1_800_000_000.0
SHOWN = (
    command(1, playbook="wrong"),
    command(2, playbook="right"),
    command(3, playbook="wrong", target="town/#general", channel="pinned"),
    command(4, playbook="crisis", lane="safety"),
    command(5, playbook="wrong:second", target="town/ben"),
)


def silence(**about: str) -> Order:
    """An order of somebody."""
    return Order(kind="silence", on=True, author="ann", reason="a typo", at=NOW, **about)


def run(
    redis_url: str, story: Callable[[Inbox, StandingOrders, ShownOrders, list[tuple[str, str]]], Awaitable[None]]
) -> None:
    """Run a story with five items shown, and no order yet."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            inbox, orders, outcomes = Inbox(redis, f"orders-{uuid.uuid4()}"), StandingOrders(), list[tuple[str, str]]()
            for one in SHOWN:
                await inbox.put(one)

            async def told(one: Command, reason: Reason) -> None:
                outcomes.append((one.id, str(reason)))

            await story(inbox, orders, ShownOrders(inbox, lambda one: orders.takes_down(one, NOW), told, 0.2), outcomes)

    asyncio.run(with_redis())


async def left(inbox: Inbox) -> list[str]:
    """Which items are still shown."""
    return sorted([one.id async for one in inbox.everything()])


async def until_left(inbox: Inbox, wanted: list[str]) -> None:
    """Wait until these are left."""
    async with asyncio.timeout(20):
        async for _ in inbox.changes():
            if await left(inbox) == wanted:
                return


@pytest.mark.integration
def test_a_silence_takes_down_what_its_playbook_shows(redis_url: str) -> None:
    """Steps of a sequence too, and what is pinned; each is told; the rest stays."""

    async def story(inbox: Inbox, orders: StandingOrders, shown: ShownOrders, outcomes: list[tuple[str, str]]) -> None:
        await shown.look()
        assert outcomes == []
        orders.take(silence(playbook="wrong"))
        await shown.look()
        assert await left(inbox) == ["c2", "c4"]
        assert sorted(outcomes) == [("c1", "silenced"), ("c3", "silenced"), ("c5", "silenced")]

    run(redis_url, story)


@pytest.mark.integration
def test_help_in_distress_stays_unless_it_is_named(redis_url: str) -> None:
    """A kill switch for everything leaves what somebody may be reading in need; an order about that playbook does not."""

    async def story(inbox: Inbox, orders: StandingOrders, shown: ShownOrders, outcomes: list[tuple[str, str]]) -> None:
        orders.take(Order(kind="kill_switch", on=True, author="ann", reason="all", at=NOW))
        await shown.look()
        assert await left(inbox) == ["c4"]
        assert {reason for _, reason in outcomes} == {"kill_switch"}
        orders.take(silence(playbook="crisis"))
        await shown.look()
        assert await left(inbox) == []

    run(redis_url, story)


@pytest.mark.integration
def test_it_looks_when_an_order_comes_and_once_more(redis_url: str) -> None:
    """What was put by an attempt that was under way is taken down by the second look."""

    async def story(inbox: Inbox, orders: StandingOrders, shown: ShownOrders, outcomes: list[tuple[str, str]]) -> None:
        following = asyncio.create_task(shown.follow())
        orders.take(silence(playbook="wrong"))
        shown.wake()
        await until_left(inbox, ["c2", "c4"])
        await inbox.put(command(6, playbook="wrong"))
        await until_left(inbox, ["c2", "c4"])
        following.cancel()
        assert ("c6", "silenced") in outcomes

    run(redis_url, story)
