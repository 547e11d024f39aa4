"""The command lines of a report and of a simulation: figures for machines, pages for people, one message for a mistake."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.commands.history import DEMO
from streams.commands.measure import true
from streams.errors import UserError
from streams.simulation.run import Result

TRUTH = Result(
    first=0, seeds=1, members=10, days=10, units=10, events=10, stated=0.05, coverage=0.99, together_coverage=0.99, bias_share=0.01,
    false_win_rate=0.0, found_rate=1.0, found_held_out=1.0, needless_found=1.0, needless_false=0.0, habituation_found=1.0,
    habituation_false=0.0, coin_accused=0.0,
)  # fmt: skip


def test_a_report_of_the_shipped_history(tmp_path: Path) -> None:
    """JSON with what was sent; both pages written."""
    html, markdown = tmp_path / "r.html", tmp_path / "r.md"
    words = ["report", "--history", str(DEMO), "--json", "--html", str(html), "--markdown", str(markdown)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    report = orjson.loads(result.stdout)
    replay = orjson.loads(CliRunner().invoke(app, ["replay", str(DEMO), "--offline", "--json"]).stdout)
    sent = {one["playbook"]: one["sent"] for one in report["playbooks"] if not one["resource"] and one["sent"]}
    assert sent == replay["by_playbook"] != {}
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert markdown.read_text(encoding="utf-8").startswith("# Did it help?")


def test_the_simulation_prints_what_is_promised() -> None:
    """One object with the promised keys."""
    result = CliRunner().invoke(app, ["simulate", "--seeds", "3", "--members", "60", "--days", "20", "--json"])
    assert orjson.loads(result.stdout).keys() >= {"coverage", "bias_share", "false_win_rate"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("coverage", 0.94), ("together_coverage", 0.94), ("bias_share", 0.05), ("false_win_rate", 0.06)],
)
def test_each_untruth_is_exit_code_1(field: str, value: float) -> None:
    """By the bars that the command states."""
    assert true(TRUTH)
    assert not true(Result(**{name: getattr(TRUTH, name) for name in TRUTH.__struct_fields__} | {field: value}))


def test_a_day_that_is_none_is_one_message() -> None:
    """With an example."""
    result = CliRunner().invoke(app, ["report", "--history", str(DEMO), "--since", "march"])
    assert isinstance(result.exception, UserError)
    assert "YYYY-MM-DD" in str(result.exception)
