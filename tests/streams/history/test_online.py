"""A replay through broker, worker and delivery decides what the plain loop decides, every time."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from processors.playbooks.catalog import Catalog
from resource_catalog.loader import SHIPPED, load
from streams.commands.history import DEMO
from streams.history.offline import replay_offline
from streams.history.online import deployment, replay_online
from streams.history.reader import read_history
from streams.settings import child_environment

EVENTS = 500  # enough for signals of both stages, sends and non-sends; some seconds
AS_FAST_AS_IT_GOES = 1e9


@pytest.mark.integration
def test_a_replay_through_all_processes_decides_what_the_plain_loop_decides() -> None:
    """Signals are in the log before what follows them, however fast the months pass; each send is delivered once."""
    events, bundle = read_history(DEMO, "lists")[:EVENTS], load(SHIPPED).bundle
    expected = replay_offline(events, Catalog(bundle))
    with deployment(lambda _text: None) as running:
        found = replay_online(running, events, bundle, AS_FAST_AS_IT_GOES, lambda _event: None, lambda: None)
        delivered = running.commands_log.read_text(encoding="utf-8").splitlines()
    assert {**found, "seconds": 0} == {**expected, "seconds": 0}
    assert sum("  <- " in line for line in delivered) == expected["sends"]
    assert all("  <- " in line or "  -- withdrawn: " in line for line in delivered)
    assert "questions.unanswered" in expected["by_playbook"], "the slice must hold a signal of the community stage"  # type: ignore[operator]


@pytest.mark.integration
def test_the_command_prints_what_it_prints_offline(tmp_path: Path) -> None:
    """`lotse replay FILE --once` starts and ends every process by itself; only the seconds are others."""
    with gzip.open(DEMO, "rt", encoding="utf-8") as whole:
        (tmp_path / "own.jsonl").write_text("".join(whole.readlines()[:200]), encoding="utf-8")
    printed = []
    for way in (("--once", "--speed", str(AS_FAST_AS_IT_GOES)), ("--offline",)):
        words = [sys.executable, "-m", "streams.cli", "replay", str(tmp_path / "own.jsonl"), "--json", *way]
        done = subprocess.run(words, env=child_environment(), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        printed.append(json.loads(done.stdout) | {"seconds": 0})
    assert printed[0] == printed[1]
    assert printed[0]["events"] > 200
