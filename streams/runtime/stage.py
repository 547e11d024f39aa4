"""What the engine asks of a stage: open a partition, fold records, give up what was touched."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

# Key of the record that closes a cut; no key of a stage starts with NUL.
CUT_KEY = b"\x00cut"


class Record(Protocol):
    """One record of a partition, as the consumer gives it (aiokafka's `ConsumerRecord` fits).

    `timestamp` is in milliseconds since the epoch.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Output(NamedTuple):
    """A record that a stage wants written; `partition` None means murmur2 of the key."""

    topic: str
    key: bytes
    value: bytes
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class States(Protocol):
    """The closed states of one partition: what the last closed cut left, by key."""

    def get(self, key: bytes, /) -> bytes | None:
        """Return the encoded state, or None where there is none."""

    def __contains__(self, key: object, /) -> bool: ...

    def items(self) -> "Sequence[tuple[bytes, bytes]] | Mapping[bytes, bytes] | object":
        """Iterate over all (key, encoded state), the closing record left out; for indexes built once on opening."""


class StagePartition(Protocol):
    """One partition of a stage, folded since its last cut.

    All methods are synchronous and do no I/O. Outputs must be a pure function of the log up to the record that
    caused them: they are sent at once, before the cut is closed, and a replay makes them again.
    """

    def fold(self, records: Sequence[Record]) -> None:
        """Fold records in offset order. Never raises for a bad record: it becomes a dead-letter output."""

    def take_outputs(self) -> list[Output]:
        """Return the outputs since the last call, in order."""

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode each state touched since the last call, now; None deletes the key."""

    def shared(self) -> bytes:
        """Encode what the partition's keys share: log time, catalog version, announcements under way."""


class Stage(Protocol):
    """A stage of the pipeline: one source topic, one state table."""

    name: str  # names the Faust table, hence the changelog
    source: str  # topic

    def open(self, partition: int, states: States, shared: bytes | None) -> StagePartition:
        """Open a partition at its last closed cut; `shared` is what `StagePartition.shared` gave then."""

    async def prepare(self, records: Sequence[Record]) -> None:
        """Wait until all that these records name is at hand (a catalog bundle); called before `fold`."""
