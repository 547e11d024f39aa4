"""Events per CPU-second of the worker's process: the whole pipeline on a real Kafka, all detectors and the arbiter on."""

import time
from pathlib import Path
from statistics import median

from streams.codec import Codec
from streams.topics import ACTIVITY, DECISIONS
from tests.benchmarks.catalogs import KEY
from tests.benchmarks.figures import Figures
from tests.benchmarks.loading import by_partition, end_offsets, write
from tests.benchmarks.reference_mix import PER_SECOND, records
from tests.benchmarks.worker import PARTITIONS, Worker, prepared, running

MEMBERS, WARM, ROUND, ROUNDS = 50_000, 60_000, 150_000, 3


def measure(bootstrap: str, folder: Path, warm: int = WARM, size: int = ROUND, rounds: int = ROUNDS) -> Figures:
    """Return the median of several rounds: each a backlog that is there as a whole before the worker goes on."""
    settings = prepared(bootstrap, "bench-pipeline")
    count = warm + rounds * size
    rows = records(count, MEMBERS, time.time() - count / PER_SECOND, Codec(KEY.encode()))
    with running(settings, folder) as worker:
        _catch_up(worker, rows[:warm])
        figures = [size / _catch_up(worker, rows[begin : begin + size]) for begin in range(warm, count, size)]
    decisions = sum(end_offsets(bootstrap, DECISIONS, PARTITIONS).values())
    return {"pipeline_per_cpu_s": round(median(figures)), "pipeline_decisions_per_event": round(decisions / count, 4)}


def _catch_up(worker: Worker, rows: list[tuple[bytes, bytes]]) -> float:
    """Write a backlog while the worker is frozen, let it go on; return the CPU-seconds until all is committed."""
    parts = by_partition(rows, PARTITIONS)
    worker.process.freeze()
    try:
        write(worker.settings.bootstrap, ACTIVITY, parts)
        before = worker.process.cpu_s()
    finally:
        worker.process.thaw()
    worker.drain()
    return worker.process.cpu_s() - before
