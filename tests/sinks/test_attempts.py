"""Attempts: what is tried again, what is looked for first, what waits for a rate, what a letter opens."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from processors.commands import Command
from processors.decisions import Reason
from sinks.attempts import ATTEMPTS_MAX
from sinks.channel import Rate, Receipt
from sinks.dispatcher import OutcomeRecord
from sinks.rate_limit import RateLimit
from tests.support.commands import command
from tests.support.dispatching import Clock, Scripted

pytestmark = pytest.mark.integration
DELIVERED, RETRY, FAILED = Receipt("delivered", "200"), Receipt("retry", "503"), Receipt("failed", "400")


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on an empty database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


class Guarded(Scripted):
    """A channel whose repetition is not harmless; `there` is what looking for an earlier attempt finds."""

    repeats = "checked"

    def __init__(self, *answers: Receipt | Exception, there: Receipt | Exception | None = None) -> None:
        super().__init__(*answers)
        self.there, self.looks = there, 0

    async def find(self, command: Command) -> Receipt | None:
        self.looks += 1
        if isinstance(self.there, Exception):
            raise self.there
        return self.there


class Once(Scripted):
    """A platform on which nobody can tell whether an attempt delivered."""

    repeats = "never"


SILENCE = Receipt("unknown", "TimeoutError")


@pytest.mark.parametrize(
    ("there", "kind", "calls"),
    [(DELIVERED, "delivered", 1), (None, "delivered", 2), (Receipt("failed", "gone"), "failed", 1)],
)
def test_after_silence_a_guarded_channel_looks_before_it_repeats(
    redis_url: str, there: Receipt | None, kind: str, calls: int
) -> None:
    """What is there is not sent again; what is not there is."""

    async def story(redis: Redis) -> None:
        channel = Guarded(SILENCE, DELIVERED, there=there)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome is not None
        assert (outcome.kind, len(channel.calls), channel.looks) == (kind, calls, 1)

    run(redis_url, story)


@pytest.mark.parametrize("fault", [Receipt("retry", "503"), RuntimeError("a fault")])
def test_while_nobody_can_look_nothing_is_sent_again(redis_url: str, fault: Receipt | Exception) -> None:
    """It ends as unknown, in the dead letters: a person decides."""

    async def story(redis: Redis) -> None:
        channel = Guarded(SILENCE, there=fault)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome == OutcomeRecord(command(), "failed", "unknown", dead=True)
        assert (channel.calls, channel.looks) == (["c1"], ATTEMPTS_MAX - 1)

    run(redis_url, story)


def test_an_attempt_that_surely_failed_is_made_again_without_looking(redis_url: str) -> None:
    """A refusal leaves nothing in doubt."""

    async def story(redis: Redis) -> None:
        channel = Guarded(RETRY, DELIVERED, there=DELIVERED)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome is not None
        assert (outcome.kind, len(channel.calls), channel.looks) == ("delivered", 2, 0)
        assert not await redis.exists("lotse:delivery:c1:begun")

    run(redis_url, story)


@pytest.mark.parametrize(("kind", "calls", "reason"), [(Guarded, 0, "200"), (Once, 0, "unknown")])
def test_a_crash_after_the_attempt_began_is_seen_by_the_next(
    redis_url: str, kind: type[Scripted], calls: int, reason: str
) -> None:
    """Whoever takes over looks first, or leaves it: a process that died may have delivered."""

    async def story(redis: Redis) -> None:
        await redis.set("lotse:delivery:c1:begun", "claimed:dead")
        channel = Guarded(DELIVERED, there=DELIVERED) if kind is Guarded else Once(DELIVERED)
        outcome = await Clock().dispatcher(channel, redis).dispatch(command())
        assert outcome is not None
        assert (outcome.reason, len(channel.calls), outcome.dead) == (reason, calls, kind is Once)

    run(redis_url, story)


def test_silence_where_nobody_can_look_ends_at_once(redis_url: str) -> None:
    """At most once: no second attempt, also after an error of the channel itself."""

    async def story(redis: Redis) -> None:
        for number, answer in enumerate((SILENCE, RuntimeError("a fault"))):
            channel = Once(answer, DELIVERED)
            outcome = await Clock().dispatcher(channel, redis).dispatch(command(number))
            assert outcome == OutcomeRecord(command(number), "failed", "unknown", dead=True)
            assert len(channel.calls) == 1

    run(redis_url, story)


def test_a_letter_opens_a_dead_end_once(redis_url: str) -> None:
    """`lotse dlq replay` brings it back; read again under the same letter, it stays as it ended; what was delivered stays."""

    async def story(redis: Redis) -> None:
        channel = Scripted(FAILED, FAILED, DELIVERED)
        dispatcher = Clock().dispatcher(channel, redis)
        first = await dispatcher.dispatch(command())
        assert first is not None
        await dispatcher.told(first)
        assert await dispatcher.dispatch(command()) is None
        second = await dispatcher.dispatch(command(), "dlq/0/1")
        assert second is not None
        assert (second.dead, second.letter) == (True, "dlq/0/1")
        await dispatcher.told(second)
        assert await dispatcher.dispatch(command(), "dlq/0/1") is None
        third = await dispatcher.dispatch(command(), "dlq/0/2")
        assert third is not None
        assert third.kind == "delivered"
        assert await dispatcher.dispatch(command(), "dlq/0/3") == third
        assert len(channel.calls) == 3

    run(redis_url, story)


class Limited(Scripted):
    """A channel with a rate."""

    def rates(self, command: Command) -> list[Rate]:
        return [Rate("all", 0.1)]


def test_a_rate_is_waited_for_without_claim_and_without_counting_as_an_attempt(redis_url: str) -> None:
    """Five commands at one in ten seconds: all go, each waits for the place that it booked."""

    async def story(redis: Redis) -> None:
        channel, clocks = Limited(DELIVERED), [Clock() for _ in range(5)]
        outcomes = [
            await clock.dispatcher(channel, redis, limit=RateLimit(redis, "limited")).dispatch(command(number))
            for number, clock in enumerate(clocks)
        ]
        assert {one.kind for one in outcomes if one} == {"delivered"}
        waits = [sum(clock.waits) for clock in clocks]
        assert all(10 * number - 5 < wait <= 10 * number for number, wait in enumerate(waits))
        assert clocks[4].seen.told == ["limited", "delivered"]

    run(redis_url, story)


def test_too_much_is_no_attempt_and_holds_for_all(redis_url: str) -> None:
    """A platform that says 429 more often than there are attempts still gets its command, when it takes more."""

    async def story(redis: Redis) -> None:
        much = Receipt("retry", "429", 0.01, limited=True)
        channel, limit = Scripted(*[much] * (ATTEMPTS_MAX + 3), DELIVERED), RateLimit(redis, "busy")
        outcome = await Clock().dispatcher(channel, redis, limit=limit).dispatch(command())
        assert outcome is not None
        assert (outcome.kind, len(channel.calls)) == ("delivered", ATTEMPTS_MAX + 4)
        silent = Scripted(Receipt("retry", "429", limited=True), DELIVERED)
        clock = Clock()
        held = await clock.dispatcher(silent, redis, limit=limit).dispatch(command(2, expires=1004.0))
        assert held is not None
        assert held.reason == Reason.RATE_LIMITED
        assert await limit.held() > 3.0

    run(redis_url, story)
