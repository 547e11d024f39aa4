"""The figures, their bars and their table."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import orjson
from rich.table import Table

Figures = dict[str, float | None]
Reasons = dict[str, str]


class Bar(NamedTuple):
    """What a figure should reach: at least or at most `limit`."""

    limit: float
    at_most: bool = False

    def reached(self, value: float) -> bool:
        """Tell whether a value reaches it."""
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}"


BARS: Mapping[str, Bar] = {
    "pipeline_per_cpu_s": Bar(25_000),
    "plain_faust_ratio": Bar(8),
    "quix_ratio": Bar(1),
    "bytewax_ratio": Bar(1),
    "kafka_streams_ratio": Bar(1),
    "latency_p50_ms": Bar(25, at_most=True),
    "latency_p99_ms": Bar(120, at_most=True),
    "recovery_states_per_s": Bar(150_000),
    "recovery_million_s": Bar(10, at_most=True),
    "bytes_per_member": Bar(700, at_most=True),
    "gateway_single_per_cpu_s": Bar(3_000),
    "gateway_batch_per_cpu_s": Bar(20_000),
    "gateway_p99_ms": Bar(50, at_most=True),
    "console_p95_ms": Bar(150, at_most=True),
    "growth_cost_members": Bar(0.15, at_most=True),
    "growth_cost_playbooks": Bar(0.10, at_most=True),
    "detectors_us_per_event": Bar(20, at_most=True),
    "detectors_worst_us": Bar(200, at_most=True),
    "cluster_search_worst_us": Bar(1_000, at_most=True),
}


def table(figures: Figures, reasons: Reasons) -> Table:
    """Return the table: the figures that have a bar first, then the others."""
    made = Table("figure", "value", "bar", "")
    rest = [name for name in figures if name not in BARS]
    for name in [*(name for name in BARS if name in figures or name in reasons), *rest]:
        value, bar = figures.get(name), BARS.get(name)
        if value is None:
            made.add_row(name, "absent", str(bar or ""), reasons.get(name, ""), style="yellow")
        elif bar is None:
            made.add_row(name, f"{value:,g}", "", "", style="dim")
        else:
            made.add_row(name, f"{value:,g}", str(bar), "" if bar.reached(value) else "[red]missed")
    return made


def save(figures: Figures, path: Path) -> None:
    """Write the flat object; a figure with a bar that is not measured (yet) is null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    absent = {name: None for name in BARS if name not in figures}
    path.write_bytes(orjson.dumps({**figures, **absent}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
