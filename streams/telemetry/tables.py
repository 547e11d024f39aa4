"""Summaries as tables and bars, for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

DAY = 86_400
ROWS_MAX, BAR_MAX = 31, 40  # what fits on a screen
BARS = {"sent": ("█", "green"), "held": ("▒", "yellow"), "not sent": ("░", "dim")}


def summary_tables(summary: dict[str, Any]) -> list[Table]:
    """Return tables of what was sent, what was held back and why, and of over-triggering."""
    totals = Table(title="Replay", show_header=False)
    for name in ("events", "members", "seconds", "sends", "non_sends", "dead_letters", "sends_per_member_week_max"):
        totals.add_row(name.replace("_", " "), str(summary[name]))
    fault = summary["over_trigger"]
    over = Table(title="Over-triggering, as far as history shows it", show_header=False)
    over.add_row("sends at fault per 1,000", str(summary["over_trigger_rate"]))
    for name, count in fault.items():
        over.add_row(name.replace("_", " "), str(count))
    for name in ("clicks", "dismissals"):
        over.add_row(name, summary[name])
    return [
        totals,
        counts("Sent, by playbook", summary["by_playbook"]),
        counts("Occasions of playbooks in shadow", summary["shadow_by_playbook"]),
        counts("Held back or dropped, by reason", summary["reasons"]),
        over,
    ]


def counts(title: str, numbers: dict[str, int]) -> Table:
    """Return a table of counts, the largest first."""
    table = Table(title=title, show_header=False)
    for name, count in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(name, str(count))
    if not numbers:
        table.add_row("nothing", "0")
    return table


def bars(points: Iterable[tuple[float, str]]) -> Group:
    """Return a bar a day of what happened; `points` are (epoch s, a word of `BARS`).

    Longer stories get bars of several days; a run of empty ones is one line.
    """
    found = sorted(points)
    table = Table(box=None, show_header=False)
    if not found:
        return Group()
    first, last = (int(time) // DAY for time in (found[0][0], found[-1][0]))
    days = ceil((last - first + 1) / ROWS_MAX)
    signs = [f"{sign} {word}" for word, (sign, _) in BARS.items()]
    legend = Text("   ".join([*signs, f"a bar is {_days(days)}"]), style="dim")
    rows: dict[int, Counter[str]] = {}
    for time, word in found:
        rows.setdefault((int(time) // DAY - first) // days, Counter())[word] += 1
    scale = min(1.0, BAR_MAX / max(row.total() for row in rows.values()))
    before = -1
    for number, row in sorted(rows.items()):
        if number > before + 1:
            table.add_row("", Text(f"nothing for {_days((number - before - 1) * days)}", style="dim"))
        before = number
        table.add_row(
            _day(first + number * days), _bar(row, scale), ", ".join(f"{row[one]} {one}" for one in BARS if row[one])
        )
    return Group(table, legend)


def _bar(row: Mapping[str, int], scale: float) -> Text:
    return Text.assemble(*((sign * ceil(row[word] * scale), style) for word, (sign, style) in BARS.items()))


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY, UTC).strftime("%Y-%m-%d")


def _days(count: int) -> str:
    return f"{count} day{'s' if count > 1 else ''}"
