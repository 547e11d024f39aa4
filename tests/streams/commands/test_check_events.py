"""`lotse check-events`: each line as the codec would read it, with the reason that its dead letter would have."""

import gzip
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from streams.commands import app
from streams.commands.check_events import check
from streams.errors import UserError
from tests.support.command_line import commands_in
from tests.support.tree import ROOT


def line(**changes: Any) -> bytes:
    """A sound event, and what is changed of it."""
    sound = {
        "specversion": "1.0", "id": "e1", "source": "/shop", "type": "post.created", "subject": "town/ann",
        "time": "2026-01-05T12:00:00Z", "data": {"text": "hello"},
    }  # fmt: skip
    return orjson.dumps({name: value for name, value in (sound | changes).items() if value is not None})


def test_a_sound_event_is_taken() -> None:
    """Unknown fields and types are no error; the type is told."""
    assert check(1, line(data={"text": "x", "colour": "red"})) == (1, "", "", "")
    assert check(1, line(type="shop.bought")).unknown == "shop.bought"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "json"),
        (b"[1]", "schema"),
        (line(subject=None), "key"),
        (line(subject="ann"), "key"),
        (line(time="2026-01-05T12:00:00"), "clock"),
        (line(time="yesterday"), "schema"),
        (line(specversion="0.3"), "version"),
        (line(data={"text": 7}), "schema"),
        (line(type="outcome.delivered", data={}), "forged"),
        (line(subject="@3"), "forged"),
        (line(id="x" * 300), "schema"),
        (line(data={"text": "x" * 1_000_001}), "size"),
    ],
)
def test_what_would_be_a_dead_letter_says_why(content: bytes, reason: str) -> None:
    """The same words as in the dead letters, and what was expected."""
    found = check(3, content)
    assert (found.line, found.reason) == (3, reason)
    assert found.detail


def test_announcements_have_a_community_as_their_subject() -> None:
    """And are of few types."""
    news = {"type": "feature.announced", "subject": "town", "data": {"name": "dark mode"}}
    assert check(1, line(**news), announcements=True).reason == ""
    assert check(1, line(subject="town"), announcements=True).reason == "type"
    assert check(1, line(**news)).reason == "key"


def test_the_command_tells_lines_and_ends_with_one(tmp_path: Path) -> None:
    """Plain and gz; as text and as JSON; a file that is not there is one message."""
    content = b"\n".join([line(), b"", line(subject="ann"), line(type="shop.bought")])
    (tmp_path / "e.jsonl").write_bytes(content)
    (tmp_path / "e.jsonl.gz").write_bytes(gzip.compress(content))
    (tmp_path / "good.jsonl").write_bytes(line())
    run = CliRunner().invoke
    for name in ("e.jsonl", "e.jsonl.gz"):
        done = run(app, ["check-events", str(tmp_path / name), "--json"])
        told = orjson.loads(done.stdout)
        assert (done.exit_code, told["ok"], [one["line"] for one in told["refused"]]) == (1, 2, [3])
        assert told["unknown_types"] == {"shop.bought": 1}
    plain = run(app, ["check-events", str(tmp_path / "e.jsonl")]).stdout
    assert "e.jsonl:3: key: a key <community>/<member>" in plain
    assert plain.endswith("2 ok, 1 refused\n")
    assert run(app, ["check-events", str(tmp_path / "good.jsonl")]).exit_code == 0
    assert "cannot be read" in str(run(app, ["check-events", str(tmp_path / "none")]).exception)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no event in it; expected one CloudEvent"),
        (b"\n \n", "no event in it"),
        (gzip.compress(line())[:-9], "Compressed file ended before"),
        (gzip.compress(line() * 99)[:20] + b"x" * 40, "cannot be read"),
        (line().decode().encode("utf-16"), "expected UTF-8 text, found UTF-16"),
    ],
)
def test_a_file_without_an_event_is_one_message(tmp_path: Path, content: bytes, told: str) -> None:
    """A build whose code wrote nothing must not pass."""
    (tmp_path / "e.jsonl").write_bytes(content)
    error = CliRunner().invoke(app, ["check-events", str(tmp_path / "e.jsonl")]).exception
    assert isinstance(error, UserError), error
    assert told in str(error)


def test_what_producers_slip_at_is_told(tmp_path: Path) -> None:
    """A type that is nearly one; a byte order mark is none."""
    (tmp_path / "e.jsonl").write_bytes(b"\xef\xbb\xbf" + line(type="question.askd"))
    done = CliRunner().invoke(app, ["check-events", str(tmp_path / "e.jsonl")])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0, "passed over: 1 of type question.askd, which Lotse does not know; did you mean question.asked?",
    )  # fmt: skip


def test_the_page_for_producers_shows_events_that_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its example, and each of its commands, in its order; what it says of the exit code."""
    page = (ROOT / "streams" / "gateway" / "producers.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    launch = line(type="feature.announced", subject="town", data={"name": "dark-mode", "title": "Dark mode"})
    monkeypatch.chdir(tmp_path)
    Path("events.jsonl").write_text(example)
    Path("launches.jsonl").write_bytes(launch)
    called = [words for words in commands_in(page, "lotse") if words[:1] == ["check-events"] and len(words) > 1]
    assert len(called) == 3
    for words in called:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
    Path("events.jsonl").write_text(example.replace("Z", "", 1))
    assert CliRunner().invoke(app, called[0]).exit_code == 1
