"""A fleet of counting workers on one log, and the audit of what they left."""

import os
import random
import sys
import uuid
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import orjson

from streams.runtime.shard import Shard
from streams.runtime.stores import MemoryStore
from streams.runtime.topology import changelog_name
from tests.support.chaos import Failpoint, Feeder, Fleet, drained, read_topic
from tests.support.counting import reference
from tests.support.kafka import create_topics, wait_until

ROOT = Path(__file__).resolve().parents[2]


class Audit(msgspec.Struct):
    """What differs from the sequential fold; `duplicates` counts repeated outputs."""

    states: int
    outputs: int
    wrong_states: list[bytes]
    missing: list[bytes]
    unexpected: list[bytes]
    duplicates: int

    def exact(self) -> bool:
        """Tell whether nothing is missing, wrong or unexpected."""
        return not (self.wrong_states or self.missing or self.unexpected)


class Counting:
    """Topics of one counting application."""

    def __init__(self, bootstrap: str, partitions: int = 4, **settings: Any) -> None:
        """`settings` are EngineSettings other than those of `settings()`, or `stages` and `report` of the program."""
        self.bootstrap, self.partitions = bootstrap, partitions
        self.application: str = settings.get("application") or f"counting-{uuid.uuid4().hex[:8]}"
        self.source: str = settings.pop("source", f"{self.application}-in")
        self.target: str = settings.pop("target", f"{self.application}-out")
        self.table: str = settings.pop("table", "members")
        self.changelog = changelog_name(self.application, self.table)
        self._settings = settings

    def create_topics(self) -> None:
        """Create source and target."""
        create_topics(self.bootstrap, {self.source: self.partitions, self.target: self.partitions})

    def settings(self, worker: str, failpoint: Failpoint | None = None) -> dict[str, Any]:
        """Return EngineSettings as a mapping, with the stages of the counting program."""
        given = {
            "bootstrap": self.bootstrap, "application": self.application, "worker": worker,
            "partitions": self.partitions, "tick_s": None, "checkpoint_s": 0.3, "session_timeout_s": 6.0,
            "heartbeat_s": 1.0, "loglevel": "WARNING",
            "stages": [{"name": self.table, "source": self.source, "target": self.target}],
        }  # fmt: skip
        if failpoint is not None:
            given |= {
                "failpoint": failpoint.name,
                "failpoint_after_s": failpoint.after_s,
                "failpoint_action": failpoint.action,
            }
        return given | self._settings

    def command(self, worker: str, failpoint: Failpoint | None) -> Sequence[str]:
        """Return the command line of a worker."""
        program = ROOT / "tests" / "support" / "counting.py"
        return [sys.executable, str(program), orjson.dumps(self.settings(worker, failpoint)).decode()]

    def run_to_the_end(self, timeout_s: float = 60) -> None:
        """Wait until the group has committed the whole source."""
        wait_until(self.drained, timeout_s, f"{self.source} drained")

    def feed(self, records: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Write records to the source at once."""
        with Feeder(self.bootstrap, self.source, records, 1e6) as feeder:
            feeder.join()

    def fleet(self, log_dir: Path, restart: bool = True) -> Fleet:
        """Return workers of this application, not started."""
        return Fleet(self.command, log_dir, {**os.environ, "PYTHONPATH": str(ROOT)}, restart)

    def records(self, count: int, members: int = 300, seed: int = 1) -> list[tuple[int, bytes, bytes]]:
        """Return (partition, key, value) of a made-up log; the same for the same seed."""
        rng = random.Random(seed)
        made = []
        for number in range(count):
            member = int(rng.paretovariate(0.6)) % members
            made.append((member % self.partitions, b"m%d" % member, orjson.dumps({"n": number})))
        return made

    def drained(self) -> bool:
        """Tell whether the group has committed the whole source."""
        return drained(self.bootstrap, self.application, self.source, self.partitions)

    def states(self) -> dict[bytes, bytes]:
        """Return what restoring the changelog gives, all partitions."""
        states: dict[bytes, bytes] = {}
        for log in read_topic(self.bootstrap, self.changelog, self.partitions).values():
            store = MemoryStore()
            Shard(store).apply(log)
            states.update(store.states.items())  # type: ignore[arg-type]
        return states

    def audit(self) -> Audit:
        """Compare states and outputs with the sequential fold of the source."""
        logs = read_topic(self.bootstrap, self.source, self.partitions)
        expected_states, expected = reference(logs.values())
        found = Counter(
            record.value or b""
            for log in read_topic(self.bootstrap, self.target, self.partitions).values()
            for record in log
        )
        states = {key: orjson.loads(value) for key, value in self.states().items()}
        wrong = [key for key in expected_states.keys() | states.keys() if expected_states.get(key) != states.get(key)]
        missing = [value for value in expected if value not in found]
        unexpected = list(found.keys() - set(expected))
        duplicates = sum(count - 1 for count in found.values())
        return Audit(len(states), sum(found.values()), wrong, missing, unexpected, duplicates)
