"""The command line of the evaluation: JSON for machines, a table for people, one message for mistakes."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.errors import UserError

ROWS = b'{"text": "How do I mount this partition?", "label": 2}\n{"text": "thanks a lot", "label": 0}\n{"text": "eh", "label": null}'


def test_figures_for_machines_and_for_people(tmp_path: Path) -> None:
    """One object with the task's keys; the same figures in a table."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(ROWS)
    told = CliRunner().invoke(app, ["evaluate", "question", "--data", str(path), "--json"])
    assert orjson.loads(told.stdout) == {"f1_any": 1.0, "f1_help": 1.0, "precision_help": 1.0, "recall_help": 1.0}
    assert "f1_help" in CliRunner().invoke(app, ["evaluate", "question", "--data", str(path)]).stdout


@pytest.mark.parametrize(
    ("task", "content", "expected"), [("queston", ROWS, "no such task"), ("question", b"{}", "no usable line")]
)
def test_a_mistake_is_one_message(tmp_path: Path, task: str, content: bytes, expected: str) -> None:
    """An unknown task lists those there are; a file of nothing says what a line should hold."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["evaluate", task, "--data", str(path)])
    assert isinstance(result.exception, UserError)
    assert result.exception.code == 2
    assert expected in str(result.exception)
