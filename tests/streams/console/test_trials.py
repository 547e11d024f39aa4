"""Backtests in a process of their own: how far they are, what came of them, one at a time, with an end."""

import sys
import threading
from pathlib import Path

import msgspec
import pytest

from processors.playbooks.resources import Bundle
from resource_catalog.layers import load_layered
from streams.backtest.apart import Job
from streams.backtest.run import backtest
from streams.console import trials as module
from streams.console.trials import About, Trial, Trials
from streams.errors import UserError
from streams.history.reader import read_history
from tests.support.own_catalog import own_catalog
from tests.support.processes import wait_until

ABOUT = About("welcome.start", "b2-1", "28 days", "ann", 5.0)
LINE = '{{"ts": "2026-01-{day:02}T10:{minute:02}:00", "author": "m{minute}", "channel": "c", "text": "hello there", "kind": "message"}}\n'


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A fortnight of twenty members who join."""
    path = tmp_path / "history.jsonl"
    path.write_text(
        "".join(LINE.format(day=day, minute=minute) for day in range(5, 19) for minute in range(20)), encoding="utf-8"
    )
    return path


def ended(trial: Trial) -> None:
    """Wait for its end."""
    wait_until(lambda: trial.state != "running", 60, "its end")


def waiting(tmp_path: Path, seconds_max: float = 60.0) -> Trials:
    """Trials whose process tells how far it is, and goes no further."""
    words = 'import sys,time; sys.stdin.read(); print(\'{"done": 5, "total": 10}\', flush=True); time.sleep(600)'
    return Trials(tmp_path / "kept", str.upper, (sys.executable, "-c", words), seconds_max)


def test_it_finds_what_the_command_finds(tmp_path: Path, history: Path) -> None:
    """The same report, member by member under another name; and it is kept."""
    bundle = load_layered(own_catalog(tmp_path / "own")).bundle
    trials = Trials(tmp_path / "kept", lambda member: f"ref-of-{member}")
    trial = trials.start(Job(bundle, ["welcome.start"], history=str(history)), ABOUT)
    ended(trial)
    assert (trial.state, trial.problem) == ("done", "")
    expected = backtest(read_history(history, "history"), bundle, frozenset({"welcome.start"}), lambda _folded: None)
    assert expected.sends
    assert trial.report
    differing = {"seconds": 0.0, "events_per_s": 0, "samples": []}
    assert msgspec.structs.replace(trial.report, **differing) == msgspec.structs.replace(expected, **differing)
    assert [one.member for one in trial.report.samples] == [f"ref-of-{one.member}" for one in expected.samples]
    wait_until(lambda: Trials(tmp_path / "kept", str).find(trial.id) is not None, 10, "its file")
    assert Trials(tmp_path / "kept", str).of("welcome.start")[0].report == trial.report
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "kept").iterdir())


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    """In the words of the command line; a process that dies says so, too."""
    trials = Trials(tmp_path / "kept", str)
    trial = trials.start(Job(Bundle(), [], history=str(tmp_path / "none")), ABOUT)
    ended(trial)
    assert trial.state == "failed"
    assert "none" in trial.problem
    silent = Trials(tmp_path / "kept", str, (sys.executable, "-c", "pass")).start(Job(Bundle(), []), ABOUT)
    ended(silent)
    assert (silent.state, silent.problem) == ("failed", "it ended without a word")


def test_one_at_a_time_and_it_can_be_ended(tmp_path: Path) -> None:
    """By whoever asked, and by the clock."""
    trials = waiting(tmp_path)
    trial = trials.start(Job(Bundle(), []), ABOUT)
    wait_until(lambda: (trial.done, trial.total) == (5, 10), 30, "how far it is")
    with pytest.raises(UserError, match=r"welcome.start is running"):
        trials.start(Job(Bundle(), []), ABOUT)
    assert trials.find(trial.id) is trial
    assert (trials.cancel("another"), trials.cancel(trial.id), trials.cancel(trial.id)) == (False, True, False)
    assert trial.state == "cancelled"
    wait_until(lambda: not any(one.name == "backtest" for one in threading.enumerate()), 20, "its process ends")
    late = waiting(tmp_path, 0.3).start(Job(Bundle(), []), ABOUT)
    ended(late)
    assert "longer than" in late.problem


def test_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is no file of ours is passed over."""
    monkeypatch.setattr(module, "KEPT", 2)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "odd.json").write_text("{}", encoding="utf-8")
    trials = Trials(tmp_path / "kept", str, (sys.executable, "-c", "pass"))
    for number in range(3):
        trial = trials.start(Job(Bundle(), []), msgspec.structs.replace(ABOUT, since=float(number)))
        ended(trial)
        wait_until((tmp_path / "kept" / f"{trial.id}.json").exists, 10, "its file")
    wait_until(lambda: len(list((tmp_path / "kept").iterdir())) <= 2, 10, "the oldest are gone")
    assert [one.about.since for one in trials.of("welcome.start")] == [2.0, 1.0]
    assert trials.find("../../etc/passwd") is None
