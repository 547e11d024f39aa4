"""A small stage whose outputs depend on shared state, its sequential reference, and a worker program around it.

As a program: `python tests/support/counting.py <EngineSettings as JSON>`.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import orjson

from streams.runtime.engine import create_engine
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Output, Record, States

EVERY = 10  # an output each tenth record of a member
FORGET = 97  # a record with this number deletes its member's state


class CountingPartition:
    """Counts records per key; `seen` counts all of the partition's and goes into each output's id."""

    def __init__(self, topic: str, every: int, states: States, shared: bytes | None) -> None:
        self.topic, self.every, self.states = topic, every, states
        self.seen: int = orjson.loads(shared)["seen"] if shared else 0
        self.cache: dict[bytes, list[int]] = {}
        self.touched: dict[bytes, list[int] | None] = {}
        self.outputs: list[Output] = []

    def fold(self, records: Sequence[Record]) -> None:
        for record in records:
            key = record.key or b""
            event = orjson.loads(record.value or b"{}")
            self.seen += 1
            if event["n"] % FORGET == FORGET - 1:
                self.cache[key] = [0, 0]
                self.touched[key] = None
                continue
            state = self.cache.get(key)
            if state is None:
                stored = self.states.get(key)
                state = self.cache[key] = orjson.loads(stored) if stored else [0, 0]
            state[0] += 1
            state[1] += event["n"]
            self.touched[key] = state
            if state[0] % self.every == 0:
                self.outputs.append(Output(self.topic, key, b"%s/%d/%d" % (key, state[0], self.seen)))

    def take_outputs(self) -> list[Output]:
        outputs, self.outputs = self.outputs, []
        return outputs

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        touched = [(key, None if state is None else orjson.dumps(state)) for key, state in self.touched.items()]
        self.touched = {}
        return touched

    def shared(self) -> bytes:
        return orjson.dumps({"seen": self.seen})


class CountingStage:
    """Reads `source`, writes to `target`."""

    def __init__(self, name: str, source: str, target: str, every: int = EVERY) -> None:
        self.name, self.source, self.target, self.every = name, source, target, every

    def open(self, partition: int, states: States, shared: bytes | None) -> CountingPartition:
        return CountingPartition(self.target, self.every, states, shared)

    async def prepare(self, records: Sequence[Record]) -> None:
        return None


def reference(logs: Iterable[Sequence[Record]], every: int = EVERY) -> tuple[dict[bytes, list[int]], list[bytes]]:
    """Fold whole partition logs one after the other; return the final states and all outputs' values."""
    states: dict[bytes, list[int]] = {}
    outputs: list[bytes] = []
    for log in logs:
        partition = CountingPartition("", every, {}, None)
        partition.fold(log)
        outputs += [output.value for output in partition.take_outputs()]
        states.update({key: orjson.loads(value) for key, value in partition.take_touched() if value is not None})
    return states, outputs


def main() -> None:
    """Run a worker with the settings and stages of the first argument."""
    given: dict[str, Any] = orjson.loads(sys.argv[1])
    stages = [CountingStage(**stage) for stage in given.pop("stages")]
    settings = msgspec.convert(given, EngineSettings)
    engine = create_engine(settings, stages, make_tick=lambda topic, partition, now: (b"\x00", b"{}"))
    engine.run()


if __name__ == "__main__":
    main()
