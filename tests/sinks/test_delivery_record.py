"""The delivery record on a real Redis: who may deliver, also when holders die or stand still."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from sinks.delivery_record import KEEP_S, Claim, DeliveryRecord, Ending

pytestmark = pytest.mark.integration
MINE, OTHERS = Claim("mine"), Claim("others")
DELIVERED = Ending("delivered", "200")
ROOT = Path(__file__).parents[2]


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on an empty database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


async def until_mine(record: DeliveryRecord, command: str = "c1") -> None:
    """Ask until a claim is free; Redis ends the lease, nothing here could tell."""
    async with asyncio.timeout(10):
        while await record.claim(command) != MINE:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def test_one_claims_and_whoever_else_asks_waits_then_learns_the_end(redis_url: str) -> None:
    """Also two processes of one name, and the same process on the same command twice."""

    async def story(redis: Redis) -> None:
        first, namesake = DeliveryRecord(redis, "a"), DeliveryRecord(redis, "a")
        assert await first.claim("c1") == MINE
        assert [await one.claim("c1") for one in (first, namesake)] == [OTHERS, OTHERS]
        assert await first.finish("c1", DELIVERED)
        assert await namesake.claim("c1") == Claim("ended", DELIVERED)
        await first.told("c1", DELIVERED)
        assert await namesake.claim("c1") == Claim("ended", Ending("delivered", "200", told=True))

    run(redis_url, story)


def test_an_end_that_took_the_place_of_another_is_not_told(redis_url: str) -> None:
    """As that of an erasure, which keeps nothing of how it ended."""

    async def story(redis: Redis) -> None:
        record, bare = DeliveryRecord(redis, "a"), Ending("recalled", told=True)
        await record.claim("c1")
        await record.finish("c1", DELIVERED)
        await redis.set("lotse:delivery:c1", msgspec.json.encode(bare))
        await record.told("c1", DELIVERED)
        assert await record.claim("c1") == Claim("ended", bare)

    run(redis_url, story)


def test_an_end_is_kept_longer_than_the_topics(redis_url: str) -> None:
    """A re-read of 28 days finds every command ended."""

    async def story(redis: Redis) -> None:
        record = DeliveryRecord(redis, "a")
        await record.claim("c1")
        await record.finish("c1", DELIVERED)
        assert KEEP_S - 10 <= await redis.ttl("lotse:delivery:c1") <= KEEP_S
        await record.told("c1", DELIVERED)
        assert await redis.ttl("lotse:delivery:c1") > 28 * 86400

    run(redis_url, story)


def test_deployments_that_share_a_store_do_not_share_commands(redis_url: str) -> None:
    """The prefix sets them apart."""

    async def story(redis: Redis) -> None:
        assert await DeliveryRecord(redis, "a", prefix="one").claim("c1") == MINE
        assert await DeliveryRecord(redis, "a", prefix="two").claim("c1") == MINE

    run(redis_url, story)


def test_only_the_holder_renews_ends_or_releases(redis_url: str) -> None:
    """A holder whose lease went to somebody else, of the same name even, changes nothing any more."""

    async def story(redis: Redis) -> None:
        late, other = DeliveryRecord(redis, "a", lease_s=0.1), DeliveryRecord(redis, "a")
        await late.claim("c1")
        await until_mine(other)
        assert not await late.renew("c1")
        assert not await late.finish("c1", DELIVERED)
        await late.release("c1")
        assert await late.claim("c1") == OTHERS
        assert await other.finish("c1", DELIVERED)

    run(redis_url, story)


def test_a_released_claim_is_free_at_once(redis_url: str) -> None:
    """A clean stop makes nobody wait."""

    async def story(redis: Redis) -> None:
        first, other = DeliveryRecord(redis, "a"), DeliveryRecord(redis, "b")
        await first.claim("c1")
        await first.release("c1")
        assert await other.claim("c1") == MINE

    run(redis_url, story)


def test_a_claim_that_is_held_outlives_its_lease(redis_url: str) -> None:
    """A slow delivery of several leases' length stays one delivery; afterwards the lease runs out."""

    async def story(redis: Redis) -> None:
        # Long enough for a busy machine to renew it in time.
        slow, other = DeliveryRecord(redis, "slow", lease_s=2.0), DeliveryRecord(redis, "other")
        await slow.claim("c1")
        seen = set()
        async with slow.holding("c1"):
            for _ in range(25):
                seen.add(await other.claim("c1"))
                await asyncio.sleep(0.2)
        assert seen == {OTHERS}
        await until_mine(other)

    run(redis_url, story)


KILLED = """
import asyncio, sys
from redis.asyncio import Redis
from sinks.delivery_record import DeliveryRecord
async def main():
    record = DeliveryRecord(Redis.from_url(sys.argv[1]), "killed", lease_s=0.5)
    assert (await record.claim("c1")).state == "mine"
    async with record.holding("c1"):
        print("delivered", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


class Forgetful(DeliveryRecord):
    """A record whose client forgets that it was cancelled, as redis-py does where a write ends at that very moment."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis, "forgetful", lease_s=0.3)
        self.renewing = asyncio.Event()

    async def renew(self, command: str) -> bool:
        self.renewing.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return await super().renew(command)
        return False


def test_a_cancellation_that_is_forgotten_holds_no_claim_for_ever(redis_url: str) -> None:
    """The block ends, and so does the keeper."""

    async def story(redis: Redis) -> None:
        record = Forgetful(redis)
        assert await record.claim("c1") == MINE
        async with asyncio.timeout(10), record.holding("c1"):
            await record.renewing.wait()
        assert len(asyncio.all_tasks()) == 1

    run(redis_url, story)


def test_the_lease_of_a_killed_process_runs_out(redis_url: str) -> None:
    """While it lives nobody else delivers; after kill -9 between delivery and end another does: the one repetition."""

    async def story(redis: Redis) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KILLED, redis_url, cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"delivered\n"
        other = DeliveryRecord(redis, "other")
        assert await other.claim("c1") == OTHERS
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await until_mine(other)

    run(redis_url, story)
