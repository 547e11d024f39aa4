"""What an evaluation is given: noise passed over, presence kept, windows apart, a file of nothing refused."""

import gzip
import os
import tracemalloc
from pathlib import Path

import orjson
import pytest

from streams.errors import UserError
from streams.evaluation.reading import chat_logs, items, label_of
from streams.evaluation.task import Options
from streams.evaluation.tasks import TASKS
from streams.history.lines import LINE_MAX


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
        {"ts": "2020-01-01T00:00", "author": ["a"], "text": "by no name"},
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


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_is_read_like_a_file(*, packed: bool) -> None:
    """As of a shell's <(command): it can be opened and read but once."""
    line = b'{"text": "one", "label": 1}\n'
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(gzip.compress(line) if packed else line)
    try:
        assert items([Path(f"/dev/fd/{reading}")], lambda row: row["text"], "text") == ["one"]
    finally:
        os.close(reading)


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read_as_a_dash(*, packed: bool, tmp_path: Path) -> None:
    """Plain or gz, as other programs do."""
    line, content = b'{"text": "one", "label": 1}\n', tmp_path / "content"
    content.write_bytes(gzip.compress(line) if packed else line)
    before = os.dup(0)
    try:
        with content.open("rb") as file:
            os.dup2(file.fileno(), 0)
        assert items([Path("-")], lambda row: row["text"], "text") == ["one"]
    finally:
        os.dup2(before, 0)
        os.close(before)


@pytest.mark.parametrize("packed", [False, True])
def test_what_has_no_line_breaks_is_refused_before_it_fills_the_memory(*, packed: bool, tmp_path: Path) -> None:
    """A database, a video, a gz that unpacks to far more than it weighs: file, line and bound are named."""
    path = tmp_path / "one-line.jsonl"
    first = b'{"text": "one"}\n'
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(first)
        for _ in range(6):
            file.write(b" " * LINE_MAX)
    tracemalloc.start()
    try:
        with pytest.raises(
            UserError, match=r"one-line\.jsonl:2: a line of more than 16 MiB; expected one JSON object a line"
        ):
            items([path], lambda row: row["text"], "text")
        assert tracemalloc.get_traced_memory()[1] < 3 * LINE_MAX
    finally:
        tracemalloc.stop()


def test_the_longest_line_is_read(tmp_path: Path) -> None:
    """With and without a line break at its end."""
    path = tmp_path / "long.jsonl"
    for end in (b"\n", b""):
        path.write_bytes(b'{"text": "one"}'.ljust(LINE_MAX - len(end)) + end + b'{"text": "two"}' * len(end))
        assert items([path], lambda row: row["text"], "text") == ["one", "two"][: 1 + len(end)]


def test_files_are_read_as_people_write_them(tmp_path: Path) -> None:
    """gz by its first bytes, whatever its name; a byte order mark, CRLF, blank lines, and separators of Unicode within a text."""
    line = '{"text": "one\u2028two\u0085three", "label": 1}'.encode()
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n" + line)
    named_plain = tmp_path / "packed.jsonl"
    named_plain.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (plain, named_plain):
        assert items([path], lambda row: row["text"], "text") == ["one\u2028two\u0085three"] * 2
    torn = tmp_path / "torn.jsonl.gz"
    packed = gzip.compress(line * 100)
    torn.write_bytes(packed[:30] + b"\xff" * 20 + packed[50:])
    with pytest.raises(UserError, match=r"torn\.jsonl\.gz: cannot be read"):
        items([torn], lambda row: row["text"], "text")


def test_labels_are_whole_numbers_however_written() -> None:
    """As other programs write them; words, halves and nothing are no label."""
    assert [label_of(value) for value in (2, 1.0, "1", True, " 0 ")] == [2, 1, 1, 1, 0]
    assert [label_of(value) for value in (None, "yes", 0.5, "", [], {}, float("nan"), "9" * 99)] == [None] * 8


def test_times_that_no_chat_has_are_none(tmp_path: Path) -> None:
    """One line of the year 9999 would make a log of eight thousand years."""
    rows = [{"ts": ts, "author": "a", "text": ts} for ts in ("9999-12-31T23:00", "2020-01-01T00:00", "0001-01-01")]
    assert [line.text for line in chat_logs([written(tmp_path / "log.jsonl", *rows)])[0]] == ["2020-01-01T00:00"]


@pytest.mark.parametrize("task", sorted(TASKS))
def test_whatever_stands_in_a_line_is_an_answer_or_one_message(task: str, tmp_path: Path) -> None:
    """Fields of a wrong type, missing, or of another task: figures with all keys, or an error for people."""
    row = {
        "ts": "2020-01-01T00:00", "author": "a", "channel": "c", "kind": "message", "id": "w:1", "text": "how do I start?", "label": 1,
        "a": {"text": "how do I start?"}, "b": {"text": "how to begin?"}, "qid": "q", "q_subject": "x", "c_subject": "x", "duplicate": 1,
        "q1": "x", "q2": "y", "coarse": "OFFENSE", "tbdf": None, "user": "u", "severity": 2, "posts": ["x"], "member": "m",
        "event": "registered", "question": "x", "answers": ["x"], "replies_to": ["w:1"], "annotated": True,
    }  # fmt: skip
    odd: list[object] = [None, "", 0, -1.5, True, [], {}, [None, 1], {"text": 5}, "x" * 3000, "\u2028"]
    mixed = [{**row, field: value} for field in row for value in odd]
    mixed += [{key: row[key] for key in row if key != field} for field in row]
    path = written(tmp_path / "mixed.jsonl", row, *mixed)
    assert set(TASKS[task].KEYS) <= set(TASKS[task].evaluate([path], Options()))
    for value in (None, [], {}):
        path = written(tmp_path / "nothing.jsonl", dict.fromkeys(row, value))
        with pytest.raises(UserError, match=path.name):
            TASKS[task].evaluate([path], Options())
