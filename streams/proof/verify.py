"""Proof by replay: the recorded member log is folded again, and decisions.v1 must be exactly what it implies."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from processors.outputs import Outputs
from processors.playbooks.catalog import Catalog
from processors.version import VERSION
from streams.agents.member import Catalogs, MemberStage, MemberStagePartition
from streams.agents.records import caused_by
from streams.codec import Codec
from streams.errors import NO, UserError
from streams.proof.snapshot import Part, Restored, Snapshot, tick_code
from streams.runtime.stage import Record
from streams.servers.log_reader import Bounds, beginnings, bounds, read_partition
from streams.topics import ACTIVITY, CATALOG, DECISIONS, MOVED

CHUNK = 1000  # records folded at once; the states that they touch are encoded after it
SEEN = 1  # lowest bit of a digest in `_Expected`: the decision was found
Report = Callable[[int, int], None]


class Verified(msgspec.Struct):
    """What was proved.

    `span` maps partitions to [first, next) offsets of the member log, `times` to when the first and last record of
    the span were written (ISO 8601, empty where it is). `duplicates` are repeats of the same id and content. `code`
    is the version of the core that folded; `stopped` maps partitions to the version at which the fold ended early.
    """

    span: dict[str, tuple[int, int]]
    decisions: int = 0
    missing: int = 0
    unexpected: int = 0
    different: int = 0
    duplicates: int = 0
    events: int = 0
    stopped_at_code_change: bool = False
    code: str = VERSION
    stopped: dict[str, str] = {}
    times: dict[str, tuple[str, str]] = {}

    @property
    def empty(self) -> bool:
        """Tell whether the span holds no record: then nothing was shown."""
        return all(first >= after for first, after in self.span.values())

    @property
    def proved(self) -> bool:
        """Tell whether there was something to prove, and nothing is missing, unexpected or different."""
        return not (self.empty or self.missing or self.unexpected or self.different)


class Silent:
    """A tally that counts nothing: a proof makes no metrics."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Do nothing."""

    def dead(self, topic: str, reason: str) -> None:
        """Do nothing."""


class PublishedCatalogs:
    """Catalogs of the catalog topic; one that is not there is told to the user."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._catalogs = catalogs

    def get(self, content_hash: str) -> Catalog:
        """Return a catalog. Raises `UserError`."""
        found = self._catalogs.get(content_hash)
        if found is None:
            raise UserError(
                f"the log names catalog {content_hash}, which {CATALOG} does not hold: publish it again", NO
            )
        return found


def verify(
    bootstrap: str,
    group: str,
    codec: Codec,
    catalogs: Catalogs,
    report: Report = lambda _done, _total: None,
    snapshot: Snapshot | None = None,
) -> Verified:
    """Fold the log up to the group's committed offsets, and compare; `report` is told of the records read.

    The snapshot must have been checked (`Snapshot.check`). One partition is held at a time: its states, encoded, and
    two integers for each of its decisions. Raises `UserError` where retention has cut off what the fold has to begin
    with, or the snapshot is of another log.
    """
    limits = bounds(bootstrap, ACTIVITY, group)
    parts = _parts(limits, snapshot)
    if snapshot is None:
        _from_its_beginning(bootstrap, limits)
    starts: Iterator[Restored] = snapshot.members() if snapshot is not None else ((part, {}) for part in parts)
    kept = beginnings(bootstrap, DECISIONS)
    total = sum(max(0, limits[part.partition].committed - part.next) for part in parts)
    result, read = Verified(span={}), 0
    for part, states in starts:
        number, end = part.partition, limits[part.partition].committed
        floor = _floor(bootstrap, number, kept.get(number, 0), part.next, end)
        stage = MemberStagePartition(
            number, len(limits), states, part.shared, PublishedCatalogs(catalogs), codec, Silent()
        )
        fold = _Fold(stage, states, floor)
        for records in _chunks(read_partition(bootstrap, ACTIVITY, number, end, part.next)):
            other = fold.take(records, codec)
            read += len(records)
            report(read, total)
            if other is not None:
                result.stopped[str(number)], end = other.code, other.offset
                break
        _still_there(bootstrap, number, part.next)
        result.span[str(number)] = (min(floor, end), end)
        result.times[str(number)] = (_when(fold.first), _when(fold.last))
        result.events += fold.records
        _compare(bootstrap, number, (floor, end), fold.expected, result)
    result.stopped_at_code_change = bool(result.stopped)
    return result


class _OtherCode(NamedTuple):
    """The record at which another version of the core takes over."""

    offset: int
    code: str


class _Fold:
    """One partition being folded; `expected` maps ids (64 bits) to digests of what was decided from offset `floor` on."""

    def __init__(self, stage: MemberStagePartition, states: dict[bytes, bytes], floor: int) -> None:
        self._stage, self._states, self._floor = stage, states, floor
        self.expected: dict[int, int] = {}
        self.records = 0
        self.first = self.last = 0  # timestamps of the span, ms since the epoch

    def take(self, records: list[Record], codec: Codec) -> _OtherCode | None:
        """Fold records up to the first that another version wrote; return that one."""
        other = None
        for at, record in enumerate(records):
            code = tick_code(record, codec)
            if code is not None and code != VERSION:
                records, other = records[:at], _OtherCode(record.offset, code)
                break
        self._stage.fold(records)
        self.records += len(records)
        for record in records:
            if record.offset >= self._floor:
                self.first, self.last = self.first or record.timestamp, record.timestamp
        for output in self._stage.take_outputs():
            if output.topic == DECISIONS and caused_by(output.headers)[1] >= self._floor:
                self.expected[_id(output.value)] = _content(output.value)
        for key, state in self._stage.take_touched():  # a state stays encoded: a tenth of the memory
            if state is None:
                self._states.pop(key, None)
            else:
                self._states[key] = state
        return other


def _parts(limits: dict[int, Bounds], snapshot: Snapshot | None) -> list[Part]:
    """Return where each partition is folded from. Raises `UserError` for a gap before it, or another log."""
    if snapshot is None:
        cut = {number: bound.begin for number, bound in limits.items() if bound.begin}
        if cut:
            raise UserError(
                f"{ACTIVITY} partition {min(cut)} begins at offset {cut[min(cut)]}: its beginning is gone. "
                "Verify from a snapshot taken before: lotse verify --from FILE (made by lotse state snapshot FILE)",
            )
        return [Part(MemberStage.name, number, 0, None, 0) for number in limits]
    parts = [part for part in snapshot.parts if part.stage == MemberStage.name]
    for part in parts:
        bound = limits[part.partition]
        where = f"{ACTIVITY} partition {part.partition}"
        if bound.begin > part.next:
            raise snapshot.fault(
                f"ends at offset {part.next} of {where}, which begins at {bound.begin} by now: "
                "what lies between is gone; take a snapshot more often than retention cuts",
            )
        if part.next > bound.end:
            raise snapshot.fault(
                f"ends at offset {part.next} of {where}, which ends at {bound.end}: it is of another log"
            )
    return parts


def _from_its_beginning(bootstrap: str, limits: dict[int, Bounds]) -> None:
    """Raise `UserError` where the log was put back: what its first records led to is in states, not in the log."""
    for number in limits:
        first = next(read_partition(bootstrap, ACTIVITY, number, end=1), None)
        if first is not None and MOVED in dict(first.headers or ()):
            raise UserError(
                f"{ACTIVITY} partition {number} was put back by a restore or a migration, its beginning lies before that. "
                "Verify from the snapshot that it wrote, or a later one: lotse verify --from FILE",
            )


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    chunk: list[Record] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _floor(bootstrap: str, number: int, begin: int, start: int, end: int) -> int:
    """Return the offset from which on decisions.v1 still holds every decision.

    Decisions are written in the order of what caused them, after a kill again from the last cut on. So of a log cut by
    retention, what follows the first decision's cause is whole; of that cause itself a part may be gone.
    """
    if not begin:
        return start
    first = next(read_partition(bootstrap, DECISIONS, number, begin=begin), None)
    return max(start, end if first is None else caused_by(first.headers)[1] + 1)


def _still_there(bootstrap: str, number: int, start: int) -> None:
    begin = beginnings(bootstrap, ACTIVITY)[number]
    if begin > start:
        raise UserError(
            f"{ACTIVITY} partition {number} was cut to offset {begin} while it was read; verify from a younger snapshot"
        )


def _compare(bootstrap: str, number: int, span: tuple[int, int], expected: dict[int, int], result: Verified) -> None:
    """Hold a partition of decisions.v1 against what its log implies within the span."""
    for record in read_partition(bootstrap, DECISIONS, number):
        partition, offset = caused_by(record.headers)
        if partition == number and not span[0] <= offset < span[1]:
            continue  # before the span, of a cut that is still open, or of other code
        name = _id(record.value) if partition == number else -1
        wanted = expected.get(name)
        if wanted is None:
            result.unexpected += 1
        elif wanted & ~SEEN != _content(record.value):
            result.different += 1
        elif wanted & SEEN:
            result.duplicates += 1
        if wanted is not None:
            expected[name] = wanted | SEEN
    result.decisions += len(expected)
    result.missing += sum(1 for digest in expected.values() if not digest & SEEN)


class _Named(msgspec.Struct):
    id: str


_NAMED = msgspec.json.Decoder(_Named)


def _id(value: bytes | None) -> int:
    """Return the first 64 bits of a decision's id; -1 of what is no decision."""
    try:
        return int(_NAMED.decode(value or b"").id[:16], 16)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return -1


def _content(value: bytes) -> int:
    return int.from_bytes(blake2b(value, digest_size=7).digest(), "big") << 1


def _when(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp / 1000, UTC).isoformat(timespec="seconds") if timestamp else ""
