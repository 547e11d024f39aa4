"""The announcement stage as an agent: what concerns a community is copied once to each partition of the member log."""

from collections.abc import Sequence

import msgspec

from processors.announcements import Announcer
from processors.events import Event
from streams.agents.member import Tally
from streams.agents.records import to_dead_letter
from streams.codec import Codec, UndecodableError
from streams.runtime.stage import Output, Record, States
from streams.topics import ACTIVITY, ANNOUNCEMENTS
from streams.trace_context import as_headers, of_record


class AnnouncementStagePartition:
    """One partition of the announcements, from bytes to bytes. It keeps no states, only the ids it has copied."""

    def __init__(self, partitions: int, shared: bytes | None, codec: Codec, tally: Tally) -> None:
        self.core = msgspec.msgpack.decode(shared, type=Announcer) if shared else Announcer()
        self._partitions, self._codec, self._tally = partitions, codec, tally
        self._outputs: list[Output] = []

    def fold(self, records: Sequence[Record]) -> None:
        """Copy records in offset order; what is no announcement becomes a dead letter."""
        for record in records:
            try:
                event = self._codec.decode_announcement(record.key, record.value)
                copies = self._copies(event)
            except UndecodableError as error:
                self._outputs.append(to_dead_letter(record, error))
                self._tally.dead(record.topic, error.reason)
                continue
            carried = as_headers(of_record(record))
            self._outputs += [
                Output(ACTIVITY, copy.key.encode(), self._codec.encode(copy), number, carried)
                for number, copy in enumerate(copies)
            ]

    def take_outputs(self) -> list[Output]:
        """Return the outputs since the last call."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Return nothing: there are no states."""
        return []

    def shared(self) -> bytes:
        """Encode which ids have been copied."""
        return msgspec.msgpack.encode(self.core)

    def _copies(self, event: Event) -> list[Event]:
        try:
            return self.core.copies(event, self._partitions)
        except ValueError as error:
            raise UndecodableError("no_announcement", str(error)) from None


class AnnouncementStage:
    """The stage: its source and its table."""

    name, source = "announcements", ANNOUNCEMENTS

    def __init__(self, partitions: int, codec: Codec, tally: Tally) -> None:
        self._partitions, self._codec, self._tally = partitions, codec, tally

    def open(self, partition: int, states: States, shared: bytes | None) -> AnnouncementStagePartition:  # noqa: ARG002  (nothing is kept by partition)
        """Open a partition at its last closed cut."""
        return AnnouncementStagePartition(self._partitions, shared, self._codec, self._tally)

    async def prepare(self, records: Sequence[Record]) -> None:
        """Nothing to wait for."""
