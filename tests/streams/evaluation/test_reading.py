"""What an evaluation is given: noise passed over, presence kept, windows apart, a file of nothing refused."""

from pathlib import Path

import orjson
import pytest

from streams.errors import UserError
from streams.evaluation.reading import chat_logs, items


def written(path: Path, *rows: dict[str, object]) -> Path:
    """Write rows as JSON lines."""
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return path


def test_lines_without_author_or_time_are_noise(tmp_path: Path) -> None:
    """So are renamings and system lines; joins stay as presence; a time without zone is UTC; minutes are put in order."""
    path = written(
        tmp_path / "log.jsonl",
        {"ts": "2020-01-01T00:01", "author": "b", "text": "second", "kind": "message"},
        {"ts": "2020-01-01T00:00", "author": "a", "kind": "join"},
        {"ts": "2020-01-01T00:00:00+00:00", "author": "a", "text": "first"},
        {"ts": "2020-01-01T00:00", "text": "by nobody"},
        {"author": "a", "text": "at no time"},
        {"ts": "2020-01-01T00:00", "author": "a", "kind": "nick"},
    )
    (log,) = chat_logs([path])
    assert [(line.author, line.text, line.spoken) for line in log] == [
        ("a", "", False),
        ("a", "first", True),
        ("b", "second", True),
    ]
    assert log[0].ts == log[1].ts == 1577836800.0


def test_windows_are_logs_of_their_own(tmp_path: Path) -> None:
    """Ids `window:line` tell them apart."""
    rows = [{"id": f"{window}:1", "ts": "2020-01-01T00:00", "author": "a", "text": window} for window in ("one", "two")]
    assert [[line.text for line in log] for log in chat_logs([written(tmp_path / "w.jsonl", *rows)])] == [
        ["one"],
        ["two"],
    ]


def test_a_file_without_a_usable_line_is_an_error(tmp_path: Path) -> None:
    """Even beside a good one; and the message says what was expected."""
    good = written(tmp_path / "good.jsonl", {"text": "x", "label": 1})
    bad = written(tmp_path / "bad.jsonl", {"text": "x"})
    with pytest.raises(UserError, match=r"bad\.jsonl: no usable line; expected .* text and label"):
        items([good, bad], lambda row: row.get("label"), "text and label")
    with pytest.raises(UserError, match=r"nowhere\.jsonl: cannot be read"):
        chat_logs([tmp_path / "nowhere.jsonl"])
