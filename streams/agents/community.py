"""The community stage as an agent: decode, fold, hand signals back to the member log."""

from collections.abc import Sequence

import msgspec

from processors.community_partition import CommunityPartition
from processors.text.word_vectors import SHIPPED, WordVectors
from processors.threads import ThreadPost
from streams.agents.member import Tally
from streams.agents.records import conclusions, to_dead_letter
from streams.codec import SEAL, Codec, UndecodableError
from streams.runtime.stage import Output, Record, States
from streams.topics import THREADS

_DECODER = msgspec.json.Decoder(ThreadPost)


class CommunityStagePartition:
    """One partition of the threads, from bytes to bytes."""

    def __init__(
        self,
        number: int,
        partitions: int,
        states: States,
        shared: bytes | None,
        codec: Codec,
        tally: Tally,
        encoder: WordVectors,
    ) -> None:
        self.core = CommunityPartition(number, states, shared, partitions, encoder)  # type: ignore[arg-type]  # items() iterates
        self._number, self._partitions = number, partitions
        self._codec, self._tally = codec, tally
        self._outputs: list[Output] = []

    def fold(self, records: Sequence[Record]) -> None:
        """Fold records in offset order; what the member stage has not written becomes a dead letter."""
        for record in records:
            try:
                post = self._decode(record)
            except UndecodableError as error:
                self._outputs.append(to_dead_letter(record, error))
                self._tally.dead(record.topic, error.reason)
                continue
            self.core.apply(post)
            if self.core.out.signals or self.core.out.gaps:
                out = self.core.take_outputs()
                self._outputs += conclusions(out, self._number, self._partitions, record, self._codec)
                self._tally.concluded("community", out, record.timestamp)

    def _decode(self, record: Record) -> ThreadPost:
        self._codec.check_seal(record.key, record.value, dict(record.headers).get(SEAL))
        try:
            return _DECODER.decode(record.value or b"")
        except msgspec.DecodeError as error:  # sealed by another version
            raise UndecodableError("schema", str(error)[:200]) from None

    def take_outputs(self) -> list[Output]:
        """Return the outputs since the last call."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the entities touched since the last call."""
        return self.core.take_touched()

    def shared(self) -> bytes:
        """Encode the time handed over by the member stage."""
        return self.core.encode_shared()


class CommunityStage:
    """The stage: its source and its table."""

    name, source = "communities", THREADS

    def __init__(self, partitions: int, codec: Codec, tally: Tally, encoder: WordVectors = SHIPPED) -> None:
        self._partitions, self._codec, self._tally, self._encoder = partitions, codec, tally, encoder

    def open(self, partition: int, states: States, shared: bytes | None) -> CommunityStagePartition:
        """Open a partition at its last closed cut."""
        return CommunityStagePartition(
            partition, self._partitions, states, shared, self._codec, self._tally, self._encoder
        )

    async def prepare(self, records: Sequence[Record]) -> None:
        """Nothing to wait for."""
