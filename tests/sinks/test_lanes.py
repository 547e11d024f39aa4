"""Lanes: order per target, nobody waits for another's target, bounded attempts, commit up to the first without an end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from sinks.lanes import ATTEMPTS_PARTITION, HELD_MAX, SPAN_MAX, Lanes, StoppedError

Gate = asyncio.Event


def lanes(attempts: int = 100, failed: Callable[[BaseException], None] = lambda _error: None) -> Lanes:
    """The lanes of one partition."""
    return Lanes(asyncio.Semaphore(attempts), failed)


async def calm() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def gated(gate: Gate, log: list[str], name: str) -> Callable[[], Awaitable[None]]:
    """Work that begins, and ends when its gate opens."""

    async def work() -> None:
        log.append(f"{name} begins")
        await gate.wait()
        log.append(f"{name} ends")

    return work


def test_a_hanging_target_delays_only_its_own_commands() -> None:
    """Those of others go and come to their end; those of the same target wait, in their order."""

    async def story() -> None:
        one, hanging, at_once, log = lanes(), Gate(), Gate(), list[str]()
        at_once.set()
        one.begin(0, b"slow", gated(hanging, log, "slow 0"))
        one.begin(1, b"slow", gated(at_once, log, "slow 1"))
        one.begin(2, b"quick", gated(at_once, log, "quick 2"))
        one.begin(3, b"slow", gated(at_once, log, "slow 3"))
        await calm()
        assert log == ["slow 0 begins", "quick 2 begins", "quick 2 ends"]
        hanging.set()
        await calm()
        order = [line for line in log if line.startswith("slow")]
        assert order == [f"slow {n} {what}" for n in (0, 1, 3) for what in ("begins", "ends")]
        assert one.held == 0

    asyncio.run(story())


@given(st.permutations(range(8)), st.sets(st.integers(1, 9), max_size=3))
def test_committed_is_up_to_the_first_without_an_end(ends: list[int], gaps: set[int]) -> None:
    """In whatever order they end, and with gaps in the offsets as transactions and compaction leave them."""
    offsets = [number + 10 * sum(gap <= number for gap in gaps) for number in range(8)]

    async def story() -> None:
        one, gates = lanes(), {offset: Gate() for offset in offsets}
        assert one.committable() is None
        for offset in offsets:
            one.begin(offset, b"%d" % offset, gated(gates[offset], [], ""))
        open_ = set(offsets)
        for number in ends:
            assert one.committable() == min(open_)
            gates[offsets[number]].set()
            open_.discard(offsets[number])
            await calm()
        assert one.committable() == offsets[-1] + 1

    asyncio.run(story())


def test_attempts_are_bounded_in_a_partition_and_in_all() -> None:
    """A partition full of hanging targets leaves places for another; all together keep to theirs."""

    async def story() -> None:
        gate, total = Gate(), asyncio.Semaphore(ATTEMPTS_PARTITION + 3)
        both = [Lanes(total, lambda _error: None) for _ in range(2)]
        under_way = [0, 0]

        def attempt(which: int) -> Callable[[], Awaitable[None]]:
            async def work() -> None:
                async with both[which].slot():
                    under_way[which] += 1
                    await gate.wait()

            return work

        for which in (0, 1):
            for number in range(ATTEMPTS_PARTITION + 5):
                both[which].begin(number, b"%d" % number, attempt(which))
            await calm()
        assert under_way == [ATTEMPTS_PARTITION, 3]
        gate.set()
        await calm()
        await calm()
        assert under_way == [ATTEMPTS_PARTITION + 5] * 2

    asyncio.run(story())


def test_a_partition_is_full_by_what_it_holds_or_by_what_a_crash_would_read_again() -> None:
    """And takes more again only when half of that is gone."""

    async def story() -> None:
        gate, at_once, one = Gate(), Gate(), lanes()
        at_once.set()
        for number in range(HELD_MAX):
            assert not one.full
            one.begin(number, b"%d" % number, gated(gate, [], ""))
        assert one.full
        assert not one.roomy
        gate.set()
        await calm()
        assert one.roomy
        behind, hanging = lanes(), Gate()
        behind.begin(0, b"slow", gated(hanging, [], ""))
        behind.begin(SPAN_MAX - 2, b"quick", gated(at_once, [], ""))
        await calm()
        assert not behind.full
        behind.begin(SPAN_MAX - 1, b"quick", gated(at_once, [], ""))
        await calm()
        assert (behind.held, behind.full, behind.roomy) == (1, True, False)
        await behind.stop(0)

    asyncio.run(story())


def test_stopping_ends_attempts_and_leaves_the_rest_open() -> None:
    """Whoever is at it comes to an end; whoever waits, for time, a place or another, gives up and is read again."""

    async def story() -> None:
        one, gate, begun = lanes(attempts=1), Gate(), list[str]()

        async def attempt() -> None:
            async with one.slot():
                begun.append("attempt")
                await gate.wait()

        async def parked() -> None:
            await one.wait(3600)
            begun.append("parked")

        for offset, (target, work) in enumerate(
            ((b"a", attempt), (b"b", attempt), (b"a", attempt), (b"c", parked), (b"d", attempt))
        ):
            one.begin(offset, target, work)
        await calm()
        stopping = asyncio.create_task(one.stop(3600))
        await calm()
        assert not stopping.done()
        gate.set()
        await stopping
        assert begun == ["attempt"]
        assert (one.committable(), one.held) == (1, 4)

    asyncio.run(story())


def test_an_attempt_that_does_not_end_within_the_grace_is_broken_off() -> None:
    """A channel that keeps no time limit cannot keep the process."""

    async def story() -> None:
        one, gate = lanes(), Gate()
        one.begin(7, b"a", gated(gate, [], ""))
        await calm()
        await one.stop(0)
        assert one.committable() == 7

    asyncio.run(story())


def test_an_attempt_that_forgets_that_it_was_broken_off_is_broken_off_again() -> None:
    """As one does that was writing to Redis at that moment."""

    async def story() -> None:
        one, gate = lanes(), Gate()

        async def forgetful() -> None:
            with suppress(asyncio.CancelledError):
                await gate.wait()
            await gate.wait()

        one.begin(7, b"a", forgetful)
        await calm()
        async with asyncio.timeout(60):
            await one.stop(0)
        assert one.committable() == 7

    asyncio.run(story())


def test_an_error_is_told_and_nothing_after_it_is_committed() -> None:
    """What nothing here can mend must not look delivered."""

    async def story() -> None:
        errors, log, gate = list[BaseException](), list[str](), Gate()
        gate.set()
        one, fault = lanes(failed=errors.append), RuntimeError("a fault")

        async def breaks() -> None:
            raise fault

        one.begin(0, b"a", breaks)
        one.begin(1, b"a", gated(gate, log, "after it"))
        await calm()
        assert (errors, log, one.committable()) == ([fault], [], 0)

    asyncio.run(story())


def test_waking_lets_all_who_wait_look_again() -> None:
    """Without ending their work; the next wait waits again."""

    async def story() -> None:
        one, looks = lanes(), [0, 0]

        def looking(which: int) -> Callable[[], Awaitable[None]]:
            async def work() -> None:
                while True:
                    await one.wait(3600)
                    looks[which] += 1

            return work

        one.begin(0, b"a", looking(0))
        one.begin(1, b"b", looking(1))
        for times in (1, 2):
            await calm()
            one.wake()
            await calm()
            assert looks == [times, times]
        await one.stop(0)
        assert one.held == 2

    asyncio.run(story())


def test_who_waits_when_it_stops_is_told_so() -> None:
    """`StoppedError`, also where the wait begins only then."""

    async def story() -> None:
        one = lanes()
        await one.stop(0)
        for ask in (one.wait(0), one.slot().__aenter__()):
            try:
                await ask
            except StoppedError:
                continue
            raise AssertionError("nobody was told")

    asyncio.run(story())
