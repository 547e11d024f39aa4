"""Offline replay: deterministic, bounded, honest about what history shows; bad files are one clear message."""

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.commands.history import DEMO
from streams.errors import UserError
from streams.history.lines import HistoryError
from streams.history.reader import read_history
from tests.support.tree import ROOT


def fold_in_a_process(out: Path, hash_seed: str) -> dict[str, Any]:
    """Fold the shipped history in a process whose sets and dictionaries are ordered by another seed."""
    command = [sys.executable, str(ROOT / "tests" / "support" / "fold_history.py"), str(DEMO), str(out)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
    return cast("dict[str, Any]", orjson.loads(done.stdout))


def test_the_shipped_history_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Decisions and commands are a function of the file; sends and non-sends come of real lists, within the budget."""
    outs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    one, two = (fold_in_a_process(out, seed) for out, seed in zip(outs, ("1", "2"), strict=True))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert one == two
    assert one["sends"] > 0
    assert one["non_sends"] == sum(one["reasons"].values())
    assert len(outs[0].read_bytes().splitlines()) >= 2 * one["sends"] + one["non_sends"]
    assert 0 < one["sends_per_member_week_max"] <= 3


def test_presence_and_noise_are_read_as_such(tmp_path: Path) -> None:
    """Lines without author or time and the kinds of presence are no errors."""
    lines = [
        {"ts": "2026-01-05T12:00", "author": "ann", "channel": "c", "kind": "message", "text": "hello"},
        {"ts": "2026-01-05T12:01", "author": "bob", "channel": "c", "kind": "join"},
        {"ts": "2026-01-05T12:02", "author": "ann", "channel": "c", "kind": "nick"},
        {"ts": None, "author": "ann", "text": "no time"},
        {"ts": "2026-01-05T12:03Z", "text": "no author"},
        {"ts": "2026-01-05T12:04Z", "author": {"id": 7, "name": "ann"}, "text": "nobody by a name"},
        {"ts": "2026-01-05T12:05Z", "author": 7, "kind": "join"},
    ]
    path = tmp_path / "chat.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(map(orjson.dumps, lines))))
    assert [(one.type, one.key) for one in read_history(path, "c")] == [
        ("community.joined", "c/ann"), ("post.created", "c/ann"), ("community.joined", "c/bob"), ("presence.seen", "c/bob"),
        ("community.joined", "c/7"), ("presence.seen", "c/7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}\n", "no usable line; line 1: no ts; expected"),
        ('\n{"date": "2026-01-05", "user": "ann"}\n', "line 2: no ts, only date, user; expected"),
        ('{"ts": "2026-01-05", "user": "ann"}\n', "line 1: no author, only ts, user; expected"),
        (
            '{"ts": 1767614400, "author": "ann"}\n',
            "line 1: ts '1767614400' is no time such as 2026-01-31T12:00:00Z; expected",
        ),
        ('{"ts": "0001-01-01", "author": "ann"}\n', "line 1: ts '0001-01-01' is no time"),
        ('{"ts": "9999-12-31", "author": "ann"}\n', "line 1: ts '9999-12-31' is no time"),
        ('{"ts": "2026-01-05", "author": "ann", "kind": "nick"}\n', "line 1: kind nick is noise"),
        ('{"ts": "2026-01-05", "author": {"id": 7}}\n', "line 1: author \"{'id': 7}\" is no name; expected"),
        ("ts,author\n", ":1: no JSON .* `lotse import` makes chat logs of exports"),
        ("[1]\n", "found a list; of a list, `jq"),
        ("null\n", "expected a JSON object, found null"),
        ('{"ts":1}\nnot json\n', ":2: no JSON"),
        ("[1]\n", ":1: expected a JSON object"),
    ],
)
def test_a_bad_history_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """File, line, what was expected."""
    path = tmp_path / "bad.jsonl"
    path.write_text(text)
    with pytest.raises(HistoryError, match=message):
        read_history(path, "c")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ('{"ts": 1}\n'.encode("utf-16"), ":1: expected UTF-8 text, found UTF-16; save the file"),
        ('{"ts": "2026-01-05", "author": "Jörg"}\n'.encode("latin-1"), ":1: expected UTF-8 text; byte 34 of the line is none"),
    ],
)  # fmt: skip
def test_another_encoding_is_called_by_its_name(tmp_path: Path, raw: bytes, message: str) -> None:
    """As shells and spreadsheets of Windows write it."""
    path = tmp_path / "bad.jsonl"
    path.write_bytes(raw)
    with pytest.raises(HistoryError, match=message):
        read_history(path, "c")


def test_the_command_prints_one_object_with_the_documented_keys() -> None:
    """`lotse replay FILE --offline --json`."""
    result = CliRunner().invoke(app, ["replay", str(DEMO), "--offline", "--json"])
    assert result.exit_code == 0
    keys = {
        "events",
        "seconds",
        "members",
        "sends",
        "non_sends",
        "reasons",
        "by_playbook",
        "sends_per_member_week_max",
        "dead_letters",
        "over_trigger_rate",
    }
    told = orjson.loads(result.stdout)
    assert keys <= set(told)
    assert sum(told["shadow_by_playbook"].values()) == told["reasons"]["shadow"] > 0


def test_a_missing_file_is_one_message() -> None:
    """A user's mistake is no traceback."""
    result = CliRunner().invoke(app, ["replay", "/nowhere.jsonl", "--offline"])
    assert isinstance(result.exception, UserError)
    assert "/nowhere.jsonl: cannot be read" in str(result.exception)
