"""Proof by replay: the recorded member log is folded again, and decisions.v1 must be exactly what it implies."""

from collections import defaultdict
from collections.abc import Callable
from hashlib import blake2b

import msgspec

from processors.events import Event
from processors.outputs import Outputs
from processors.version import VERSION
from processors.vocabulary import Tick
from streams.agents.member import Catalogs, MemberStagePartition
from streams.agents.records import AT
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.log_reader import bounds, read_partition, read_topic
from streams.runtime.stage import Record
from streams.topics import ACTIVITY, DECISIONS

CHUNK = 500


class Verified(msgspec.Struct):
    """What was proved. `span` maps partitions to [first, next) offsets; `duplicates` are repeats of the same id and content."""

    span: dict[str, tuple[int, int]]
    decisions: int = 0
    missing: int = 0
    unexpected: int = 0
    different: int = 0
    duplicates: int = 0
    events: int = 0
    stopped_at_code_change: bool = False

    @property
    def proved(self) -> bool:
        """Tell whether nothing is missing, unexpected or different."""
        return not (self.missing or self.unexpected or self.different)


class Silent:
    """A tally that counts nothing: a proof makes no metrics."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Do nothing."""

    def dead(self, topic: str, reason: str) -> None:
        """Do nothing."""


def verify(
    bootstrap: str, group: str, codec: Codec, catalogs: Catalogs, progress: Callable[[int], None] = lambda _count: None
) -> Verified:
    """Fold the log up to the group's committed offsets, and compare.

    Raises `UserError` where retention has cut the log's beginning: then a proof needs a snapshot.
    """
    limits = bounds(bootstrap, ACTIVITY, group)
    result = Verified(span={})
    expected: dict[str, bytes] = {}
    for number, (begin, end) in limits.items():
        if begin:
            raise UserError(
                f"{ACTIVITY} partition {number} begins at offset {begin}: its beginning is gone, nothing can be proved without a snapshot"
            )
        reached = _fold(bootstrap, number, len(limits), end, codec, catalogs, expected, result, progress)
        result.span[str(number)] = (begin, reached)
    _compare(bootstrap, expected, result)
    return result


def _fold(bootstrap: str, number: int, partitions: int, end: int, codec: Codec, catalogs: Catalogs, expected: dict[str, bytes],
          result: Verified, progress: Callable[[int], None]) -> int:  # fmt: skip
    """Fold one partition into `expected`; return the offset up to which the code was ours."""
    stage = MemberStagePartition(number, partitions, {}, None, catalogs, codec, Silent())
    chunk: list[Record] = []
    reached = 0
    for record in read_partition(bootstrap, ACTIVITY, number, end):
        if _other_code(record, codec):
            result.stopped_at_code_change = True
            break
        chunk.append(record)
        reached = record.offset + 1
        if len(chunk) == CHUNK:
            _take(stage, chunk, expected, result)
            progress(len(chunk))
            chunk = []
    _take(stage, chunk, expected, result)
    return reached if result.stopped_at_code_change else end


def _take(stage: MemberStagePartition, chunk: list[Record], expected: dict[str, bytes], result: Verified) -> None:
    stage.fold(chunk)
    result.events += len(chunk)
    for output in stage.take_outputs():
        if output.topic == DECISIONS:
            expected[msgspec.json.decode(output.value, type=_Id).id] = _content(output.value)


def _compare(bootstrap: str, expected: dict[str, bytes], result: Verified) -> None:
    seen: dict[str, int] = defaultdict(int)
    for record in read_topic(bootstrap, DECISIONS):
        partition, _, offset = dict(record.headers or ()).get(AT, b"0:0").partition(b":")
        if int(offset) >= result.span.get(partition.decode(), (0, 0))[1]:
            continue  # of a cut that is still open, or of other code
        name = msgspec.json.decode(record.value, type=_Id).id
        seen[name] += 1
        if name not in expected:
            result.unexpected += 1
        elif expected[name] != _content(record.value):
            result.different += 1
        elif seen[name] > 1:
            result.duplicates += 1
    result.decisions = len(expected)
    result.missing = sum(1 for name in expected if name not in seen)


class _Id(msgspec.Struct):
    id: str


def _content(value: bytes) -> bytes:
    return blake2b(value, digest_size=16).digest()


def _other_code(record: Record, codec: Codec) -> bool:
    if not (record.key or b"").startswith(b"@"):
        return False
    try:
        event: Event = codec.decode(record.key, record.value)
    except UndecodableError:
        return False
    return isinstance(event.data, Tick) and event.data.code not in (None, VERSION)
