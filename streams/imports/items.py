"""What an export is read as: rows of the neutral history format, events, parts that are passed over, parts that cannot be read."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from processors.events import Event
from streams.gateway.reading import NAME_MAX, TEXT_MAX, text, time_of

RAW_MAX = 2000  # characters that are kept of a rejected part


class Row(NamedTuple):
    """One line of the neutral format (see streams/history/reader.py)."""

    fields: dict[str, Any]


class Skipped(NamedTuple):
    """A part that is no history: a bot, a private word; `reason` is one of few, for counting."""

    reason: str


class Rejected(NamedTuple):
    """A part that should be history and cannot be read: where, why, and its beginning."""

    where: str
    reason: str
    raw: str = ""


Item = Row | Event | Skipped | Rejected


class PrivateError(Exception):
    """A file of private conversations: it is passed over whole."""


def row(
    where: str, *, time: Any, author: Any, raw: Any = "", channel: Any = None, thread: Any = None, number: Any = None,
    words: Any = None, kind: str = "message",
) -> Item:  # fmt: skip
    """Return a row, or what is wrong with it. `raw` is kept if it is rejected; `number` is the platform's own id."""
    when, who = time_of(time), text(author, NAME_MAX)
    if when is None:
        return Rejected(where, "no time between 2000 and 2100", str(raw)[:RAW_MAX])
    if who is None:
        return Rejected(where, "no author", str(raw)[:RAW_MAX])
    fields = {
        "ts": datetime.fromtimestamp(when, UTC).isoformat(), "author": who, "channel": text(channel), "thread": text(thread),
        "id": text(number), "kind": kind, "text": text(words, TEXT_MAX) or "",
    }  # fmt: skip
    return Row({name: value for name, value in fields.items() if value is not None})
