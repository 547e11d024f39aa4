"""The two jobs that every engine does: the pipeline's own `step()`, and a little member count.

Both are pure: what an engine adds is reading, keeping the state with its changelog or recovery store, and writing. The
last event of a load is a mark of its partition (`MARK`), answered by an output at once: so one sees from outside,
the same way for every engine, that all before it is done.
"""

import struct
from typing import Any, Protocol

import msgspec
import orjson

from processors.arbiter import Moment
from processors.events import Event
from processors.member.state import MemberState, decode_state, encode_state
from processors.outputs import Outputs
from processors.pipeline import step
from processors.playbooks.catalog import Catalog
from processors.vocabulary import WORDS
from streams.codec import Codec
from tests.benchmarks.catalogs import KEY, bundle

MARK = "bench.mark"
EVERY = 50  # events of a member per command of the member count
_COUNT = struct.Struct(">IIQ")  # events, words, length of the longest time given


class Job(Protocol):
    """What an engine is given: states as objects with an encoding, and one function."""

    def fresh(self) -> Any:
        """Return the state of a member not seen yet."""

    def decode(self, stored: bytes) -> Any:
        """Return an encoded state."""

    def encode(self, state: Any) -> bytes:
        """Encode a state."""

    def fold(self, state: Any, key: bytes, value: bytes) -> list[bytes]:
        """Fold an event into the state, which is changed in place; return outputs."""


class MemberCount:
    """Parse the event, count events and words of the member, a command each `EVERY`th event."""

    def fresh(self) -> list[int]:
        """Return [events, words, length of the longest time given]."""
        return [0, 0, 0]

    def decode(self, stored: bytes) -> list[int]:
        """Return the numbers."""
        return list(_COUNT.unpack(stored))

    def encode(self, state: list[int]) -> bytes:
        """Return 16 bytes."""
        return _COUNT.pack(*state)

    def fold(self, state: list[int], key: bytes, value: bytes) -> list[bytes]:
        """Count."""
        event = orjson.loads(value)
        kind = event["type"]
        if kind == MARK:
            return [b'{"mark":"%s"}' % key]
        state[0] += 1
        state[1] += kind in WORDS
        state[2] = max(state[2], len(event["time"]))
        if state[0] % EVERY:
            return []
        return [
            orjson.dumps(
                {"id": f"{key.decode()}/{state[0]}", "member": event["subject"], "events": state[0], "words": state[1]}
            )
        ]


class Step:
    """The real `step()`: decode, all detectors, facts, arbiter; its hand-overs, decisions and commands as outputs."""

    def __init__(self) -> None:
        self._codec, self._catalog = Codec(KEY.encode()), Catalog(bundle())
        self._policy, self._encode = self._catalog.policy("town"), msgspec.json.Encoder().encode

    def fresh(self) -> MemberState:
        """Return an empty member state."""
        return MemberState()

    def decode(self, stored: bytes) -> MemberState:
        """Return a member state."""
        return decode_state(stored)

    def encode(self, state: MemberState) -> bytes:
        """Encode a member state."""
        return encode_state(state)

    def fold(self, state: MemberState, key: bytes, value: bytes) -> list[bytes]:
        """Step."""
        event = self._codec.decode(key, value)
        if event.type == MARK:
            return [b'{"mark":"%s"}' % key]
        out = Outputs()
        step(Moment(event.key, "town", state, event.time, self._policy, self._catalog, out), event)
        return [self._encode(one) for one in (*out.threads, *out.decisions, *out.commands)]


JOBS: dict[str, type[MemberCount] | type[Step]] = {"count": MemberCount, "step": Step}


def mark(partition: int, number: int, codec: Codec) -> bytes:
    """Return the value of a mark; its key must be at home in the partition."""
    return codec.encode(Event(f"mark/{partition}/{number}", MARK, f"mark/{partition}", 1.7e9, None), "/bench")
