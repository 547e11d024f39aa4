"""Summaries as tables, for people."""

from typing import Any

from rich.table import Table


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
