"""A recall: what is not delivered yet does not go, what can be taken back is, and each is told once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from processors.commands import Command, Recall
from sinks.attempts import ATTEMPTS_MAX
from sinks.channel import Receipt
from sinks.delivery_record import DeliveryRecord, Ending
from sinks.dispatcher import OutcomeRecord
from tests.support.commands import command, recall
from tests.support.dispatching import Clock, Scripted

pytestmark = pytest.mark.integration
DELIVERED, RETRY, FAILED = Receipt("delivered", "200"), Receipt("retry", "503"), Receipt("failed", "400")
CALLED_BACK = OutcomeRecord(command(), "recalled", "exit_met")


class Board(Scripted):
    """A channel that can take back, and answers each withdrawal from a script of its own."""

    def __init__(self, *withdrawals: Receipt) -> None:
        super().__init__(DELIVERED)
        self.withdrawals, self.withdrawn = list(withdrawals) or [DELIVERED], list[str]()

    async def withdraw(self, recall: Recall, remote: str) -> Receipt:
        self.withdrawn.append(recall.recalls)
        return self.withdrawals[min(len(self.withdrawn), len(self.withdrawals)) - 1]


def run(redis_url: str, story: Callable[[Redis], Awaitable[None]]) -> None:
    """Run a story on an empty database."""

    async def with_redis() -> None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            await story(redis)

    asyncio.run(with_redis())


def test_what_is_recalled_before_its_turn_never_goes_and_is_told_once(redis_url: str) -> None:
    """Read before or after a restart: the record knows the end."""

    async def story(redis: Redis) -> None:
        channel, clock = Scripted(DELIVERED), Clock()
        on = clock.dispatcher(channel, redis)
        assert await on.dispatcher.recalls.recall(recall(command()), clock) is None
        outcome = await Clock().dispatcher(channel, redis, "after a restart").dispatch(command())
        assert outcome == CALLED_BACK
        await on.told(outcome)
        assert await on.dispatch(command()) is None
        assert channel.calls == []

    run(redis_url, story)


def test_a_parked_command_is_given_up_without_waiting_for_its_time(redis_url: str) -> None:
    """It looks again as soon as its turn is woken."""

    async def story(redis: Redis) -> None:
        channel = Scripted(DELIVERED)

        class Recalls(Clock):
            async def wait(self, seconds: float) -> None:
                self.waits.append(seconds)
                on.dispatcher.recalls.note(recall(command()))
                await on.dispatcher.recalls.recall(recall(command()), self)

        clock = Recalls()
        on = clock.dispatcher(channel, redis)
        assert await on.dispatch(command(not_before=5000.0)) == OutcomeRecord(
            command(not_before=5000.0), "recalled", "exit_met"
        )
        assert clock.waits == [4000.0]
        assert channel.calls == []

    run(redis_url, story)


def test_between_two_attempts_a_recall_ends_it(redis_url: str) -> None:
    """The attempt that failed is the last one."""

    async def story(redis: Redis) -> None:
        channel, clock = Scripted(RETRY), Clock()
        on = clock.dispatcher(channel, redis)

        async def later() -> None:
            while not clock.waits:  # noqa: ASYNC110  (the clock has no event)
                await asyncio.sleep(0)
            on.dispatcher.recalls.note(recall(command()))
            await on.dispatcher.recalls.recall(recall(command()), Clock())

        outcome, _ = await asyncio.gather(on.dispatch(command()), later())
        assert outcome == CALLED_BACK
        assert len(channel.calls) < ATTEMPTS_MAX

    run(redis_url, story)


def test_an_attempt_under_way_is_waited_for_and_then_withdrawn(redis_url: str) -> None:
    """What was claimed ends first; only then is it known whether there is something to take back."""

    async def story(redis: Redis) -> None:
        board, record = Board(), DeliveryRecord(redis, "another")
        await record.claim("c1")

        class Ends(Clock):
            async def wait(self, seconds: float) -> None:
                await super().wait(seconds)
                if len(self.waits) == 2:
                    await record.finish("c1", Ending("delivered"))

        clock = Ends()
        receipt = await clock.dispatcher(board, redis).dispatcher.recalls.recall(
            recall(command(), withdraw=True), clock
        )
        assert receipt == DELIVERED
        assert board.withdrawn == ["c1"]
        assert len(clock.waits) == 2

    run(redis_url, story)


@pytest.mark.parametrize(
    ("channel", "withdraw", "taken_back"),
    [(Board(), True, ["c1"]), (Board(), False, []), (Scripted(DELIVERED), True, None)],
)
def test_only_what_was_delivered_is_withdrawn_where_that_is_asked_for_and_can_be(
    redis_url: str, channel: Scripted, withdraw: bool, taken_back: list[str] | None
) -> None:
    """A message that was read stays; a pinned post goes."""

    async def story(redis: Redis) -> None:
        clock = Clock()
        on = clock.dispatcher(channel, redis)
        assert await on.dispatch(command()) == OutcomeRecord(command(), "delivered", "200")
        receipt = await on.dispatcher.recalls.recall(recall(command(), withdraw=withdraw), clock)
        assert (receipt == DELIVERED) == bool(taken_back)
        assert getattr(channel, "withdrawn", None) == taken_back

    run(redis_url, story)


def test_what_never_reached_anybody_needs_no_withdrawal(redis_url: str) -> None:
    """Of a command that failed there is nothing to see."""

    async def story(redis: Redis) -> None:
        board, clock = Board(), Clock()
        board.answers = [FAILED]
        on = clock.dispatcher(board, redis)
        await on.dispatch(command())
        assert await on.dispatcher.recalls.recall(recall(command(), withdraw=True), clock) is None
        assert board.withdrawn == []

    run(redis_url, story)


def test_a_withdrawal_is_tried_again_and_ends(redis_url: str) -> None:
    """As a delivery: bounded attempts, then the last answer."""

    async def story(redis: Redis) -> None:
        for answers, last, times in (([RETRY, DELIVERED], DELIVERED, 2), ([RETRY], RETRY, ATTEMPTS_MAX)):
            await redis.flushdb()
            board, clock = Board(*answers), Clock()
            on = clock.dispatcher(board, redis)
            await on.dispatch(command())
            assert await on.dispatcher.recalls.recall(recall(command(), withdraw=True), clock) == last
            assert len(board.withdrawn) == times

    run(redis_url, story)


def test_a_replayed_recall_takes_nothing_back_from_people(redis_url: str) -> None:
    """As a replayed command reaches nobody."""

    async def story(redis: Redis) -> None:
        board, clock = Board(), Clock()
        on = clock.dispatcher(board, redis)
        await on.dispatch(command())
        assert await on.dispatcher.recalls.recall(recall(command(), withdraw=True, replay=True), clock) is None
        assert board.withdrawn == []

    run(redis_url, story)


def test_who_delivers_and_who_recalls_at_once_agree(redis_url: str) -> None:
    """Whatever comes first, the outcome says what happened."""

    async def story(redis: Redis) -> None:
        async def race(number: int) -> tuple[OutcomeRecord | None, Command, bool]:
            channel, clock, one = Scripted(DELIVERED), Clock(), command(number)
            on = clock.dispatcher(channel, redis)
            outcome, _ = await asyncio.gather(on.dispatch(one), on.dispatcher.recalls.recall(recall(one), clock))
            return outcome, one, bool(channel.calls)

        for outcome, one, delivered in await asyncio.gather(*(race(number) for number in range(40))):
            kind, reason = ("delivered", "200") if delivered else ("recalled", "exit_met")
            assert outcome == OutcomeRecord(one, kind, reason)

    run(redis_url, story)


def test_what_another_channel_delivered_is_left_to_it(redis_url: str) -> None:
    """A channel that takes over reads old recalls again, and has nothing of theirs to take back."""

    async def story(redis: Redis) -> None:
        class Wall(Board):
            name = "wall"

        clock, board, wall = Clock(), Board(), Wall()
        await clock.dispatcher(wall, redis).dispatch(command())
        on = clock.dispatcher(board, redis)
        assert await on.dispatcher.recalls.recall(recall(command(), withdraw=True), clock) is None
        assert (wall.calls, board.withdrawn) == (["c1"], [])

    run(redis_url, story)
