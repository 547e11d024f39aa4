"""State snapshots: the closed states of both stages with their offsets, in one file that a proof can start from.

The file is gzip of JSON lines: a head, then for each partition of each stage its part and its states, then an end.
"""

import gzip
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from kafka import KafkaAdminClient

from processors.version import VERSION
from processors.vocabulary import Tick
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.runtime.shard import Shard
from streams.runtime.stage import Record
from streams.runtime.stores import MemoryStore
from streams.servers import broker_access
from streams.servers.log_reader import BOOTSTRAP_MS, beginnings, partition_count, probe, read_partition
from streams.settings import Settings
from streams.topics import ACTIVITY

STAGES = (MemberStage.name, CommunityStage.name)
FORMAT = 1
CHUNK = 5000  # records applied at once
LEVEL = 3  # of gzip: most of the gain at a third of the time of the default
LOOK_BACK = (2_000, 50_000)  # records before a cut among which the last tick is looked for
Report = Callable[[int, int], None]


class Head(msgspec.Struct, frozen=True, tag="snapshot"):
    """What the file is: `deployment` is a keyed hash, `code` the version of the core whose states these are."""

    format: int
    deployment: str
    cluster: str
    app: str
    partitions: int
    code: str


class Part(msgspec.Struct, frozen=True, tag="part"):
    """One partition of a stage as of its last closed cut; `next` is the offset of its source that folding goes on with."""

    stage: str
    partition: int
    next: int
    shared: bytes | None
    states: int


class State(msgspec.Struct, frozen=True, tag="state"):
    """One encoded state."""

    key: str
    value: bytes


class End(msgspec.Struct, frozen=True, tag="end"):
    """The last line: a file without it is not whole."""

    parts: int
    states: int


_LINE = msgspec.json.Decoder(Head | Part | State | End)
_ENCODE = msgspec.json.Encoder().encode
Restored = tuple[Part, dict[bytes, bytes]]


def restore(bootstrap: str, app: str, stage: str, partition: int) -> Restored:
    """Return a partition's closed states, read from the changelog by the engine's own rule of restoring."""
    from streams.runtime.topology import changelog_name  # noqa: PLC0415  (loads Faust, which few commands need)

    store = MemoryStore()
    shard, chunk = Shard(store), list[Record]()
    topic = changelog_name(app, stage)
    try:
        for record in read_partition(bootstrap, topic, partition):
            chunk.append(record)
            if len(chunk) == CHUNK:
                shard.apply(chunk)
                chunk = []
        shard.apply(chunk)
    except ValueError as error:
        raise UserError(f"{topic} partition {partition}: {error}; is LOTSE_APP right?") from None
    states = dict(store.states.items())  # type: ignore[call-overload]  # of a MemoryStore: a dict's
    closed = shard.closing
    return Part(stage, partition, closed.next if closed else 0, closed.shared if closed else None, len(states)), states


def take(settings: Settings, codec: Codec, path: Path, report: Report = lambda _done, _total: None) -> list[Part]:
    """Write a snapshot to `path`, whole or not at all; return its parts.

    Raises `UserError` where the states are of another version of the core, or `path` cannot be written.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise UserError(f"{path}: expected the name of a file in a directory that exists")
    bootstrap, partitions = settings.bootstrap, partition_count(settings.bootstrap, ACTIVITY)
    head = Head(FORMAT, codec.deployment(), cluster_of(bootstrap), settings.app, partitions, VERSION)
    wanted = [(stage, number) for stage in STAGES for number in range(partitions)]
    written: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as raw:
            written = Path(raw.name)
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=LEVEL, filename="") as out:
                parts = _write(out, head, (restore(bootstrap, settings.app, *one) for one in wanted), report)
            os.fsync(raw.fileno())
        for part in parts:
            if part.stage == MemberStage.name:
                _check_code(bootstrap, codec, part)
        written.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror})") from None
    finally:
        if written is not None:
            written.unlink(missing_ok=True)
    return parts


def _write(out: gzip.GzipFile, head: Head, restored: Iterator[Restored], report: Report) -> list[Part]:
    out.write(_ENCODE(head) + b"\n")
    parts: list[Part] = []
    for part, states in restored:
        out.write(_ENCODE(part) + b"\n")
        for key in sorted(states):
            out.write(_ENCODE(State(key.decode(), states[key])) + b"\n")
        parts.append(part)
        report(len(parts), len(STAGES) * head.partitions)
    out.write(_ENCODE(End(len(parts), sum(part.states for part in parts))) + b"\n")
    return parts


def _check_code(bootstrap: str, codec: Codec, part: Part) -> None:
    """Raise `UserError` where the last tick before the cut was written by a worker of another version.

    Without a tick that names a version (a replay's do not) the version is taken to be ours.
    """
    first = beginnings(bootstrap, ACTIVITY)[part.partition]
    for records in LOOK_BACK:
        begin, code = max(first, part.next - records), None
        for record in read_partition(bootstrap, ACTIVITY, part.partition, part.next, begin):
            code = tick_code(record, codec) or code
        if code is not None and code != VERSION:
            raise UserError(
                f"the worker's core has version {code}, this is {VERSION}: take the snapshot with its own lotse"
            )
        if code is not None or begin == first:
            return


def tick_code(record: Record, codec: Codec) -> str | None:
    """Return the version of the core that wrote a tick; None of any other record."""
    if not (record.key or b"").startswith(b"@"):
        return None
    try:
        data = codec.decode(record.key, record.value).data
    except UndecodableError:
        return None
    return data.code if isinstance(data, Tick) else None


def cluster_of(bootstrap: str) -> str:
    """Return the id of the Kafka cluster."""
    probe(bootstrap)
    with closing(KafkaAdminClient(**broker_access.options(bootstrap), bootstrap_timeout_ms=BOOTSTRAP_MS)) as admin:
        return str(admin.describe_cluster().get("cluster_id", ""))


class Snapshot:
    """A snapshot on disk that was read through once: it is whole, and its head and parts are known."""

    def __init__(self, path: Path) -> None:
        """Raises `UserError` for what is no snapshot, is damaged, or of a format that this version does not read."""
        self.path, self.parts = path, list[Part]()
        lines = self._lines()
        head = next(lines, None)
        if not isinstance(head, Head):
            raise self.fault("is no snapshot of lotse")
        if head.format != FORMAT:
            raise self.fault(f"has format {head.format}, this version reads {FORMAT}")
        self.head = head
        states, end = 0, None
        for line in lines:
            if isinstance(line, Part):
                self.parts.append(line)
            elif isinstance(line, State):
                states += 1
            else:
                end = line
        wanted = [(stage, number) for stage in STAGES for number in range(head.partitions)]
        counted = End(len(wanted), sum(part.states for part in self.parts))
        if end != counted or end.states != states or [(part.stage, part.partition) for part in self.parts] != wanted:
            raise self.fault("is not whole; take it again")

    def fault(self, what: str) -> UserError:
        """Return an error about this file."""
        return UserError(f"{self.path} {what}")

    def check(self, settings: Settings, codec: Codec, partitions: int) -> None:
        """Raise `UserError` where the snapshot is of another deployment, partition count or version of the core."""
        head = self.head
        if head.deployment != codec.deployment():
            raise self.fault("is of another deployment: it was taken under another LOTSE_CONTROL_KEY")
        if head.app != settings.app:
            raise self.fault(f"is of another deployment: LOTSE_APP is {settings.app}, it was taken of {head.app}")
        if head.cluster != cluster_of(settings.bootstrap):
            raise self.fault(f"is of another deployment: it was taken on another Kafka cluster ({head.cluster})")
        if head.partitions != partitions:
            raise self.fault(f"has {head.partitions} partitions, {ACTIVITY} has {partitions}: members lie elsewhere")
        if head.code != VERSION:
            raise self.fault(
                f"is of version {head.code} of the core, this is {VERSION}: verify with that version's lotse"
            )

    def members(self) -> Iterator[Restored]:
        """Yield the partitions of the member stage with their states, in the order of their numbers."""
        part, states = None, dict[bytes, bytes]()
        for line in self._lines():
            if isinstance(line, State):
                if part is not None:
                    states[line.key.encode()] = line.value
                continue
            if part is not None:
                yield part, states
            part, states = line if isinstance(line, Part) and line.stage == MemberStage.name else None, {}

    def _lines(self) -> Iterator[Head | Part | State | End]:
        try:
            with gzip.open(self.path, "rb") as file:
                for line in file:
                    yield _LINE.decode(line)
        except FileNotFoundError:
            raise self.fault("does not exist") from None
        except (OSError, EOFError, zlib.error, msgspec.DecodeError, UnicodeDecodeError):
            raise self.fault("is no snapshot of lotse, or a damaged one") from None
