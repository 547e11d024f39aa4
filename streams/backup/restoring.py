"""A backup put back onto topics that are empty, on as many partitions as the settings say; states, places and all.

Records get new offsets. Each partition of the member log begins with a mark (`MOVED`), then has what was folded before, then what was
not folded yet; the closing records of the changelogs point between the two. So nothing is folded twice, and a proof starts
from the snapshot that is taken right after.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from heapq import merge
from typing import Any, NamedTuple

import msgspec
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from processors.announcements import Announcer
from processors.community_partition import Shared as CommunityShared
from processors.events import Event
from processors.member_partition import Shared as MemberShared
from processors.version import VERSION
from processors.vocabulary import Tick
from streams.agents.announcements import AnnouncementStage
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.agents.records import AT, partition_of
from streams.backup import moving
from streams.backup.folder import Folder, Kept, Manifest
from streams.backup.taking import STAGES, admin_of
from streams.codec import Codec
from streams.errors import UNREACHABLE, UserError
from streams.proof.snapshot import Part, restore
from streams.runtime.changelog import Closing, Stamp, encode_closing
from streams.runtime.stage import CUT_KEY
from streams.runtime.topology import changelog_name
from streams.servers import broker_access
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS, MOVED, TOPICS

STAMP = Stamp(1, 1)  # of what is put into the changelogs: a worker claims the next epoch
BATCH = 5_000  # records under way before all are waited for
TIMEOUT_S = 60.0
Report = Callable[[str], None]


class Placed(NamedTuple):
    """A record's new partition, and whether its stage had folded it."""

    home: int
    folded: bool
    record: Kept


def untold(folder: Folder, manifest: Manifest, count: int) -> str:
    """Return why records that no stage has folded keep the deployment from moving to `count` partitions; empty where none does."""
    for stage in STAGES:
        old = manifest.ends[stage.source]
        if len(old) == count:
            continue
        for number in old:
            after = folder.states(stage.name, number)[0].next
            waits = [one for one in folder.records(stage.source, number) if one.offset >= after and _of_partition(one)]
            if any(not _is_time(one) for one in waits):
                return f"{stage.source} partition {number} holds a catalog or an announcement that is not folded yet"
    return ""


def moves_from(settings: Settings, count: int) -> Iterator[tuple[MemberShared | None, int]]:
    """Yield of each of `count` partitions what its members share, and how many there are."""
    for number in range(count):
        part, states = restore(settings.bootstrap, settings.app, MemberStage.name, number)
        yield msgspec.msgpack.decode(part.shared, type=MemberShared) if part.shared else None, len(states)


def _of_partition(one: Kept) -> bool:
    return (one.key or b"").startswith(b"@")


def _is_time(one: Kept) -> bool:
    """Tell whether a record only says what time it is: a tick, or the time handed to the community stage."""
    value = one.value or b""
    return b'"type":"tick"' in value or b'"kind":"watermark"' in value


class Restoring:
    """Puts one backup back. The topics must be there, and empty."""

    def __init__(self, settings: Settings, codec: Codec, folder: Folder, only: frozenset[str] = frozenset()) -> None:
        """`only` names the topics to write; without, all that were kept."""
        self._settings, self._codec, self._folder = settings, codec, folder
        self._manifest, self._only = folder.manifest(), only
        self._producer = KafkaProducer(
            **broker_access.options(settings.bootstrap),
            acks="all",
            linger_ms=20,
            max_request_size=4 << 20,
            compression_type="gzip",
        )
        self._waiting: list[Any] = []

    def run(self, report: Report = lambda _line: None) -> None:
        """Write topics, changelogs and places. Raises `UserError` where the broker refuses."""
        places: dict[str, dict[TopicPartition, int]] = {}
        try:
            with closing(self._producer):
                sources = {stage.source: stage for stage in STAGES}
                for spec in TOPICS:
                    if spec.name not in self._manifest.ends or (self._only and spec.name not in self._only):
                        continue
                    nexts = self._write(spec.name, spec.partitions or self._settings.partitions, places)
                    report(f"{spec.name}: {self._manifest.records[spec.name]} records")
                    if spec.name in sources:
                        self._states(sources[spec.name], nexts)
                self._wait()
            self._commit(places)
        except KafkaError as error:
            raise UserError(
                f"the broker refused it ({type(error).__name__}); run it again when that is mended", UNREACHABLE
            ) from None

    def _write(self, topic: str, count: int, places: dict[str, dict[TopicPartition, int]]) -> dict[int, int]:
        """Write a topic; return, by new partition, where its stage goes on (its end, where no stage reads it)."""
        next_of, offsets = dict.fromkeys(range(count), 0), dict.fromkeys(range(count), 0)
        if topic == ACTIVITY:
            for number in range(count):
                self._mark(number)
                offsets[number] = next_of[number] = 1
        for placed in self._placed(topic, count):
            one, home = placed.record, placed.home
            self._put(topic, one, home, _headers(topic, one, home))
            self._place(topic, one, TopicPartition(topic, home), offsets[home], places)
            offsets[home] += 1
            next_of[home] += placed.folded
        for group, topics in self._manifest.committed.items():
            if topic in topics:
                for number, end in offsets.items():
                    places.setdefault(group, {}).setdefault(TopicPartition(topic, number), end)
        return next_of

    def _place(
        self, topic: str, one: Kept, where: TopicPartition, offset: int, places: dict[str, dict[TopicPartition, int]]
    ) -> None:
        """Let a group go on at the first record that it has not read."""
        for group, topics in self._manifest.committed.items():
            if topic in topics and one.offset >= topics[topic].get(one.partition, 0):
                places.setdefault(group, {}).setdefault(where, offset)

    def _placed(self, topic: str, count: int) -> Iterator[Placed]:
        """Yield what was folded, then what was not, each in the order of its old partition and merged by time."""
        old = self._manifest.ends[topic]
        stage = next((one for one in STAGES if one.source == topic), None)
        after = {
            number: self._folder.states(stage.name, number)[0].next if stage else end for number, end in old.items()
        }
        cut = self._nexts() if topic == DECISIONS else {}
        for folded in (True, False):
            parts = [
                (one for one in self._folder.records(topic, number) if (one.offset < after[number]) is folded)
                for number in old
            ]
            for one in merge(*parts, key=lambda one: one.timestamp):
                if len(old) == count:
                    home = one.partition
                elif _of_partition(one):
                    continue  # time, and what each partition is told for itself
                else:
                    home = partition_of(one.key or b"", count)
                if not (cut and _caused_after(one, cut)):
                    yield Placed(home, folded, one)

    def _nexts(self) -> dict[int, int]:
        return {
            number: self._folder.states(MemberStage.name, number)[0].next
            for number in self._manifest.ends[MemberStage.source]
        }

    def _mark(self, number: int) -> None:
        event = Event(f"moved/{number}/{self._manifest.taken}", "tick", f"@{number}", self._time(), Tick(code=VERSION))
        self._send(
            ACTIVITY, key=event.key.encode(), value=self._codec.encode(event), partition=number, headers=[(MOVED, b"1")]
        )

    def _time(self) -> float:
        shared = [self._folder.states(MemberStage.name, number)[0].shared for number in self._manifest.ends[ACTIVITY]]
        times = [msgspec.msgpack.decode(one, type=MemberShared).time for one in shared if one]
        return max((one for one in times if one), default=1_000_000_000.0)

    def _states(self, stage: Any, nexts: dict[int, int]) -> None:
        """Write the changelog of a stage: each state under its key's partition, then the closing record."""
        old = [self._folder.states(stage.name, number) for number in self._manifest.ends[stage.source]]
        topic, count = changelog_name(self._settings.app, stage.name), len(nexts)
        shared, same = _shared(stage, [part for part, _ in old], count), len(old) == count
        for part, states in old:
            moved = _as_it_is if same or stage is not MemberStage else _rested(part.shared, shared[0])
            for key, value in states.items():
                home = part.partition if same else partition_of(_owner(stage, key), count)
                self._send(topic, key=key, value=STAMP.encode() + moved(key, value), partition=home)
        for number, offset in nexts.items():
            closing_record = encode_closing(STAMP, Closing(offset, shared[number]))
            self._send(topic, key=CUT_KEY, value=closing_record, partition=number)

    def _put(self, topic: str, one: Kept, home: int, headers: list[tuple[str, bytes]]) -> None:
        self._send(topic, key=one.key, value=one.value, partition=home, headers=headers, timestamp_ms=one.timestamp)

    def _send(self, topic: str, **record: Any) -> None:
        self._waiting.append(self._producer.send(topic, **record))
        if len(self._waiting) >= BATCH:
            self._wait()

    def _wait(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._producer.flush(TIMEOUT_S)
        for one in waiting:
            one.get(TIMEOUT_S)

    def _commit(self, places: dict[str, dict[TopicPartition, int]]) -> None:
        """Let each group go on at its place; a cluster that is new needs a moment before it knows of groups."""
        until = time.monotonic() + TIMEOUT_S
        with closing(admin_of(self._settings.bootstrap)) as admin:
            for group, offsets in places.items():
                wanted = {where: OffsetAndMetadata(at, "", -1) for where, at in offsets.items()}
                while (error := _committed(admin, group, wanted)) is not None:
                    if not error.retriable or time.monotonic() > until:
                        raise error
                    time.sleep(0.5)


def _committed(
    admin: KafkaAdminClient, group: str, wanted: dict[TopicPartition, OffsetAndMetadata]
) -> KafkaError | None:
    """Commit for a group that has no members; return what the broker has against it."""
    try:
        answers = admin.alter_group_offsets(group, wanted)
    except KafkaError as error:
        return error
    return next((one(group) for one in answers.values() if one.errno), None)


def _headers(topic: str, one: Kept, home: int) -> list[tuple[str, bytes]]:
    """Return a record's headers; what caused a decision lies before what is folded from here on."""
    return [(name, b"%d:0" % home if topic == DECISIONS and name == AT else value) for name, value in one.headers]


def _caused_after(one: Kept, cut: dict[int, int]) -> bool:
    """Tell whether a decision follows from a record that will be folded again."""
    for name, value in one.headers:
        if name == AT:
            partition, _, offset = value.partition(b":")
            return int(offset) >= cut.get(int(partition), 0)
    return False


def _owner(stage: Any, key: bytes) -> bytes:
    """Return what a state's partition is a hash of: the member, or the community of an entity."""
    return key if stage is MemberStage else key.split(b"/", 2)[1]


def _shared(stage: Any, parts: Iterable[Part], count: int) -> list[bytes | None]:
    """Return what each new partition begins with."""
    encoded = [part.shared for part in parts]
    if len(encoded) == count:
        return encoded
    known = [one for one in encoded if one]
    if not known:
        return [None] * count
    if stage is AnnouncementStage:
        merged: Any = moving.announcer([msgspec.msgpack.decode(one, type=Announcer) for one in known])
    elif stage is CommunityStage:
        merged = moving.communities_shared([msgspec.msgpack.decode(one, type=CommunityShared) for one in known], count)
    else:
        merged = moving.members_shared([msgspec.msgpack.decode(one, type=MemberShared) for one in known], count)
    return [msgspec.msgpack.encode(merged)] * count


def _as_it_is(_key: bytes, value: bytes) -> bytes:
    return value


def _rested(before: bytes | None, after: bytes | None) -> Callable[[bytes, bytes], bytes]:
    """Return how a member's state moves from one partition's count of rest to the new one's."""
    if not before or not after:
        return _as_it_is
    old, new = (msgspec.msgpack.decode(one, type=MemberShared) for one in (before, after))
    return lambda key, value: moving.rested(value, key.decode().partition("/")[0], old, new)
