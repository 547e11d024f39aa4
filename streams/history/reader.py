"""Reads a community's history: one JSON object a line, plain or gz, in the neutral format or as CloudEvents.

Fields of the neutral format: `ts` (ISO 8601, no zone = UTC), `author`, `channel`, `text`, `kind`, and `thread` where there are threads.
Lines without author or time, and the kinds join, part, quit, nick and system, are presence or noise.
A line with `specversion` is an event as it lies in the member log (its `subject` is the key).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from processors.events import Event
from processors.vocabulary import Data, Reply, Text
from streams.history.cloud_events import cloud_event
from streams.history.lines import HistoryError, json_objects

PRESENCE = {"join": "presence.seen", "part": "presence.seen", "quit": "presence.seen"}
NOISE = frozenset({"nick", "system"})
BEGIN, END = 0.0, 4_102_444_800.0  # epoch seconds: before 1970 and after 2099 no chat was, such a time is none


def read_history(path: Path, community: str) -> list[Event]:
    """Return the events of a file in time order; the first of an author is preceded by `community.joined`.

    Raises `HistoryError` where the file cannot be read, a line is no JSON object, or no line is usable.
    """
    rows: list[tuple[float, int, dict[str, Any]]] = []
    events: list[Event] = []
    first = ""
    for number, row in json_objects(path):
        if "specversion" in row:
            events += cloud_event(path, number, row)
        else:
            rows += _usable(number, row)
            first = first or f"line {number}: {_wanting(row)}; "
    if not rows and not events:
        raise HistoryError(
            f"{path}: no usable line; {first}expected one JSON object a line with ts, author, channel, text, kind, or a CloudEvent"
        )
    lines = list(events_of(sorted(rows, key=lambda row: (row[0], row[1])), community))
    return sorted([*lines, *events], key=lambda event: event.time) if events else lines


def _usable(number: int, row: dict[str, Any]) -> Iterator[tuple[float, int, dict[str, Any]]]:
    time = time_of(row)
    if time is not None and author_of(row) and row.get("kind", "message") not in NOISE:
        yield time, number, row


def _wanting(row: dict[str, Any]) -> str:
    """Return why a line is not usable, as its author can mend it."""
    for field in ("ts", "author"):
        if not row.get(field):
            there = ", ".join(list(map(str, row))[:8])
            return f"no {field}, only {there}" if there else f"no {field}"
    if not author_of(row):
        return f"author {str(row['author'])[:40]!r} is no name"
    if time_of(row) is None:
        return f"ts {str(row['ts'])[:40]!r} is no time such as 2026-01-31T12:00:00Z"
    return f"kind {str(row.get('kind'))[:40]} is noise"


def time_of(row: dict[str, Any]) -> float | None:
    """Return a line's time in epoch seconds (no zone = UTC), None where it has none that a chat can have."""
    try:
        time = datetime.fromisoformat(str(row.get("ts")))
    except ValueError:
        return None
    at = (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    return at if BEGIN <= at < END else None


def author_of(row: dict[str, Any]) -> str:
    """Return whom a line names as its author, empty where that is no name or number: an object would make one member of many."""
    author = row.get("author")
    return str(author) if isinstance(author, str | int) and author is not True else ""


def events_of(rows: Iterable[tuple[float, int, dict[str, Any]]], community: str) -> Iterator[Event]:
    """Yield the events of (epoch s, line number, line) in time order; `community.joined` comes before an author's first."""
    known: set[str] = set()
    begun: set[str] = set()
    for time, number, row in rows:
        key = f"{community}/{author_of(row).replace('/', '_')[:80]}"
        if key not in known:
            known.add(key)
            yield Event(_identifier(community, key, "joined"), "community.joined", key, time, Data(), True)
        channel, thread = _name(row.get("channel")), _name(row.get("thread"))
        identifier = _identifier(community, str(row.get("id") or number), str(number))
        kind = str(row.get("kind", "message"))
        if kind in PRESENCE:
            yield Event(identifier, PRESENCE[kind], key, time, Data(channel=channel), True)
            continue
        text = str(row.get("text") or "")
        reply = thread is not None and thread in begun
        begun.add(thread or "")
        data = (
            Reply(channel=channel, thread=thread, text=text)
            if reply
            else Text(channel=channel, thread=thread, text=text)
        )
        yield Event(identifier, "post.replied" if reply else "post.created", key, time, data, True)


def _name(value: object) -> str | None:
    return str(value)[:120] if value else None


def _identifier(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
