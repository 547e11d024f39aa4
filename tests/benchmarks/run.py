"""All figures on this machine, as a table and in build/bench.json: `make bench`, with the peers `make bench PEERS=1`."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.benchmarks import comparison, detecting, folding, gateway, latency, pipeline, recovery
from tests.benchmarks import console as console_pages
from tests.benchmarks.figures import Figures, Reasons, save, table
from tests.support.kafka import running_kafka

OUT = Path("build/bench.json")
NO_PEERS = "not asked for: make bench PEERS=1"
DETECTOR_FIGURES = ("detectors_us_per_event", "detectors_worst_us", "cluster_search_worst_us")
PEER_FIGURES = ("plain_faust_ratio", "quix_ratio", "bytewax_ratio", "kafka_streams_ratio")


class Bench:
    """Runs benchmarks one after the other, each with a broker of its own, and keeps what they found."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.figures: Figures = {}
        self.reasons: Reasons = {}

    def run(self, name: str, figures: tuple[str, ...], measure: Callable[[str, Path], Figures]) -> None:
        """Measure; where that fails its figures are absent, with the reason."""
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder, running_kafka(steady=True) as broker:
                self.figures |= measure(broker.bootstrap, Path(folder))
        except (RuntimeError, TimeoutError, OSError) as error:
            self.reasons |= dict.fromkeys(figures, str(error))
        took, load = time.monotonic() - began, os.getloadavg()[0]
        save(self.figures, OUT)
        self._console.print(f"{name}: {took:.0f} s, load average {load:.1f} on {os.cpu_count()} cores", style="dim")

    def compare(self, bootstrap: str, folder: Path, python: str) -> Figures:
        """Measure the peers and keep why one of them is absent."""
        figures, reasons = comparison.measure(bootstrap, folder, python)
        self.reasons |= reasons
        return figures


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="the Python that has the dependency group `peers`", metavar="PYTHON")
    peers: str | None = parser.parse_args().peers
    console = Console()
    bench = Bench(console)
    bench.run("latency", ("latency_p50_ms", "latency_p99_ms"), latency.measure)
    bench.run("pipeline", ("pipeline_per_cpu_s",), pipeline.measure)
    bench.run("recovery", ("recovery_states_per_s", "recovery_million_s", "bytes_per_member"), recovery.measure)
    bench.run("gateway", ("gateway_single_per_cpu_s", "gateway_batch_per_cpu_s", "gateway_p99_ms"), gateway.measure)
    bench.run("fold", ("growth_cost_members", "growth_cost_playbooks"), lambda _bootstrap, _folder: folding.measure())
    bench.run("detectors", DETECTOR_FIGURES, lambda _bootstrap, _folder: detecting.measure())
    bench.run("console", ("console_p95_ms",), lambda _bootstrap, _folder: console_pages.measure())
    if peers:
        bench.run("peers", PEER_FIGURES, lambda bootstrap, folder: bench.compare(bootstrap, folder, peers))
    else:
        bench.reasons |= dict.fromkeys(PEER_FIGURES, NO_PEERS)
    save(bench.figures, OUT)
    console.print(table(bench.figures, bench.reasons))


if __name__ == "__main__":
    main()
