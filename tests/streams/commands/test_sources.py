"""`lotse map`: one object a file, a table for people, exit codes."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from streams.codec import Codec
from streams.commands import app
from streams.errors import UserError

MESSAGE = {
    "type": "event_callback",
    "event": {"type": "message", "channel": "C1", "user": "U1", "text": "[/x] hello", "ts": "1769860800.5"},
}


def run(tmp_path: Path, contents: dict[str, bytes], *words: str, source: str = "slack") -> Result:
    """Write files and map them."""
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return CliRunner().invoke(app, ["map", source, *(str(tmp_path / name) for name in contents), *words])


def rows(result: Result) -> list[dict[str, Any]]:
    """Return what was printed, a line a file."""
    return [orjson.loads(line) for line in result.stdout.splitlines()]


def test_what_is_shown_is_what_would_be_written(tmp_path: Path) -> None:
    """An event decodes as a record of the member log does; the four fields are always there."""
    result = run(
        tmp_path,
        {"a.json": orjson.dumps(MESSAGE), "b.json": b'{"type": "hello"}', "c.json": b'{"type": "event_callback"}'},
        "--json",
        "--community",
        "town",
    )
    assert result.exit_code == 0
    event, ignored, invalid = rows(result)
    assert event == {"file": str(tmp_path / "a.json"), "events": event["events"], "ignored": None, "error": None}
    (written,) = event["events"]
    decoded = Codec(b"any").decode(b"town/slack:U1", orjson.dumps(written))
    assert (decoded.type, decoded.time, written["source"]) == ("post.created", 1769860800.5, "/in/slack")
    assert (ignored["events"], ignored["ignored"], ignored["error"]) == ([], "hello: about the connection", None)
    assert (invalid["events"], invalid["ignored"]) == ([], None)
    assert invalid["error"].startswith("event: expected an object")


def test_headers_tell_the_kind(tmp_path: Path) -> None:
    """Names in any case; the same body means something else under another header."""
    body = {"user": {"id": 5, "created_at": "2026-01-31T12:00:00Z"}}
    kinds = []
    for event in ("user_created", "user_destroyed"):
        result = run(
            tmp_path,
            {"a.json": orjson.dumps(body)},
            "--json",
            "--header",
            f"X-Discourse-Event={event}",
            source="discourse",
        )
        kinds.append(rows(result)[0]["events"][0]["type"])
    assert kinds == ["community.joined", "community.left"]


def test_a_file_that_is_no_json_ends_with_2_and_the_others_are_shown(tmp_path: Path) -> None:
    """So is a file that is not there."""
    result = run(tmp_path, {"a.json": b"{", "b.json": orjson.dumps(MESSAGE)}, str(tmp_path / "none.json"), "--json")
    assert result.exit_code == 2
    bad, good, none = rows(result)
    assert "no JSON" in bad["error"]
    assert good["events"]
    assert "No such file" in none["error"]


def test_lines_lists_and_forms(tmp_path: Path) -> None:
    """A row of an export a line, a bad one told by its number; a batch; Slack's form; equal reasons told once."""
    lines = b'{"event_name": "login", "user_id": "m1", "event_timestamp": 1769860800500000}\n{"event_name"\n{"event_name": "login", "user_id": "m2"}\n'
    (row,) = rows(run(tmp_path, {"a.jsonl": lines}, "--json", source="ga4"))
    assert [one["subject"] for one in row["events"]] == ["community/m1", "community/m2"]
    assert row["error"].startswith("line 2: no JSON")
    (row,) = rows(run(tmp_path, {"a.json": b'[{"type": "alias"}, {"type": "alias"}]'}, "--json", source="segment"))
    assert row["ignored"].endswith("(2 times)")
    (row,) = rows(run(tmp_path, {"a.form": b"token=t&command=%2Flotse&user_id=U1&text=moss"}, "--json"))
    assert row["events"][0]["data"] == {"text": "moss"}


def test_a_payload_without_a_time_has_that_of_its_arrival(tmp_path: Path) -> None:
    """As given, else the file's own, so that mapping it again shows the same."""
    body = {"a.json": b'{"type": "presence.seen", "member": "m1"}'}
    (row,) = rows(run(tmp_path, body, "--json", "--received", "2026-01-31T12:00:00Z", source="zapier"))
    assert row["events"][0]["time"] == "2026-01-31T12:00:00+00:00"
    once = rows(run(tmp_path, body, "--json", source="zapier"))
    again = rows(CliRunner().invoke(app, ["map", "zapier", str(tmp_path / "a.json"), "--json"]))
    assert once == again


def test_a_press_is_shown_as_what_only_the_gateway_can_read(tmp_path: Path) -> None:
    """What it means is in a signed token, and the key is the deployment's."""
    press = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "actions": [{"action_id": "lotse:helpful", "value": "a.token", "action_ts": "1769860800.5"}],
    }
    (row,) = rows(run(tmp_path, {"a.json": orjson.dumps(press)}, "--json"))
    assert row["events"] == []
    assert "signed token" in row["ignored"]


def test_a_table_for_people_takes_words_as_they_are(tmp_path: Path) -> None:
    """Square brackets in somebody's words are no markup."""
    result = run(tmp_path, {"a.json": orjson.dumps(MESSAGE), "b.json": b'{"type": "hello"}'})
    assert result.exit_code == 0
    assert "post.created" in result.stdout
    assert "[/x]" in result.stdout
    assert "(ignored)" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["discurse", "a"], "did you mean discourse?"),
        (["slack", "a", "--header", "nothing"], "expected NAME=VALUE"),
        (["slack", "a", "--community", "a/b"], "expected a name without /"),
        (["slack", "a", "--received", "soon"], "expected ISO 8601"),
        (["slack", "a", "--mapping", "none.yaml"], "none.yaml"),
    ],
)
def test_a_mistake_is_one_message(words: list[str], expected: str) -> None:
    """Exit 2, no traceback."""
    result = CliRunner().invoke(app, ["map", *words])
    assert isinstance(result.exception, UserError)
    assert result.exception.code == 2
    assert expected in str(result.exception)
