"""Each format: what is history, what is passed over, what is rejected and where; whatever a file holds, it is read to its end."""

import gzip
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.events import Event
from processors.vocabulary import Item as EventItem
from streams.errors import UserError
from streams.gateway.mapping_file import read_mapping
from streams.imports import FORMATS
from streams.imports.archives import RATIO_FROM
from streams.imports.items import Rejected, Row, Skipped

T = "2026-01-31T12:00:00+00:00"


def read(source: str, path: Path, mapping: Path | None = None) -> list[Any]:
    """Return all that a file holds."""
    return list(FORMATS[source](path, read_mapping(mapping) if mapping else None, "town"))


def rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the rows' fields."""
    return [one.fields for one in found if isinstance(one, Row)]


def skipped(found: Iterable[Any]) -> list[str]:
    """Return why parts were passed over."""
    return [one.reason for one in found if isinstance(one, Skipped)]


def rejected(found: Iterable[Any]) -> list[tuple[str, str]]:
    """Return where and why parts were rejected."""
    return [(one.where, one.reason) for one in found if isinstance(one, Rejected)]


SLACK = {
    "users.json": [{"id": "U1"}],
    "channels.json": [{"id": "C1", "name": "general"}],
    "dms.json": [{"id": "D9"}],
    "mpims.json": [{"id": "G9", "name": "a-few"}],
    "D9/2026-01-31.json": [{"type": "message", "user": "U1", "text": "private", "ts": "1769860800.1"}],
    "a-few/2026-01-31.json": [{"type": "message", "user": "U1", "text": "private", "ts": "1769860800.1"}],
    "general/2026-01-31.json": [
        {"type": "message", "user": "U1", "text": "A &amp; B? <@U2>", "ts": "1769860800.000100"},
        {"type": "message", "user": "U2", "text": "yes", "ts": "1769860801.000100", "thread_ts": "1769860800.000100"},
        {"type": "message", "subtype": "channel_join", "user": "U3", "ts": "1769860802.000100"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B", "text": "beep", "ts": "1769860803.0"},
        {"type": "message", "subtype": "channel_topic", "user": "U1", "ts": "1769860803.0"},
        {"type": "message", "user": "U1", "text": "no time"},
        {"type": "message", "text": "nobody", "ts": "1769860803.0"},
        7,
    ],
    "general/2026-02-01.json": "{",
}


def slack_export(root: Path, packed: bool) -> Path:
    """Write the export, as a folder or a zip."""
    files = {name: body if isinstance(body, str) else json.dumps(body) for name, body in SLACK.items()}
    if packed:
        with zipfile.ZipFile(root / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in files.items():
                archive.writestr(name, body)
        return root / "export.zip"
    for name, body in files.items():
        (root / "export" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "export" / name).write_text(body, encoding="utf-8")
    return root / "export"


@pytest.mark.parametrize("packed", [False, True])
def test_slack(packed: bool, tmp_path: Path) -> None:
    """Messages, threads, joins; no direct messages, no bots; ids as the gateway gives them."""
    found = read("slack", slack_export(tmp_path, packed))
    assert rows(found) == [
        {"ts": "2026-01-31T12:00:00.000100+00:00", "author": "slack:U1", "channel": "general", "thread": "general:1769860800.000100",
         "id": "general:1769860800.000100", "kind": "message", "text": "A & B? @U2"},
        {"ts": "2026-01-31T12:00:01.000100+00:00", "author": "slack:U2", "channel": "general", "thread": "general:1769860800.000100",
         "id": "general:1769860801.000100", "kind": "message", "text": "yes"},
        {"ts": "2026-01-31T12:00:02.000100+00:00", "author": "slack:U3", "channel": "general", "id": "general:1769860802.000100", "kind": "join", "text": ""},
    ]  # fmt: skip
    assert sorted(skipped(found)) == ["bot", "message of subtype channel_topic", "private", "private"]
    assert [where for where, _ in rejected(found)] == [
        "general/2026-01-31.json:6", "general/2026-01-31.json:7", "general/2026-01-31.json:8", "general/2026-02-01.json",
    ]  # fmt: skip


def test_discourse_json_and_csv(tmp_path: Path) -> None:
    """Topics, lists of posts, lines; Data Explorer's and the download's columns; whispers, messages and the system are passed over."""
    post = {"id": 14, "user_id": 2, "username": "ann", "topic_id": 10, "raw": "How?", "created_at": T, "post_type": 1}
    topic = {
        "title": "Beginning",
        "category_id": 4,
        "post_stream": {"posts": [post, {**post, "id": 15, "user_id": 3, "raw": None, "cooked": "<p>So &amp; so</p>"}]},
    }
    (tmp_path / "a-topic.json").write_text(json.dumps(topic), encoding="utf-8")
    others = [
        {**post, "post_type": 4},
        {**post, "topic_archetype": "private_message"},
        {**post, "user_id": -1},
        {**post, "created_at": "soon"},
    ]
    (tmp_path / "b-posts.json").write_text(json.dumps({"latest_posts": others}), encoding="utf-8")
    (tmp_path / "c-lines.jsonl").write_text(json.dumps({**post, "id": 16}) + "\n{\n", encoding="utf-8")
    table = 'id,user_id,topic_id,raw,created_at\n17,5,10,"two\nlines",2026-01-31 12:00:00 UTC\n18,5,10\n'
    (tmp_path / "d-table.csv").write_text(table, encoding="utf-8")
    own = f"topic_title,categories,is_pm,post_raw,username,created_at,url\nHello,Lounge,No,hi,ann,{T},u/1\nHello,-,Yes,psst,ann,{T},u/2\n"
    (tmp_path / "e-own.csv").write_text(own, encoding="utf-8")
    found = read("discourse", tmp_path)
    told = [(one["author"], one["thread"], one["id"], one["text"]) for one in rows(found)]
    assert ("discourse:5", "10", "17", "two\nlines") in told
    assert [one for one in told if one[2] != "17"] == [
        ("discourse:2", "10", "14", "How?"), ("discourse:3", "10", "15", "So & so"), ("discourse:2", "10", "16", "How?"), ("ann", "Hello", "u/1", "hi"),
    ]  # fmt: skip
    assert sorted(skipped(found)) == ["no member's post", "private", "private", "system"]
    assert {where for where, _ in rejected(found)} >= {"b-posts.json:4", "c-lines.jsonl:2", "d-table.csv:4"}


def test_discord(tmp_path: Path) -> None:
    """Messages, replies, joins; no bots, no direct messages."""
    message = {
        "id": "1",
        "type": "Default",
        "timestamp": T,
        "content": "hi",
        "author": {"id": "7", "name": "ann", "isBot": False},
    }
    several = [message, {**message, "id": "2", "type": "Reply", "reference": {"messageId": "1"}}, {**message, "type": "GuildMemberJoin"},
               {**message, "author": {"id": "8", "isBot": True}}, {**message, "type": "ChannelPinnedMessage"}, {**message, "timestamp": ""}]  # fmt: skip
    (tmp_path / "a.json").write_text(
        json.dumps({"channel": {"name": "general", "type": "GuildTextChat"}, "messages": several}), encoding="utf-8"
    )
    (tmp_path / "b.json").write_text(
        json.dumps({"channel": {"type": "DirectTextChat"}, "messages": [message]}), encoding="utf-8"
    )
    (tmp_path / "c.json").write_text("{}", encoding="utf-8")
    found = read("discord", tmp_path)
    assert [(one["author"], one["thread"], one["kind"]) for one in rows(found)] == [
        ("discord:7", "1", "message"), ("discord:7", "1", "message"), ("discord:7", "1", "join"),
    ]  # fmt: skip
    assert sorted(skipped(found)) == ["bot", "message of type ChannelPinnedMessage", "private"]
    assert [where for where, _ in rejected(found)] == ["a.json:6", "c.json"]


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("chan.log", ["--- Log opened Sat Jan 31 00:00:00 2026", "12:00 <@ann> hello", "12:01 -!- ben [b@host] has joined #chan", "12:02  * ann waves"],
         [("ann", "12:00:00", "message", "hello"), ("ben", "12:01:00", "join", ""), ("ann", "12:02:00", "action", "waves")]),
        ("chan.2026-01-31.log", ["[12:00:00] <ann> a: b", "[12:00:01] *** Joins: ben (b@host)", "[12:00:02] *** Quits: ben (b@host) (bye)"],
         [("ann", "12:00:00", "message", "a: b"), ("ben", "12:00:01", "join", ""), ("ben", "12:00:02", "quit", "")]),
        ("chan.weechatlog", ["2026-01-31 12:00:00\tann\thello", "2026-01-31 12:00:01\t-->\tben (b@host) has joined #chan", "2026-01-31 12:00:02\t--\tnote"],
         [("ann", "12:00:00", "message", "hello"), ("ben", "12:00:01", "join", "")]),
    ],
)  # fmt: skip
def test_irc(name: str, lines: list[str], expected: list[tuple[str, str, str, str]], tmp_path: Path) -> None:
    """irssi, ZNC, weechat; the day from a heading, the name, the line."""
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    found = read("irc", tmp_path / name)
    assert [(one["author"], one["ts"], one["kind"], one["text"]) for one in rows(found)] == [
        (who, f"2026-01-31T{clock}+00:00", kind, words) for who, clock, kind, words in expected
    ]
    assert {one["channel"] for one in rows(found)} == {"chan"}
    assert rejected(found) == []


def test_irc_lines_without_a_day_or_time_are_rejected_with_their_number(tmp_path: Path) -> None:
    """They are told, never guessed."""
    (tmp_path / "x.log").write_bytes(b"12:00 <ann> when?\nno time\n2026-01-31 12:00 <ann> caf\xe9\n")
    found = read("irc", tmp_path / "x.log")
    assert [where for where, _ in rejected(found)] == ["x.log:1", "x.log:2"]
    assert rows(found)[0]["text"] == "café"


def test_mbox(tmp_path: Path) -> None:
    """Threads by references, words without attachments, no address anywhere; a line that begins with From is none."""
    (tmp_path / "list.mbox").write_text(
        "From ann@example.org Sat Jan 31 12:00:00 2026\nFrom: Ann <Ann@example.org>\nDate: Sat, 31 Jan 2026 12:00:00 +0000\n"
        "Message-ID: <m1@example.org>\nSubject: How\nList-Id: <users.example.org>\n\nHow do I?\nFrom here on?\n\n"
        "From ben Sat Jan 31 12:01:00 2026\nFrom: ann at example.org (Ann)\nDate: Sat, 31 Jan 2026 13:01:00 +0100\nMessage-ID: <m2@x>\n"
        "References: <m1@example.org> <m1b@x>\nContent-Type: text/html\n\n<p>So</p>\n\n"
        "From x Sat Jan 31 12:02:00 2026\nFrom: ann@example.org\nDate: never\n\nx\n",
        encoding="utf-8",
    )
    found = read("mbox", tmp_path / "list.mbox")
    first, second = rows(found)
    assert (first["thread"], first["text"], first["ts"]) == ("m1@example.org", "How do I?\nFrom here on?", T)
    assert (second["thread"], second["text"], second["author"]) == ("m1@example.org", "So", first["author"])
    assert "example" not in first["author"]
    assert [where for where, _ in rejected(found)] == ["list.mbox:20"]


MAP = "events:\n  - type: event.attended\n    when: {kind: here}\n    member: person\n    id: [nr]\n    time: at\n    data: {name: what}\n"


def test_tables_by_a_mapping_and_without(tmp_path: Path) -> None:
    """Events where a rule says so; rows of the neutral names else; every bad line with its number."""
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        f"kind;person;nr;at;what\nhere;ann;1;{T};meetup\naway;ann;2;{T};meetup\nhere;;3;{T};meetup\nhere;ann;4;;meetup\n",
        encoding="utf-8",
    )
    found = read("csv", tmp_path / "a.csv", tmp_path / "map.yaml")
    (event,) = [one for one in found if isinstance(one, Event)]
    assert (event.type, event.key, event.data) == ("event.attended", "town/ann", EventItem(name="meetup"))
    assert skipped(found) == ["no rule of the mapping fits"]
    assert [where for where, _ in rejected(found)] == ["a.csv:4", "a.csv:5"]
    (tmp_path / "b.jsonl").write_text(
        json.dumps({"ts": T, "author": "ann", "text": "hi"}) + "\n[]\n\n{\n", encoding="utf-8"
    )
    found = read("jsonl", tmp_path / "b.jsonl")
    assert [(one["author"], one["text"]) for one in rows(found)] == [("ann", "hi")]
    assert [where for where, _ in rejected(found)] == ["b.jsonl:2", "b.jsonl:4"]


def test_calendars(tmp_path: Path) -> None:
    """Each time of something that recurs, announced a week before."""
    (tmp_path / "c.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTART:20260105T180000Z\r\nSUMMARY:Meetup\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
    )
    found = [one for one in read("ics", tmp_path / "c.ics") if isinstance(one, Event)]
    assert [(one.type, one.key) for one in found] == [("event.announced", "town")] * 3
    assert all(isinstance(one.data, EventItem) and one.data.starts == one.time + 7 * 86400 for one in found)
    (tmp_path / "d.ics").write_text("no calendar", encoding="utf-8")
    assert rejected(read("ics", tmp_path / "d.ics"))
    broken = "BEGIN:VEVENT\r\nUID:{0}\r\n{1}\r\nEND:VEVENT\r\n"
    events = (
        broken.format("a", "DTSTART:20260105T180000Z\r\nSUMMARY:Meetup")
        + broken.format("b", "DTSTART:soon\r\nSUMMARY:Late")
        + broken.format("c", "DTSTART:20260105T180000Z")
    )
    (tmp_path / "e.ics").write_text(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n", encoding="utf-8"
    )
    found = read("ics", tmp_path / "e.ics")
    assert rejected(found) == [("e.ics:9", "no DTSTART that can be read"), ("e.ics:14", "no SUMMARY that can be read")]
    assert len([one for one in found if isinstance(one, Event)]) == 1


def test_packed_lines_are_read_to_their_end(tmp_path: Path) -> None:
    """All members of a gz, as joined files are; one that is cut short, broken or none says so, and what could be read counts."""
    line = b'{"ts": "%b", "author": "ann", "text": "hi"}\n' % T.encode()
    packed, path = gzip.compress(line * 200), tmp_path / "x.jsonl.gz"
    for content, count, reason in (
        (gzip.compress(line) * 3, 3, ""), (packed[:-8], 200, "EOFError"), (packed[:30], 0, "EOFError"), (b"no gz", 0, "BadGzipFile"),
        (packed + b"behind it", 200, "BadGzipFile"), (b"", 0, ""),
    ):  # fmt: skip
        path.write_bytes(content)
        found = read("jsonl", path)
        assert len(rows(found)) == count
        whole = [why for where, why in rejected(found) if where == "x.jsonl.gz"]
        assert whole == ([f"no gz that can be read to its end ({reason})"] if reason else [])


def test_a_day_of_slack_that_is_no_list_is_told(tmp_path: Path) -> None:
    """Not passed over in silence."""
    (tmp_path / "general").mkdir()
    (tmp_path / "general" / "2026-01-31.json").write_text('{"oops": 1}', encoding="utf-8")
    assert rejected(read("slack", tmp_path)) == [("general/2026-01-31.json", "expected a list of messages")]


def test_bombs_and_ways_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    """Nothing is unpacked beyond what an export can be, and nothing by a name that leads elsewhere."""
    bomb, way_out = tmp_path / "bomb.zip", tmp_path / "out.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("general/2026-01-31.json", b"0" * (RATIO_FROM + 1))
    with zipfile.ZipFile(way_out, "w") as archive:
        archive.writestr("../../etc/x.json", b"[]")
    for path, told in ((bomb, "no export packs so"), (way_out, "leads out")):
        with pytest.raises(UserError, match=told):
            read("slack", path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.json").symlink_to("/etc/hostname")
    with pytest.raises(UserError, match="leads out"):
        read("slack", tmp_path / "folder")


ENDINGS = {
    "slack": "json",
    "discourse": "json",
    "discord": "json",
    "irc": "log",
    "mbox": "mbox",
    "csv": "csv",
    "jsonl": "jsonl",
    "ics": "ics",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["messages", "posts", "ts", "user", "text", "author", "id", "raw", "x"]), inner, max_size=4
        )
    ),
    max_leaves=15,
)
PIECES = st.lists(
    st.sampled_from(
        [
            b"From a\n",
            b"Date: x\n",
            b"12:00 <a> b\n",
            b"BEGIN:VEVENT\r\n",
            b"a,b\n",
            b'"',
            b"\n\n",
            b"\xff\xfe",
            b"{}\n",
        ]
    ),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("source", FORMATS)
@given(content=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()) | PIECES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_is_read_to_its_end(source: str, content: bytes, tmp_path: Path) -> None:
    """No exception: rows, or reasons."""
    path = tmp_path / f"x.{ENDINGS[source]}"
    path.write_bytes(content)
    assert all(isinstance(one, Row | Event | Skipped | Rejected) for one in read(source, path))
