"""Summaries and bars, as they stand on a screen."""

from io import StringIO

from rich.console import Console, RenderableType

from streams.telemetry.tables import BAR_MAX, BARS, DAY, ROWS_MAX, bars, counts, summary_tables


def drawn(*what: RenderableType) -> str:
    """Return what a terminal of 100 columns shows."""
    console = Console(file=StringIO(), width=100)
    console.print(*what)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def lines(points: list[tuple[float, str]]) -> list[str]:
    """Return the rows of bars without the caption."""
    return [line.rstrip() for line in drawn(bars(points)).splitlines() if line.strip()][:-1]


def test_a_bar_a_day_and_one_line_for_empty_days() -> None:
    """Two sends and a hold on the first day, a drop ten days later."""
    points = [(0.0, "sent"), (5.0, "sent"), (9.0, "held"), (10.0 * DAY, "not sent")]
    first, empty, last = lines(points)
    assert first.split() == ["1970-01-01", "██▒", "2", "sent,", "1", "held"]
    assert empty.strip() == "nothing for 9 days"
    assert last.split() == ["1970-01-11", "░", "1", "not", "sent"]


def test_long_stories_and_busy_days_fit_on_a_screen() -> None:
    """A thousand days are at most 31 bars; a thousand decisions a day are at most 40 signs, and none is lost in the count."""
    long = lines([(day * float(DAY), "sent") for day in range(1000)])
    assert len(long) <= ROWS_MAX
    assert sum(int(line.split()[2]) for line in long) == 1000
    assert "a bar is 33 days" in drawn(bars([(0.0, "sent"), (999.0 * DAY, "sent")]))
    (busy,) = lines([(0.0, "not sent")] * 1000 + [(1.0, "sent")])
    assert "1 sent, 1000 not sent" in busy
    assert sum(busy.count(sign) for sign, _ in BARS.values()) <= BAR_MAX + 1  # the one send is not rounded away
    assert busy.count("█") == 1


def test_no_decision_is_no_bar() -> None:
    """Nothing to draw is no error."""
    assert lines([]) == []


def test_a_summary_shows_every_figure() -> None:
    """Totals, sends by playbook, reasons with the most frequent first, and over-triggering."""
    summary = {
        "events": 10, "members": 3, "seconds": 1.5, "sends": 2, "non_sends": 5, "dead_letters": 0, "sends_per_member_week_max": 1,
        "over_trigger": {"repeated_theme": 4}, "over_trigger_rate": 7.5, "clicks": "not known in a replay",
        "dismissals": "not known in a replay", "by_playbook": {"first-steps": 2}, "shadow_by_playbook": {"own-idea": 4}, "reasons": {"budget_day": 1, "shadow": 4},
    }  # fmt: skip
    shown = drawn(*summary_tables(summary))
    for part in (
        "first-steps",
        "own-idea",
        "7.5",
        "repeated theme",
        "not known in a replay",
        "sends per member week max",
    ):
        assert part in shown
    assert shown.index("shadow") < shown.index("budget_day")
    assert "nothing" in drawn(counts("Sent", {}))
