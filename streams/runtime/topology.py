"""The topics a worker needs: its changelogs are created, its sources must be there."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError, for_code

from streams.runtime.clients import new_admin
from streams.runtime.exits import EngineError, ExitCode
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Stage

WEEK_MS = 7 * 86_400_000


class ChangelogTopic(msgspec.Struct, frozen=True):
    """A changelog topic as `lotse topics` or the engine itself creates it."""

    name: str
    partitions: int
    replication_factor: int
    config: dict[str, str]


def changelog_name(application: str, stage: str) -> str:
    """Return the changelog topic of a stage, as Faust names it."""
    return f"{application}-{stage}-changelog"


def changelog_topics(settings: EngineSettings, stages: Sequence[Stage]) -> list[ChangelogTopic]:
    """Return the changelog topics of these stages.

    Compaction waits for `min_compaction_lag_ms`, so that what a paused worker wrote late is always seen, and written
    again, before it could be kept in place of a closed value. Tombstones stay a week for stores that were away.
    """
    config = {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": str(settings.min_compaction_lag_ms),
        "delete.retention.ms": str(WEEK_MS),
    }
    return [
        ChangelogTopic(
            changelog_name(settings.application, stage.name), settings.partitions, settings.replication_factor, config
        )
        for stage in stages
    ]


async def prepare_topics(settings: EngineSettings, stages: Sequence[Stage]) -> Mapping[str, int]:
    """Create missing changelogs, check sources, and return the partition count of every topic the broker has.

    Waits `broker_wait_s` for a broker. Raises EngineError: BROKER_AWAY, or CONFIGURATION for a missing topic or a
    wrong partition count.
    """
    counts = await _when_broker_answers(settings)
    missing = [topic for topic in changelog_topics(settings, stages) if topic.name not in counts]
    if missing:
        await _create(settings, missing)
        counts = await when_listed(settings, [topic.name for topic in missing])
    for stage in stages:
        for topic in (stage.source, changelog_name(settings.application, stage.name)):
            _check(topic, counts.get(topic, 0), settings.partitions)
    return counts


async def when_listed(settings: EngineSettings, names: Sequence[str]) -> dict[str, int]:
    """Return the partition counts once the broker tells of these topics, which its controller has made; after `broker_wait_s` as they are."""
    deadline = time.monotonic() + settings.broker_wait_s
    while True:
        counts = await _when_broker_answers(settings)
        if all(counts.get(name) for name in names) or time.monotonic() > deadline:
            return counts
        await asyncio.sleep(0.1)


def _check(topic: str, found: int, wanted: int) -> None:
    if found == 0:
        raise EngineError(ExitCode.CONFIGURATION, f"topic {topic} does not exist; create it with {wanted} partitions")
    if found != wanted:
        raise EngineError(
            ExitCode.CONFIGURATION,
            f"topic {topic} has {found} partitions, the settings say {wanted}: keys would change their partition",
        )


async def _when_broker_answers(settings: EngineSettings) -> dict[str, int]:
    deadline = time.monotonic() + settings.broker_wait_s
    while True:
        try:
            async with asyncio.timeout(15):
                return await _partition_counts(settings)
        except (KafkaError, OSError, TimeoutError) as error:
            if time.monotonic() > deadline:
                raise EngineError(
                    ExitCode.BROKER_AWAY,
                    f"no broker answers at {settings.bootstrap} ({type(error).__name__}); is it running?",
                ) from error
        await asyncio.sleep(0.5)


async def _partition_counts(settings: EngineSettings) -> dict[str, int]:
    admin = new_admin(settings)
    try:
        await admin.start()
        described: list[dict[str, Any]] = await admin.describe_topics()
    finally:
        await admin.close()
    return {topic["topic"]: len(topic["partitions"]) for topic in described}


async def _create(settings: EngineSettings, topics: Sequence[ChangelogTopic]) -> None:
    admin = new_admin(settings)
    try:
        await admin.start()
        answer = await admin.create_topics(
            [NewTopic(t.name, t.partitions, t.replication_factor, topic_configs=t.config) for t in topics]
        )
    finally:
        await admin.close()
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error.__name__ != "TopicAlreadyExistsError":
            raise EngineError(ExitCode.CONFIGURATION, f"topic {name} cannot be created ({error.__name__})")
