"""`lotse greetbot`: what it writes is a catalog that holds; what is wrong is said, and nothing is written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resource_catalog.loader import load
from streams.commands import app
from streams.commands.greetbot import TIMES, read_schedule
from streams.errors import UserError
from streams.settings import Settings

SCHEDULE = """messages:
  - {after: 1 week, title: How is it going?, text: A week has passed.}
  - {after: instant, title: "Welcome: here", text: "Hello @everyone, *read* #general: it's good"}
  - {after: 28 days, title: A month, text: Thank you for staying.}
"""


def written(folder: Path, text: str) -> Path:
    """Return a file of this text."""
    path = folder / "schedule.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A copy of the shipped catalog."""
    return Path(shutil.copytree(Settings().catalog, tmp_path / "catalog", ignore=shutil.ignore_patterns("histories")))


def test_a_schedule_becomes_a_playbook_in_shadow(tmp_path: Path, catalog: Path) -> None:
    """Its steps keep GreetBot's times; its words are those of the schedule; it loads with everything else."""
    schedule = written(tmp_path, SCHEDULE)
    done = CliRunner().invoke(app, ["greetbot", str(schedule), "--out", str(catalog)])
    assert done.exit_code == 0, done.output
    bundle = load(catalog).bundle
    steps = [one for one in bundle.playbooks if one.sequence == "greetbot.greeting"]
    assert [one.maturity for one in steps] == ["shadow"] * 3
    assert [one.after / 86400 for one in steps] == [0, 7, 21]
    said = {one.id: one.locales["en"].summary for one in bundle.resources if one.id.startswith("greetbot")}
    assert said["greetbot-day-0"] == "Hello @everyone, *read* #general: it's good"
    again = CliRunner().invoke(app, ["greetbot", str(schedule), "--out", str(catalog)])
    assert isinstance(again.exception, UserError)


def test_beside_greetbot_its_days_are_a_segment(tmp_path: Path, catalog: Path) -> None:
    """For playbooks that must not speak then."""
    done = CliRunner().invoke(app, ["greetbot", str(written(tmp_path, SCHEDULE)), "--out", str(catalog), "--beside"])
    assert done.exit_code == 0, done.output
    assert "member.segment: {none: [greetbot-day]}" in done.output
    playbook = catalog / "playbooks" / "onboarding.how-to-start.yaml"
    text = playbook.read_text().replace(
        "if: {member.posts: 0}", "if: {member.posts: 0, member.segment: {none: [greetbot-day]}}"
    )
    playbook.write_text(text)
    assert load(catalog).bundle.playbooks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("messages: []", "expected messages"),
        ("messages: [{after: now, title: a, text: b}]", "message 1: after: expected instant"),
        ("messages: [{after: instant, title: '', text: b}]", "message 1: title"),
        ("messages: [{after: instant, title: a, text: b, more: c}]", "expected after, title and text"),
        ("messages: [{after: 1 day, title: a, text: b}, {after: 1 day, title: c, text: d}]", "same time"),
        ("messages: [{after: instant, title: a, text: '" + "x" * 401 + "'}]", "found 401"),
        ("messages: [", "no valid YAML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    """With the message's number."""
    with pytest.raises(UserError, match=said):
        read_schedule(written(tmp_path, text))


def test_its_times_are_greetbots() -> None:
    """Instant, six days, eight weeks, 28 days."""
    assert len(TIMES) == 16
    assert (TIMES["instant"], TIMES["1 day"], TIMES["8 weeks"], TIMES["28 days"]) == (0, 1, 56, 28)


def test_a_schedule_may_come_by_standard_input(tmp_path: Path) -> None:
    """As any file may."""
    command = [sys.executable, "-m", "streams.cli", "greetbot", "-", "--out", str(tmp_path), "--beside"]
    done = subprocess.run(command, input=SCHEDULE.encode(), capture_output=True, timeout=120, check=True)
    assert b"greetbot-day" in done.stdout
    assert (tmp_path / "segments" / "greetbot-day.yaml").exists()
