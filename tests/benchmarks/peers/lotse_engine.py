"""Lotse's engine doing a job: `python -m tests.benchmarks.peers.lotse_engine BOOTSTRAP JOB SOURCE TARGET FOLDER`."""

import sys
from collections.abc import Sequence
from typing import Any

from streams.runtime.engine import create_engine
from streams.runtime.settings import EngineSettings
from streams.runtime.stage import Output, Record, States
from tests.benchmarks.jobs import JOBS, Job

CACHE_MAX = 20_000  # decoded states in each of two generations, as the member stage keeps


class JobPartition:
    """A partition of the job, with decoded states of late as the member stage keeps them."""

    def __init__(self, job: Job, states: States, target: str) -> None:
        self._job, self._states, self._target = job, states, target
        self._young: dict[bytes, Any] = {}
        self._old: dict[bytes, Any] = {}
        self._touched: dict[bytes, Any] = {}
        self._closing: dict[bytes, Any] = {}
        self._outputs: list[Output] = []

    def fold(self, records: Sequence[Record]) -> None:
        """Fold records."""
        fold, touched, target = self._job.fold, self._touched, self._target
        for record in records:
            key = record.key or b""
            state = touched[key] = self._state(key)
            for value in fold(state, key, record.value or b""):
                self._outputs.append(Output(target, key, value))

    def _state(self, key: bytes) -> Any:
        state = self._young.get(key)
        if state is not None:
            return state
        state = self._old.get(key) or self._touched.get(key) or self._closing.get(key)
        if state is None:
            stored = self._states.get(key)
            state = self._job.decode(stored) if stored else self._job.fresh()
        if len(self._young) >= CACHE_MAX:
            self._old, self._young = self._young, {}
        self._young[key] = state
        return state

    def take_outputs(self) -> list[Output]:
        """Return outputs."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode touched states."""
        self._closing, self._touched = self._touched, {}
        return [(key, self._job.encode(state)) for key, state in self._closing.items()]

    def shared(self) -> bytes:
        """Nothing is shared."""
        return b""


class JobStage:
    """The job as a stage."""

    name = "members"

    def __init__(self, job: Job, source: str, target: str) -> None:
        self.source, self._job, self._target = source, job, target

    def open(self, partition: int, states: States, shared: bytes | None) -> JobPartition:
        """Open a partition."""
        return JobPartition(self._job, states, self._target)

    async def prepare(self, records: Sequence[Record]) -> None:
        """Nothing to wait for."""


def main() -> None:
    """Run until killed."""
    bootstrap, job, source, target, _ = sys.argv[1:]
    settings = EngineSettings(
        bootstrap=bootstrap, application=f"lotse-{source}", worker="w1", tick_s=None, session_timeout_s=30.0,
        loglevel="WARNING",
    )  # fmt: skip
    create_engine(settings, [JobStage(JOBS[job](), source, target)]).run()


if __name__ == "__main__":
    main()
