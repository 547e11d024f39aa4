"""The page shows the figures, loads nothing, runs nothing, and escapes what others wrote."""

import re

import msgspec
import pytest

from streams.backtest.page import page
from streams.backtest.report import Difference, PlaybookReport, Report, Sample

SAMPLE = Sample(
    1_767_614_400.0, "town/<b>ann</b>", "new", "in_app", "A <script>alert(1)</script>", "It helps.", "you & I"
)
REPORT = Report(
    tried=["new"], events=1234, seconds=0.5, events_per_s=2468, members=77, begins=1_767_614_400.0, ends=1_768_000_000.0, sends=3,
    all_sends=4, sends_per_member_week_max=2, by_playbook={"new": 3}, reasons={"budget_day": 9}, over_trigger_rate=12.5, over_trigger={},
    playbooks={"new": PlaybookReport(wanted=12, sends=3, members=2, overlap={"old": 1})}, difference=Difference({"new": 3}, {"old": 1}),
    days={"2026-01-05": 2, "2026-01-09": 1}, member_weeks={1: 2, 2: 1}, samples=[SAMPLE],
)  # fmt: skip


def test_figures_are_there_and_nothing_foreign_runs() -> None:
    """Escaped, without script and without anything from elsewhere."""
    html = page(REPORT)
    assert "1,234 events of 77 members" in html
    assert "budget_day" in html
    assert "<b>ann" not in html
    assert "<script" not in html
    assert not re.search(r"""(src|href)=|url\(|@import""", html)


def test_every_day_and_every_bar_is_drawn() -> None:
    """Two days, two kinds of weeks, one reason."""
    html = page(REPORT)
    assert html.count("<rect") == 5
    assert "2026-01-09: 1</title>" in html


@pytest.mark.parametrize(
    "fields", [{"days": {}, "member_weeks": {}, "reasons": {}, "samples": [], "sends": 0, "over_trigger_rate": None}]
)
def test_nothing_sent_is_a_page_too(fields: dict[str, object]) -> None:
    """No plots of nothing, no division by it."""
    assert "Nothing was held back" in page(msgspec.structs.replace(REPORT, **fields))
