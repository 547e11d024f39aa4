"""The group's word: committing offsets, and what a refusal means."""

import asyncio
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError, RebalanceInProgressError
from aiokafka.structs import OffsetAndMetadata

from streams.runtime.exits import EngineError, ExitCode

FETCH_WAIT_MS = 100


class Verdict(Enum):
    """What the group said to a commit."""

    ACCEPTED = "accepted"
    REBALANCING = "rebalancing"  # still known, but the partitions are being given out anew
    REFUSED = "refused"  # no longer a member, or another process has this instance id


class Membership:
    """Commits through the consumer that Faust runs.

    Faust's own `commit` knows only offsets it acked itself, and takes a refusal for a log line; so this reaches for
    the aiokafka consumer in Faust's consumer thread (private, hence the pinned versions and a test).
    """

    def __init__(self, app: Any, timeout_s: float) -> None:
        self._app, self._timeout = app, timeout_s

    def assignment(self) -> set[TopicPartition]:
        """Return what is assigned to this worker now."""
        return {TopicPartition(tp.topic, tp.partition) for tp in self._app.consumer.assignment()}

    async def begin_fetching(self, besides: Collection[TopicPartition]) -> None:
        """Let Faust's consumer fetch what is assigned, but not `besides` (the changelogs: nobody reads them through it).

        Faust asks the broker to hold a fetch for 1.5 s where nothing is new. Kafka answers as soon as there is; the embedded
        broker looks again only after half of that time, so it is asked to hold for less.
        """
        thread = self._app.consumer._thread  # noqa: SLF001

        async def tune() -> None:
            consumer = thread._ensure_consumer()  # noqa: SLF001
            consumer.pause(*besides)
            consumer._fetcher._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001

        await thread.call_thread(tune)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> Verdict:
        """Commit offsets. Raises EngineError(BROKER_AWAY) if no answer comes in time."""
        if not set(offsets) <= self.assignment():
            return Verdict.REFUSED
        thread = self._app.consumer._thread  # noqa: SLF001
        values = {tp: OffsetAndMetadata(offset, "") for tp, offset in offsets.items()}
        try:
            async with asyncio.timeout(self._timeout):
                await thread.call_thread(thread._ensure_consumer().commit, values)  # noqa: SLF001
        except CommitFailedError as error:
            known = isinstance(error.__cause__, RebalanceInProgressError)
            return Verdict.REBALANCING if known else Verdict.REFUSED
        except TimeoutError as error:
            raise EngineError(ExitCode.BROKER_AWAY, f"no answer to a commit for {self._timeout:.0f} s") from error
        except KafkaError:
            return Verdict.REFUSED
        return Verdict.ACCEPTED
