"""Figures of the core on this machine, written to build/bench.json: `make bench`.

`fold_per_cpu_s` is bytes to bytes in one process without a broker: decode, all detectors, arbiter, outputs, encoded
states, a cut each 5,000 events. Growth figures are ratios of one run (0.1 = 10 % more time).
"""

import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
import orjson

from processors.catalog import Catalog
from processors.outputs import Outputs
from resource_catalog.loader import SHIPPED, load
from streams.agents.member import MemberStagePartition
from streams.codec import Codec
from tests.benchmarks.reference_mix import records

CUT, EVENTS = 5_000, 60_000


class Row(NamedTuple):
    """A record as the engine gives it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


class Silent:
    """Counts nothing."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Do nothing."""

    def dead(self, topic: str, reason: str) -> None:
        """A record of the mix must not be poison."""
        raise AssertionError(f"{topic}: {reason}")


class One:
    """A catalog under any hash."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def get(self, _hash: str) -> Catalog:
        """Return it."""
        return self._catalog


def fold(members: int, catalog: Catalog, events: int = EVENTS) -> tuple[float, dict[bytes, bytes]]:
    """Fold the mix after a warm-up; return (events per CPU-second, states)."""
    codec = Codec(b"benchmark key of no use")
    rows = [Row("a", 0, number, 0, *pair) for number, pair in enumerate(records(events + CUT, members, codec))]
    states: dict[bytes, bytes] = {}
    stage = MemberStagePartition(0, 1, states, None, One(catalog), codec, Silent())
    stage.core.activate(catalog.hash)
    began = 0.0
    for start in range(0, len(rows), 500):
        if start == CUT:
            began = time.process_time()
        stage.fold(rows[start : start + 500])
        stage.take_outputs()
        if (start + 500) % CUT == 0:
            states.update((key, value) for key, value in stage.take_touched() if value is not None)
    return events / (time.process_time() - began), states


def many(catalog: Catalog, count: int) -> Catalog:
    """Return a catalog of `count` playbooks, each of a channel of its own, beside the shipped ones."""
    bundle = load(SHIPPED).bundle
    pattern = bundle.playbooks[0]
    extra = tuple(
        msgspec.structs.replace(
            pattern, id=f"extra.{number}", trigger="post.created", conditions={"event.channel": f"c{number}"}
        )
        for number in range(count)
    )
    return Catalog(msgspec.structs.replace(bundle, playbooks=bundle.playbooks + extra))


def main() -> None:
    """Measure, print, write."""
    catalog = Catalog(load(SHIPPED).bundle)
    base, _ = fold(10_000, catalog)
    wide, states = fold(1_000_000, catalog)
    figures = {
        "fold_per_cpu_s": round(base),
        "growth_cost_members": round(base / wide - 1, 3),
        "growth_cost_playbooks": round(
            fold(10_000, many(catalog, 10))[0] / fold(10_000, many(catalog, 1000))[0] - 1, 3
        ),
        "encoded_bytes_per_member": round(sum(map(len, states.values())) / len(states)),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    out = Path("build/bench.json")
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))
    sys.stdout.write("".join(f"{name:28} {value}\n" for name, value in figures.items()))


if __name__ == "__main__":
    main()
