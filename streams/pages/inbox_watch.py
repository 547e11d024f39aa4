"""Who looks at which inbox: one subscription for the process wakes those whose items have changed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from redis.exceptions import RedisError

from sinks.cancelling import end
from sinks.inbox import Inbox

STREAMS_MAX, OF_MEMBER_MAX = 1_000, 5  # open at once, in the process and for one member
AGAIN_S = 2.0
log = logging.getLogger("lotse.pages")


class TooManyError(Exception):
    """No further stream may be opened now."""


class InboxWatch:
    """Wakes streams. While Redis is away nobody is woken: streams look by themselves now and then."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._looking: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._streams = 0
        self._task: asyncio.Task[None] | None = None
        self.closing = asyncio.Event()

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def close(self) -> None:
        """End all streams."""
        self.closing.set()
        self._wake_all()

    async def stop(self) -> None:
        """End all streams, and listening."""
        self.close()
        if self._task is not None:
            await end({self._task})

    @contextmanager
    def watching(self, targets: Sequence[str]) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever one of these targets changes. Raises `TooManyError`."""
        if self._streams >= STREAMS_MAX or len(self._looking[targets[0]]) >= OF_MEMBER_MAX:
            raise TooManyError
        changed = asyncio.Event()
        self._streams += 1
        for target in targets:
            self._looking[target].add(changed)
        try:
            yield changed
        finally:
            self._streams -= 1
            for target in targets:
                self._looking[target].discard(changed)
                if not self._looking[target]:
                    del self._looking[target]

    async def _follow(self) -> None:
        while True:
            try:
                async for target in self._inbox.changes():
                    if target:
                        self._wake(target)
                    else:
                        self._wake_all()  # what changed before is not missed
            except (RedisError, OSError) as error:
                log.warning("no word of inboxes (%s); asked again in %.0f s", type(error).__name__, AGAIN_S)
            await asyncio.sleep(AGAIN_S)

    def _wake(self, target: str) -> None:
        for changed in self._looking.get(target, ()):
            changed.set()

    def _wake_all(self) -> None:
        for target in list(self._looking):
            self._wake(target)
