"""Bytewax with its SQLite recovery store, doing a job: arguments as of lotse_engine.

One worker, as one process of every engine here; a snapshot each second; parsing and output by batch, and the state as a
`StatefulBatchLogic`, below which no operator of Bytewax is cheaper. States stay objects, encoded for snapshots only.
"""

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main

from tests.benchmarks.jobs import JOBS, Job


class Member(StatefulBatchLogic):  # type: ignore[misc]
    """The state of one member."""

    def __init__(self, job: Job, stored: bytes | None) -> None:
        self._job = job
        self._state = job.decode(stored) if stored else job.fresh()

    def on_batch(self, values: list[tuple[bytes, bytes]]) -> tuple[Iterable[bytes], bool]:
        """Fold what came for this member."""
        fold, state = self._job.fold, self._state
        return [output for key, value in values for output in fold(state, key, value)], False

    def snapshot(self) -> bytes:
        """Encode the state."""
        return self._job.encode(self._state)


def main() -> None:
    """Run until killed."""
    bootstrap, name, source, target, folder = sys.argv[1:]
    flow = Dataflow("bench")
    config = {"check.crcs": "false", "queued.min.messages": "100000"}
    events = op.input("in", flow, KafkaSource([bootstrap], [source], add_config=config, batch_size=1000))
    keyed = op.flat_map_batch("key", events, lambda batch: [(one.key.decode(), (one.key, one.value)) for one in batch])
    job = JOBS[name]()
    folded = op.stateful_batch("fold", keyed, lambda stored: Member(job, stored))
    commands = op.flat_map_batch(
        "out", folded, lambda batch: [KafkaSinkMessage(key.encode(), value) for key, value in batch]
    )
    op.output("write", commands, KafkaSink([bootstrap], target, add_config={"linger.ms": "20"}))
    Path(folder).mkdir(parents=True, exist_ok=True)
    init_db_dir(folder, 1)
    cluster_main(flow, [], 0, epoch_interval=timedelta(seconds=1), recovery_config=RecoveryConfig(folder))


if __name__ == "__main__":
    main()
