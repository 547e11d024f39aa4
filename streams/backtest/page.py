"""A backtest as one HTML file with plots: no script, nothing loaded from elsewhere."""

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from streams.backtest.report import Report

DAY, WIDTH, HEIGHT = 86400.0, 640.0, 100.0
_PAGES = Environment(loader=PackageLoader("streams", "backtest"), autoescape=True, undefined=StrictUndefined)


def page(report: Report) -> str:
    """Return the report as HTML; whatever members or authors wrote is escaped."""
    return _PAGES.get_template("page.html.j2").render(
        report=report,
        columns=_columns(report),
        reasons=sorted(report.reasons.items(), key=lambda one: (-one[1], one[0])),
        weeks=[(f"{count} in the week", weeks) for count, weeks in report.member_weeks.items()],
        day=lambda time: _text(time)[:10],
        moment=_text,
    )


def _columns(report: Report) -> list[tuple[str, str, float, str, int]]:
    """Return (x, width, height, day, count) of each day with sends, over the whole time."""
    if not report.days:
        return []
    first = report.begins // DAY
    days = max(1.0, report.ends // DAY - first + 2)  # a day of silence is folded after the last event
    width, top = WIDTH / days, max(report.days.values())
    found = []
    for name, count in report.days.items():
        at = datetime.fromisoformat(name).replace(tzinfo=UTC).timestamp() // DAY - first
        found.append((f"{at * width:.2f}", f"{max(0.8, width * 0.9):.2f}", round(HEIGHT * count / top, 1), name, count))
    return found


def _text(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
