"""A backup taken: states as of their last closed cut, then how far groups have read, then the topics up to their ends."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from processors.version import VERSION
from streams.agents.announcements import AnnouncementStage
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.backup.folder import FORMAT, Folder, Manifest
from streams.codec import Codec
from streams.errors import UNREACHABLE, UserError
from streams.proof.snapshot import restore
from streams.servers import broker_access
from streams.servers.log_reader import BOOTSTRAP_MS, connect, read_partition, unreachable
from streams.settings import Settings
from streams.topics import ACTIVITY, TOPICS

STAGES = (MemberStage, CommunityStage, AnnouncementStage)
Committed = dict[str, dict[str, dict[int, int]]]
Report = Callable[[str], None]


def admin_of(bootstrap: str) -> KafkaAdminClient:
    """Return an admin client. Raises `UserError` where no broker answers."""
    try:
        return KafkaAdminClient(**broker_access.options(bootstrap), bootstrap_timeout_ms=BOOTSTRAP_MS)
    except (KafkaError, OSError) as error:
        raise unreachable(bootstrap, error) from None


def ends_of(bootstrap: str) -> dict[str, dict[int, int]]:
    """Return where each partition of each topic of the plan ends, of topics that are there."""
    with closing(connect(bootstrap)) as consumer:
        return {spec.name: _ends(consumer, spec.name) for spec in TOPICS if consumer.partitions_for_topic(spec.name)}


def _ends(consumer: KafkaConsumer, topic: str) -> dict[int, int]:
    where = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
    return {one.partition: end for one, end in consumer.end_offsets(where).items()}


def groups_of(admin: KafkaAdminClient, app: str) -> dict[str, list[str]]:
    """Return the consumer groups of a deployment, each with the names of its members that are there now."""
    names = [str(one["group_id"]) for one in admin.list_groups()]
    mine = [name for name in names if name == app or name.startswith(f"{app}-")]
    if not mine:
        return {}
    described = admin.describe_groups(mine)
    return {name: [str(one.get("client_id", "")) for one in described[name]["members"]] for name in mine}


def committed_of(admin: KafkaAdminClient, groups: list[str]) -> Committed:
    """Return how far each group has read, by topic and partition."""
    known = {spec.name for spec in TOPICS}
    found: Committed = {}
    for name, offsets in (admin.list_group_offsets(groups) if groups else {}).items():
        topics = found.setdefault(name, {})
        for where, at in offsets.items():
            if where.topic in known and at.offset >= 0:
                topics.setdefault(where.topic, {})[where.partition] = at.offset
    return found


def take(settings: Settings, codec: Codec, path: Path, report: Report = lambda _line: None) -> Manifest:
    """Write a backup into an empty folder; processes may run meanwhile.

    What they conclude after the states were read is concluded again after a restore, under the same ids. Raises `UserError`.
    """
    folder, bootstrap = Folder(path), settings.bootstrap
    ends = ends_of(bootstrap)
    if ACTIVITY not in ends:
        raise UserError(f"{ACTIVITY} is not on {bootstrap}; is LOTSE_BOOTSTRAP right?", UNREACHABLE)
    folder.make()
    members = 0
    for stage in STAGES:
        for number in ends.get(stage.source, {}):
            restored = restore(bootstrap, settings.app, stage.name, number)
            folder.keep_states(restored)
            members += len(restored[1]) if stage is MemberStage else 0
    report(f"states of {members} members")
    with closing(admin_of(bootstrap)) as admin:
        committed = committed_of(admin, list(groups_of(admin, settings.app)))
    ends, records = ends_of(bootstrap), {}
    for topic, partitions in ends.items():
        records[topic] = sum(
            folder.keep(topic, number, read_partition(bootstrap, topic, number, end))
            for number, end in partitions.items()
        )
        report(f"{topic}: {records[topic]} records")
    taken = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    manifest = Manifest(FORMAT, codec.deployment(), settings.app, VERSION, taken, ends, records, committed, members)
    folder.finish(manifest)
    return manifest
