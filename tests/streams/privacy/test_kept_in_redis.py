"""What is kept about a person is ended between the deliveries of a running process: a real Redis."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import pytest
from redis.asyncio import Redis

from sinks.delivery_record import DeliveryRecord, Ending
from streams.privacy.kept_in_redis import ERASED, KeptInRedis
from tests.support.commands import command

pytestmark = pytest.mark.integration
DELIVERED = Ending("delivered", remote="message 7")
Looked = Callable[[DeliveryRecord], Awaitable[object]]


class Meanwhile(KeptInRedis):
    """Has something happen between a look at all ends and what is done about it, once."""

    def __init__(self, redis: Redis, happens: Looked) -> None:
        super().__init__(redis, "kept")
        self._record, self._happens = DeliveryRecord(redis, "one", prefix="kept"), [happens]

    async def _ends(self, commands: Collection[str]) -> dict[str, bytes]:
        found = await super()._ends(commands)
        while self._happens:
            await self._happens.pop()(self._record)
        return found


def ended_while(redis_url: str, happens: Looked, then: Looked, wait_s: float = 20) -> tuple[int, Ending | None]:
    """End one command while something happens, and a little later something more; return the count and the end in the record."""

    async def run() -> tuple[int, Ending | None]:
        async with Redis.from_url(redis_url) as redis:
            await redis.delete("kept:delivery:c1", "kept:delivery:c1:begun")
            record = DeliveryRecord(redis, "other", prefix="kept")
            kept = Meanwhile(redis, happens)
            ending = asyncio.create_task(kept.end([command(1)], wait_s))
            await then(kept._record)
            count = await ending
            return count, (await record.claim("c1")).ending

    return asyncio.run(run())


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it is so, for some ten seconds."""
    for _ in range(500):
        if await done():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("not within 10 s")


async def nothing(_record: DeliveryRecord) -> None:
    """Nothing more happens."""


async def claimed(record: DeliveryRecord) -> None:
    """A process takes the command."""
    assert (await record.claim("c1")).state == "mine"


async def finished(record: DeliveryRecord) -> None:
    """It delivers, and has not told so."""
    await claimed(record)
    assert await record.finish("c1", DELIVERED)


async def told(record: DeliveryRecord) -> None:
    """It ends as soon as it can, and tells."""
    await until(lambda: record.finish("c1", DELIVERED))
    await record.told("c1", DELIVERED)


async def told_soon(record: DeliveryRecord) -> None:
    """It tells as soon as it has ended."""
    await until(lambda: record.has_ended("c1"))
    await record.told("c1", DELIVERED)


def test_what_nobody_has_begun_is_ended(redis_url: str) -> None:
    """Nothing was kept of it; whoever reads the command later finds its end."""
    assert ended_while(redis_url, nothing, nothing) == (0, ERASED)


def test_a_command_claimed_between_two_looks_is_waited_for(redis_url: str) -> None:
    """Its end is what it came to, and then the bare one; it counts as kept."""
    assert ended_while(redis_url, claimed, told) == (1, ERASED)


def test_an_end_that_is_not_told_is_waited_for(redis_url: str) -> None:
    """Else its outcome would come into the log behind the erasure."""
    assert ended_while(redis_url, finished, told_soon) == (1, ERASED)


def test_a_claim_that_outlasts_the_wait_stays(redis_url: str) -> None:
    """The next run finds it; an end that nobody tells does not outlast it."""
    assert ended_while(redis_url, claimed, nothing, 0.5) == (0, None)
    assert ended_while(redis_url, finished, nothing, 0.5) == (1, ERASED)
