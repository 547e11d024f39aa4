"""Topics as they should be against topics as they are: compared, created, altered; never repartitioned."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import NamedTuple

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from streams.errors import UNREACHABLE, UserError
from streams.servers import broker_access
from streams.servers.log_reader import BOOTSTRAP_MS, probe, unreachable
from streams.settings import Settings
from streams.topics import TOPICS

REQUEST_MS = 10_000
LISTED_S, LOOK_S = 10.0, 0.05  # how long brokers may take to tell of a new topic, and between two looks
PARTITIONS_ARE_FIXED = (
    "A member's partition is a hash modulo the number of partitions: with another number their state and the rest of their "
    "log would lie apart, so it is never altered in place.\nEither set LOTSE_PARTITIONS to the number found, or move all there is "
    "to topics of the new number: stop every process and run lotse topics migrate, which first says what it would do."
)


REPLICATION_IS_MOVED = (
    "Replicas lie on brokers, and which ones is for their operator to say: kafka-reassign-partitions.sh moves them, or set "
    "LOTSE_REPLICATION to the number found."
)


class Wanted(NamedTuple):
    """A topic of the plan, with all that is held to it."""

    name: str
    partitions: int
    config: dict[str, str]


class Difference(NamedTuple):
    """What differs of one topic; `fixed` tells that it cannot be altered, `by_hand` that only the broker's operator can."""

    topic: str
    what: str
    found: str
    planned: str
    fixed: bool = False
    by_hand: bool = False


class Found(NamedTuple):
    """A topic as it is; `replication` of the partition that has the fewest replicas."""

    partitions: int
    replication: int


def wanted(settings: Settings) -> list[Wanted]:
    """Return the topics of the plan."""
    return [Wanted(spec.name, spec.partitions or settings.partitions, spec.config()) for spec in TOPICS]


def changelogs(settings: Settings) -> list[Wanted]:
    """Return the changelogs of the stages; a worker makes them itself when it starts."""
    from streams.app import STAGES, engine_settings  # noqa: PLC0415  (loads Faust, which few commands need)
    from streams.runtime.topology import changelog_topics  # noqa: PLC0415  (the same)

    topics = changelog_topics(engine_settings(settings), STAGES)  # type: ignore[arg-type]  # their names
    return [Wanted(topic.name, topic.partitions, topic.config) for topic in topics]


def compare(settings: Settings) -> list[Difference]:
    """Return what is missing or differs, in the order of the plan; of changelogs that are not there yet nothing."""
    with _admin(settings) as admin:
        found = {one["name"]: _found(one["partitions"]) for one in admin.describe_topics()}
        plan = wanted(settings) + [one for one in changelogs(settings) if one.name in found]
        configs = _configs(admin, [one.name for one in plan if one.name in found])
    replication = settings.replication
    return [found_one for one in plan for found_one in _differences(one, replication, found.get(one.name), configs)]


def _found(partitions: list[dict[str, list[int]]]) -> Found:
    return Found(len(partitions), min((len(one["replica_nodes"]) for one in partitions), default=0))


def _differences(
    one: Wanted, replication: int, there: Found | None, configs: dict[str, dict[str, str]]
) -> Iterator[Difference]:
    if there is None:
        yield Difference(one.name, "topic", "missing", f"{one.partitions} partitions")
        return
    if there.partitions != one.partitions:
        yield Difference(one.name, "partitions", str(there.partitions), str(one.partitions), fixed=True)
    if there.replication != replication:
        yield Difference(one.name, "replication", str(there.replication), str(replication), by_hand=True)
    for name, value in one.config.items():
        found = configs[one.name].get(name, "")
        if _plain(found) != _plain(value):
            yield Difference(one.name, name, found, value)


def apply_plan(settings: Settings) -> list[Difference]:
    """Create what is missing and alter what differs; return what was done, not what is to be done by hand.

    Raises `UserError`, and does nothing, where a number of partitions differs.
    """
    differences = [one for one in compare(settings) if not one.by_hand]
    fixed = [f"{one.topic}: {one.found} partitions, {one.planned} planned" for one in differences if one.fixed]
    if fixed:
        raise UserError("nothing was applied:\n  " + "\n  ".join(fixed) + "\n" + PARTITIONS_ARE_FIXED)
    if any(one.what == "topic" for one in differences):
        create_missing(settings)
    changes: dict[str, dict[str, str]] = {}
    for one in differences:
        if one.what != "topic":
            changes.setdefault(one.topic, {})[one.what] = one.planned
    if changes:
        _alter(settings, changes)
    return differences


def create_missing(settings: Settings, more: Sequence[Wanted] = ()) -> list[str]:
    """Create missing topics, of the plan and `more`; return their names. Raises `UserError` where the broker refuses."""
    with _admin(settings) as admin:
        there = set(admin.list_topics())
        missing = [one for one in (*wanted(settings), *more) if one.name not in there]
        for one in missing:
            try:
                admin.create_topics(
                    [NewTopic(one.name, one.partitions, settings.replication, topic_configs=one.config)]
                )
            except TopicAlreadyExistsError:
                continue
            except KafkaError as error:
                said = (
                    f"topic {one.name}: the broker refused it ({type(error).__name__}); run again when that is mended"
                )
                raise UserError(said, UNREACHABLE) from None
        _wait_until_listed(admin, {one.name for one in missing})
    return [one.name for one in missing]


def _wait_until_listed(admin: KafkaAdminClient, names: set[str]) -> None:
    """Let the brokers learn of what the controller has made, so that who asks next is not told that there is no such topic."""
    until = monotonic() + LISTED_S
    while not names.issubset(admin.list_topics()) and monotonic() < until:
        sleep(LOOK_S)


def _alter(settings: Settings, changes: dict[str, dict[str, str]]) -> None:
    with _admin(settings) as admin:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, config) for name, config in changes.items()]
        answers = admin.alter_configs(resources)
    refused = {name: said for name, said in answers.get("topic", {}).items() if said != "OK"}
    if refused:
        raise UserError(
            "the broker refused:\n  " + "\n  ".join(f"{name}: {said}" for name, said in sorted(refused.items()))
        )


def _configs(admin: KafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    """Return the settings in force of each topic, those that the broker gives by default too."""
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = admin.describe_configs(resources, config_filter="all")["topic"]
    return {name: {key: str(one["value"]) for key, one in config.items()} for name, config in found.items()}


def _plain(value: str) -> list[str]:
    """Return a setting for comparison: the order of a list, as in cleanup.policy, means nothing."""
    return sorted(part.strip() for part in value.split(","))


@contextmanager
def _admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    """Yield an admin client; a broker that does not answer is one clear message."""
    probe(settings.bootstrap)
    broker_access.require(settings.bootstrap)
    try:
        admin = KafkaAdminClient(
            **broker_access.options(settings.bootstrap),
            request_timeout_ms=REQUEST_MS,
            bootstrap_timeout_ms=BOOTSTRAP_MS,
        )
    except (KafkaError, OSError) as error:
        raise unreachable(settings.bootstrap, error) from None
    try:
        yield admin
    finally:
        admin.close()
