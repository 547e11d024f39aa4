"""Delivery: once only, replays refused, retries bounded, an outcome for each command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest
from redis.asyncio import Redis

from processors.commands import Command
from processors.decisions import Reason
from processors.orders import Order
from sinks.attempts import ATTEMPTS_MAX, RETRY_S
from sinks.channel import Receipt
from sinks.dispatcher import OutcomeRecord
from tests.support.commands import command
from tests.support.dispatching import Clock, Scripted
from tests.support.redis import running_redis

pytestmark = pytest.mark.integration
DELIVERED, RETRY, FAILED = Receipt("delivered", "200"), Receipt("retry", "503"), Receipt("failed", "400")


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on an empty database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


@pytest.mark.parametrize("owners", ["ab", "aa"])
def test_two_processes_on_one_record_deliver_each_command_once(redis_url: str, owners: str) -> None:
    """Whoever claims delivers; the other finds it ended, also where both bear the same name."""

    async def story(redis: Redis) -> None:
        channel = Scripted(DELIVERED, takes_s=0.01)
        both = [Clock().dispatcher(channel, redis, owner) for owner in owners]
        commands = [command(number) for number in range(40)]
        outcomes = await asyncio.gather(*(one.dispatch(each) for each in commands for one in both))
        assert sorted(channel.calls) == sorted(one.id for one in commands)
        assert {one.kind for one in outcomes if one} == {"delivered"}

    run(redis_url, story)


def test_a_command_twice_in_one_batch_is_delivered_once(redis_url: str) -> None:
    """A producer that was killed may write a command twice; one process may read both at once."""

    async def story(redis: Redis) -> None:
        channel = Scripted(DELIVERED, takes_s=0.02)
        dispatcher = Clock().dispatcher(channel, redis)
        await asyncio.gather(*(dispatcher.dispatch(command()) for _ in range(3)))
        assert channel.calls == ["c1"]

    run(redis_url, story)


def test_a_delivery_longer_than_the_lease_stays_one_delivery(redis_url: str) -> None:
    """The claim is renewed while the channel works."""

    async def story(redis: Redis) -> None:
        channel = Scripted(DELIVERED, takes_s=1.0)
        both = [Clock().dispatcher(channel, redis, owner, lease_s=0.3) for owner in "ab"]
        await asyncio.gather(*(one.dispatch(command()) for one in both))
        assert channel.calls == ["c1"]

    run(redis_url, story)


def test_an_outcome_is_returned_until_it_was_told(redis_url: str) -> None:
    """A crash between the end and the telling loses no outcome, and delivers nothing again."""

    async def story(redis: Redis) -> None:
        channel = Scripted(FAILED)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome == OutcomeRecord(command(), "failed", "400", dead=True)
        restarted = Clock().dispatcher(channel, redis)
        assert await restarted.dispatch(command()) == outcome
        await restarted.told(outcome)
        assert await restarted.dispatch(command()) is None
        assert channel.calls == ["c1"]

    run(redis_url, story)


def test_a_process_that_stood_still_beyond_its_lease_does_not_try_again(redis_url: str) -> None:
    """Another took over between two attempts, and delivered."""

    async def story(redis: Redis) -> None:
        slow = Scripted(RETRY, DELIVERED)

        class StandsStill(Clock):
            async def wait(self, seconds: float) -> None:
                await redis.delete("lotse:delivery:c1")  # as if the lease had run out meanwhile
                await Clock().dispatcher(Scripted(DELIVERED), redis, "other").dispatch(command())
                await super().wait(seconds)

        outcome = await StandsStill().dispatcher(slow, redis, "slow").dispatch(command())
        assert outcome is not None
        assert outcome.kind == "delivered"
        assert slow.calls == ["c1"]

    run(redis_url, story)


def test_a_delivery_broken_off_is_free_for_others_at_once(redis_url: str) -> None:
    """A process told to stop in the middle gives its claim back."""

    async def story(redis: Redis) -> None:
        begun = asyncio.Event()

        class Hanging(Scripted):
            async def deliver(self, command: Command) -> Receipt:
                begun.set()
                return await super().deliver(command)

        dispatcher = Clock().dispatcher(Hanging(DELIVERED, takes_s=60.0), redis)
        hanging = asyncio.create_task(dispatcher.dispatch(command()))
        await begun.wait()
        assert await redis.exists("lotse:delivery:c1")
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert not await redis.exists("lotse:delivery:c1")

    run(redis_url, story)


@pytest.mark.parametrize(
    ("answers", "kind", "reason", "calls", "dead"),
    [
        ((RETRY, RETRY, DELIVERED), "delivered", "200", 3, False),
        ((RETRY,), "failed", "503", ATTEMPTS_MAX, True),
        ((FAILED,), "failed", "400", 1, True),
        ((Receipt("retry", "429", RETRY_S / 2), DELIVERED), "delivered", "200", 2, False),
        ((Receipt("retry", "429", RETRY_S + 1), DELIVERED), "failed", "429", 1, True),
        ((RuntimeError("a fault of the channel"), DELIVERED), "delivered", "200", 2, False),
        ((RuntimeError("a fault of the channel"),), "failed", "RuntimeError", ATTEMPTS_MAX, True),
    ],
)
def test_each_command_comes_to_an_end(
    redis_url: str,
    answers: tuple[Receipt | Exception, ...],
    kind: Literal["delivered", "failed"],
    reason: str,
    calls: int,
    dead: bool,
) -> None:
    """Tried again until delivered, final, or too often or too long; then a dead letter."""

    async def story(redis: Redis) -> None:
        channel = Scripted(*answers)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome == OutcomeRecord(command(), kind, reason, dead)
        assert len(channel.calls) == calls

    run(redis_url, story)


def test_waits_grow_are_spread_and_heed_the_other_side(redis_url: str) -> None:
    """Full jitter under a doubling bound; Retry-After is a least."""

    async def story(redis: Redis) -> None:
        bounds = [1.0, 2.0, 4.0, 8.0, 16.0]
        waits = []
        for number in range(20):
            clock = Clock()
            await clock.dispatcher(Scripted(RETRY), redis).dispatch(command(number))
            assert all(0 <= wait <= bound for wait, bound in zip(clock.waits, bounds, strict=True))
            waits.append(clock.waits[-1])
        assert max(waits) > 4.0
        assert len(set(waits)) == len(waits)
        clock = Clock()
        await clock.dispatcher(Scripted(Receipt("retry", "429", 77.0), DELIVERED), redis).dispatch(command(99))
        assert clock.waits == [77.0]

    run(redis_url, story)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [(command(replay=True), Reason.REPLAY), (command(expires=999.0), Reason.EVENT_STALE)],
)
def test_what_must_not_go_out_is_refused_before_the_channel(redis_url: str, changed: Command, reason: Reason) -> None:
    """With an outcome that says why, and no dead letter: trying again would be wrong too."""

    async def story(redis: Redis) -> None:
        channel = Scripted(DELIVERED)
        outcome = await Clock().dispatcher(channel, redis).dispatch(changed)
        assert outcome == OutcomeRecord(changed, "failed", reason)
        assert not channel.calls

    run(redis_url, story)


def test_a_command_that_expires_between_attempts_is_stale(redis_url: str) -> None:
    """A receiver that comes back late does not get what no longer helps."""

    async def story(redis: Redis) -> None:
        channel = Scripted(Receipt("retry", "503", 10.0), DELIVERED)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command(expires=1005.0))
        assert outcome is not None
        assert (outcome.kind, outcome.reason, channel.calls) == ("failed", Reason.EVENT_STALE, ["c1"])

    run(redis_url, story)


def test_a_command_that_is_not_due_waits(redis_url: str) -> None:
    """And one that would be due only after it expired does not wait longer than that."""

    async def story(redis: Redis) -> None:
        clock, channel = Clock(1000.0), Scripted(DELIVERED)
        outcome = await clock.dispatcher(channel, redis).dispatch(command(1, not_before=1060.0))
        assert outcome is not None
        assert (outcome.kind, clock.now) == ("delivered", 1060.0)
        never = await clock.dispatcher(channel, redis).dispatch(command(2, not_before=1e9, expires=1070.0))
        assert never is not None
        assert (never.reason, clock.now, channel.calls) == (Reason.EVENT_STALE, 1070.0, ["c1"])

    run(redis_url, story)


def order(**changes: Any) -> Order:
    """A kill switch everywhere, with changes."""
    fields: dict[str, Any] = {"kind": "kill_switch", "on": True, "author": "op", "reason": "test", "at": 1.0}
    return Order(**(fields | changes))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (order(), Reason.KILL_SWITCH),
        (order(community="town"), Reason.KILL_SWITCH),
        (order(kind="silence", playbook="first-steps"), Reason.SILENCED),
        (order(kind="silence", theme="welcome", until=1001.0), Reason.SILENCED),
        (order(community="elsewhere"), None),
        (order(kind="silence", theme="welcome", until=999.0), None),
        (order(kind="silence", playbook="another"), None),
        (order(on=False), None),
    ],
)
def test_what_an_operator_stopped_does_not_go(redis_url: str, given: Order, reason: Reason | None) -> None:
    """With an outcome that says so, no dead letter, and no attempt; what no order names goes."""

    async def story(redis: Redis) -> None:
        clock, channel = Clock(), Scripted(DELIVERED)
        clock.orders.take(given)
        outcome = await clock.dispatcher(channel, redis).dispatch(command(theme="welcome"))
        if reason is None:
            assert outcome == OutcomeRecord(command(theme="welcome"), "delivered", "200")
        else:
            assert outcome == OutcomeRecord(command(theme="welcome"), "failed", reason)
            assert not channel.calls

    run(redis_url, story)


def test_an_order_reaches_a_command_that_is_parked(redis_url: str) -> None:
    """Between two attempts, or before its time: it ends at the next look, not after its wait."""

    async def story(redis: Redis) -> None:
        channel = Scripted(Receipt("retry", "503", 60.0), DELIVERED)

        class Ordered(Clock):
            async def wait(self, seconds: float) -> None:  # an order comes in while it waits
                self.orders.take(order())
                self.waits.append(seconds)
                await asyncio.sleep(0)

        clock = Ordered()
        retried = await clock.dispatcher(channel, redis).dispatch(command(1))
        early = await clock.dispatcher(channel, redis).dispatch(command(2, not_before=5000.0))
        assert [one and one.reason for one in (retried, early)] == [Reason.KILL_SWITCH] * 2
        assert channel.calls == ["c1"]
        assert clock.waits == [60.0]
        assert clock.seen.parked_now == 0

    run(redis_url, story)


def test_a_parked_command_holds_no_claim(redis_url: str) -> None:
    """After a crash whoever reads it next goes on at once; only an attempt under way makes others wait."""

    async def story(redis: Redis) -> None:
        held: list[int] = []

        class Looking(Clock):
            async def wait(self, seconds: float) -> None:
                held.append(await redis.exists("lotse:delivery:c1"))
                await super().wait(seconds)

        outcome = await Looking().dispatcher(Scripted(RETRY, RETRY, DELIVERED), redis).dispatch(command())
        assert outcome is not None
        assert (outcome.kind, held) == ("delivered", [0, 0])

    run(redis_url, story)


def test_a_store_that_is_away_is_asked_until_it_is_back() -> None:
    """Neither lost nor delivered blindly: the channel is called once, when the claim is known."""

    async def story() -> None:
        channel, clock = Scripted(DELIVERED), Clock()
        with running_redis() as store:
            store.stop()
            async with Redis.from_url(store.url) as redis:

                class Back(Clock):
                    async def wait(self, seconds: float) -> None:
                        assert not channel.calls
                        store.start()

                clock = Back()
                outcome = await clock.dispatcher(channel, redis).dispatch(command())
        assert outcome is not None
        assert (outcome.kind, channel.calls) == ("delivered", ["c1"])
        assert clock.seen.told == ["silent", "delivered"]

    asyncio.run(story())


def test_the_observer_is_told_of_attempts_and_repetitions(redis_url: str) -> None:
    """What metrics count."""

    async def story(redis: Redis) -> None:
        clock = Clock()
        await clock.dispatcher(Scripted(RETRY, RuntimeError("a fault"), FAILED), redis).dispatch(command())
        assert clock.seen.told == ["retry", "again", "retry", "again", "failed"]

    run(redis_url, story)
