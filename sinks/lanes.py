"""What one partition of commands has under way: order per target, bounded attempts, and how far it may be committed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

from sinks.cancelling import end

ATTEMPTS_PARTITION = 16  # attempts under way at once in one partition; in all partitions: see the semaphore given
HELD_MAX = 512  # commands without an end, beyond which the partition takes no more
SPAN_MAX = 20_000  # offsets behind the first without an end: what a crash would read again


class StoppedError(Exception):
    """Whoever waits must give up: the partition goes to somebody else, or the process ends."""


class Turn(Protocol):
    """What one command's way out asks of its surroundings."""

    def time(self) -> float:
        """Return seconds of a clock that never goes back."""

    def slot(self) -> AbstractAsyncContextManager[None]:
        """Hold one of the bounded places for attempts."""

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until something happened that may concern the command."""


class Lanes:
    """The commands of one partition. A target's commands go one after the other, those of different targets side by side."""

    def __init__(self, attempts: asyncio.Semaphore, failed: Callable[[BaseException], None]) -> None:
        self._all, self._own = attempts, asyncio.Semaphore(ATTEMPTS_PARTITION)
        self._failed = failed
        self._open: dict[int, asyncio.Task[None]] = {}  # by offset, in order
        self._last: dict[bytes, asyncio.Task[None]] = {}  # of each target
        self._next: int | None = None
        self._woken, self._stopping = asyncio.Event(), False

    def begin(self, offset: int, target: bytes, work: Callable[[], Awaitable[None]]) -> None:
        """Take a record on; offsets come in order. An error of `work` is told to `failed`, and its offset stays open."""
        before = self._last.get(target)
        task = asyncio.create_task(self._run(offset, target, before, work))
        self._open[offset] = self._last[target] = task
        self._next = offset + 1

    def skip(self, offset: int) -> None:
        """Pass over a record that is not ours."""
        self._next = offset + 1

    def committable(self) -> int | None:
        """Return the first offset without an end, or the next one to come; None before the first record."""
        return next(iter(self._open), self._next)

    @property
    def held(self) -> int:
        """How many records have no end yet."""
        return len(self._open)

    @property
    def full(self) -> bool:
        """Whether to take no more, until it is `roomy`."""
        span = (self._next or 0) - (self.committable() or 0)
        return len(self._open) >= HELD_MAX or span >= SPAN_MAX

    @property
    def roomy(self) -> bool:
        """Whether it may take more again after it was full: half of the bounds are free."""
        span = (self._next or 0) - (self.committable() or 0)
        return len(self._open) <= HELD_MAX // 2 and span <= SPAN_MAX // 2

    def time(self) -> float:
        """Return the event loop's clock."""
        return asyncio.get_running_loop().time()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a place for an attempt, of the partition's and of all. Raises `StoppedError`."""
        async with self._own, self._all:
            if self._stopping:
                raise StoppedError
            yield

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until `wake`. Raises `StoppedError`."""
        if not self._stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
        if self._stopping:
            raise StoppedError

    def wake(self) -> None:
        """Let all who wait look again."""
        self._woken.set()
        self._woken = asyncio.Event()

    async def stop(self, grace_s: float) -> None:
        """Let attempts under way end, for so many seconds; whatever else there is stays without an end."""
        self._stopping = True
        self.wake()
        tasks = set(self._open.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s)
            await end(late)

    async def _run(
        self, offset: int, target: bytes, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]
    ) -> None:
        try:
            if before is not None:
                await asyncio.wait({before})
            if self._stopping:
                return
            await work()
            del self._open[offset]
        except StoppedError:
            return
        except Exception as error:  # noqa: BLE001  (whatever it is, the command has no end: nothing after it may be committed)
            self._stopping = True
            self._failed(error)
        finally:
            if self._last.get(target) is asyncio.current_task():
                del self._last[target]
