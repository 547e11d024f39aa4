"""The member stage as an agent: decode, check the partition, fold, hand over."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from processors.member_partition import MemberPartition
from processors.outputs import Outputs
from processors.playbooks.catalog import Catalog
from processors.vocabulary import Activation
from streams.agents.records import conclusions, handed_over, home_of, to_dead_letter
from streams.codec import Codec, UndecodableError
from streams.runtime.stage import Output, Record, States
from streams.topics import ACTIVITY

WAIT_S = 0.05  # between two looks for a bundle


class Catalogs(Protocol):
    """The compiled catalogs that are at hand, by content hash."""

    def get(self, content_hash: str) -> Catalog | None:
        """Return a catalog, None where its bundle has not arrived."""


class Tally(Protocol):
    """Told what a chunk led to, for metrics."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Count conclusions; `timestamp_ms` is the broker's, of the record that caused them."""

    def dead(self, topic: str, reason: str) -> None:
        """Count a dead letter."""


class MemberStagePartition:
    """One partition of the member log, from bytes to bytes."""

    def __init__(
        self,
        number: int,
        partitions: int,
        states: States,
        shared: bytes | None,
        catalogs: Catalogs,
        codec: Codec,
        tally: Tally,
    ) -> None:
        held = partial(_held, catalogs)
        self.core = MemberPartition(number, states, shared, held, partitions)  # type: ignore[arg-type]  # items() iterates
        self._number, self._partitions, self._states = number, partitions, states
        self._codec, self._tally = codec, tally
        self._outputs: list[Output] = []
        self._home: set[bytes] = set()  # keys without a closed state whose partition was checked

    def fold(self, records: Sequence[Record]) -> None:
        """Fold records in offset order; what is no event of this partition becomes a dead letter."""
        decode, core = self._codec.decode, self.core
        apply, holds = core.apply, core.holds
        for record in records:
            try:
                event = decode(record.key, record.value)
                if not holds(event.key):
                    self._check_home(record)
                refused = apply(event)
                if refused:
                    raise UndecodableError(refused, "a time within 28 days before and one hour after the log's")
            except UndecodableError as error:
                self._outputs.append(to_dead_letter(record, error))
                self._tally.dead(record.topic, error.reason)
                continue
            out = core.out
            if out.decisions or out.alerts or out.recalls or out.reviews:
                out = core.take_outputs()
                self._outputs += conclusions(out, self._number, self._partitions, record, self._codec)
                self._tally.concluded("member", out, record.timestamp)
            elif out.threads:  # what was counted is told with the next conclusion, or at the end
                self._outputs += handed_over(out.threads, self._partitions, record, self._codec)
                out.threads.clear()
        if records and _has_counts(core.out):
            self._tally.concluded("member", core.take_outputs(), records[-1].timestamp)

    def take_outputs(self) -> list[Output]:
        """Return the outputs since the last call."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the states touched since the last call."""
        self._home.clear()
        return self.core.take_touched()

    def shared(self) -> bytes:
        """Encode time and catalog."""
        return self.core.encode_shared()

    def _check_home(self, record: Record) -> None:
        key = record.key or b""
        if key in self._states or key in self._home:
            return
        home = home_of(key, self._partitions)
        if home != self._number:
            raise UndecodableError("wrong_partition", f"partition {home} (murmur2 of the key), found on {self._number}")
        self._home.add(key)


class MemberStage:
    """The stage: its source, its table, and the catalog bundles that its log names."""

    name, source = "members", ACTIVITY

    def __init__(self, partitions: int, catalogs: Catalogs, codec: Codec, tally: Tally) -> None:
        self._partitions, self._catalogs, self._codec, self._tally = partitions, catalogs, codec, tally

    def open(self, partition: int, states: States, shared: bytes | None) -> MemberStagePartition:
        """Open a partition at its last closed cut."""
        return MemberStagePartition(
            partition, self._partitions, states, shared, self._catalogs, self._codec, self._tally
        )

    async def prepare(self, records: Sequence[Record]) -> None:
        """Wait for each bundle that an activation among these records names."""
        for record in records:
            if record.value and b'"catalog.activated"' in record.value:
                await self._wait_for(record)

    async def _wait_for(self, record: Record) -> None:
        try:
            event = self._codec.decode(record.key, record.value)
        except UndecodableError:
            return
        while isinstance(event.data, Activation) and self._catalogs.get(event.data.hash) is None:  # noqa: ASYNC110  (filled by a thread)
            await asyncio.sleep(WAIT_S)


def _has_counts(out: Outputs) -> bool:
    return bool(out.detections or out.over_triggers or out.volumes or out.unknown_types or out.repeats)


def _held(catalogs: Catalogs, content_hash: str) -> Catalog:
    catalog = catalogs.get(content_hash)
    if catalog is None:
        raise LookupError(f"catalog bundle {content_hash} is not in the catalog topic")
    return catalog
