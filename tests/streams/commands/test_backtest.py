"""The command line of a backtest: figures for machines, a page for people, one message for each mistake."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.commands.history import DEMO
from streams.errors import UserError

PROMISED = {"events", "events_per_s", "sends", "sends_per_member_week_max", "by_playbook", "reasons"}
LINES = (
    {"ts": "2026-01-05T12:00", "author": "ann", "channel": "help", "thread": "t1", "text": "How do I mount the frob under gentoo?"},
    {"ts": "2026-01-09T12:00", "author": "bob", "channel": "help", "thread": "t2", "text": "Good morning."},
)  # fmt: skip


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A question that nobody answers."""
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, LINES)))
    return path


def test_a_history_without_what_a_playbook_waits_for_says_so(history: Path) -> None:
    """Else "nothing" would be taken for an answer."""
    words = ["backtest", "onboarding.introductions", "questions.unanswered", "--history", str(history)]
    result = CliRunner().invoke(app, words)
    said = [line for line in result.stdout.splitlines() if "this history does not hold" in line]
    assert said == [
        "onboarding.introductions waits for profile.completed, which this history does not hold: it says nothing about this playbook"
    ]


def test_all_live_playbooks_on_the_shipped_history(tmp_path: Path) -> None:
    """The promised keys; the same sends as the offline replay has."""
    html = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["backtest", "--all", "--history", str(DEMO), "--json", "--html", str(html)])
    assert result.exit_code == 0, result.output
    report = orjson.loads(result.stdout)
    assert report.keys() >= PROMISED
    replay = orjson.loads(CliRunner().invoke(app, ["replay", str(DEMO), "--offline", "--json"]).stdout)
    assert report["by_playbook"] == replay["by_playbook"] != {}
    assert report["difference"] == {"added": {}, "gone": {}}
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_for_people(history: Path) -> None:
    """Tables with the message to read."""
    result = CliRunner().invoke(
        app, ["backtest", "questions.unanswered", "--history", str(history)], env={"COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.output
    assert "history/ann" in result.stdout
    narrow = (
        CliRunner()
        .invoke(app, ["backtest", "questions.unanswered", "--history", str(history)], env={"COLUMNS": "80"})
        .stdout
    )
    assert "because nobody has answered your question for 24 hours" in narrow
    assert "questions.unanswered: wanted 1, sent 1 to 1 members" in narrow
    assert "…" not in narrow


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["questions.unansweered", "--history", "H"], "did you mean questions.unanswered?"),
        (["--history", "H"], "say which playbooks to try, or --all"),
        (["x", "--all", "--history", "H"], "not both"),
        (["--all"], "--history FILE, or --from-topic"),
        (["--all", "--history", "H", "--from-topic"], "not both"),
        (["--all", "--history", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
        (["--all", "--history", "H", "--html", "/nowhere/at/all.html"], "cannot be written"),
    ],
)
def test_one_message_for_a_mistake(words: list[str], said: str, history: Path) -> None:
    """It says what is wrong and what would be right."""
    arguments = [str(history) if word == "H" else word for word in words]
    result = CliRunner().invoke(app, ["backtest", *arguments])
    assert isinstance(result.exception, UserError)
    assert said in str(result.exception)
