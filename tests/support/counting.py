"""A small stage whose outputs depend on shared state, its sequential reference, and a worker program around it.

As a program: `python tests/support/counting.py <EngineSettings as JSON>`; beside settings it takes `stages` and `report`,
a file that gets one JSON line for each thing the observer is told, and `slow_stop_s`, for which Faust's own part of a stop
waits. A record is `{"n": number}`, and for tests of trouble
`wait_for` (a path that must exist before it is folded), `raise` (a text to raise), `big` (bytes of its output).
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import orjson

from streams.runtime.engine import create_engine
from streams.runtime.observer import SilentObserver
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
            self._trouble(key, event)
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
                self.outputs.append(Output(self.topic, key, self._output(key, state[0])))

    def _output(self, key: bytes, count: int) -> bytes:
        return b'{"id":"%s/%d/%d","n":%d}' % (key, count, self.seen, count)

    def _trouble(self, key: bytes, event: dict[str, Any]) -> None:
        if "raise" in event:
            raise ValueError(event["raise"])
        if "big" in event:
            self.outputs.append(Output(self.topic, key, bytes(event["big"])))

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
        for record in records:
            if b"wait_for" in (record.value or b""):
                path = Path(orjson.loads(record.value or b"")["wait_for"])
                while not path.exists():  # noqa: ASYNC110, ASYNC240  (another process makes the file)
                    await asyncio.sleep(0.05)


class Reporter(SilentObserver):
    """Writes what it is told as JSON lines."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("ab", buffering=0)  # noqa: SIM115  (open as long as the process)

    def _tell(self, what: str, **facts: Any) -> None:
        self._file.write(orjson.dumps({"what": what, **facts}) + b"\n")

    def cut_closed(self, stage: str, partition: int, states: int, size: int, seconds: float) -> None:
        self._tell("cut", stage=stage, partition=partition, states=states, size=size, seconds=seconds)

    def recovered(self, stage: str, partition: int, states: int, seconds: float) -> None:
        self._tell("recovered", stage=stage, partition=partition, states=states, seconds=seconds)

    def rebalanced(self, assigned: int) -> None:
        self._tell("rebalanced", assigned=assigned)


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
    report: str | None = given.pop("report", None)
    slow_stop_s: float = given.pop("slow_stop_s", 0.0)
    settings = msgspec.convert(given, EngineSettings)
    observer = Reporter(report) if report else None
    engine = create_engine(settings, stages, observer, lambda topic, partition, now: (b"tick", b'{"n":0}'))
    if slow_stop_s:
        stop_consumer = engine.app._stop_consumer

        async def slowly() -> None:
            await asyncio.sleep(slow_stop_s)
            await stop_consumer()

        engine.app._stop_consumer = slowly
    engine.run()


if __name__ == "__main__":
    main()
