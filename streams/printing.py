"""Records as lines for a terminal: nothing that a member wrote unless asked for, no character that acts on the screen."""

import re
from typing import Any

import orjson

from processors.decisions import SAFETY
from streams.errors import UserError
from streams.explanation.story import BARE
from streams.runtime.stage import Record
from streams.topics import dead_letters

# Fields of our contracts that hold words of members, or words made for one of them; a field that we do not know is taken
# for words where it has a space. `needed` is a stage's own.
WORDS = frozenset({"text", "query", "because", "title", "about"})
OURS = frozenset({"needed"})
_SPACE = re.compile(r"\s")
# Control characters (C0, DEL, C1) and those that turn the direction of writing (Unicode TR36, 3.1).
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return text with each character that acts on a terminal as its escape, which JSON reads back."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def member_key(member: str) -> bytes:
    """Return a member's key. Raises `UserError` for what is not <community>/<member>."""
    community, slash, name = member.partition("/")
    if not (community and slash and name):
        raise UserError(f"{member!r}: expected <community>/<member>")
    return member.encode()


def line_of(record: Record, *, text: bool) -> str:
    """Return a record as one JSON object; unless `text`, words of members are replaced by their length.

    A dead letter keeps to no contract: of it only the length is shown. Of the safety lane never more than id, time and
    reason.
    """
    raw = record.value or b""
    try:
        value: Any = orjson.loads(raw or b"null")
    except orjson.JSONDecodeError:
        value = raw.decode(errors="replace") if text else f"({len(raw)} bytes, no JSON)"
    if not text:
        value = f"({len(raw)} bytes)" if record.topic.endswith(dead_letters("")) else without_words(value)
    if isinstance(value, dict) and value.get("lane") == SAFETY:
        value = {name: value[name] for name in BARE if name in value}
    fields = {
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": (record.key or b"").decode(errors="replace"),
        "value": value,
    }
    return printable(orjson.dumps(fields).decode())


def without_words(value: Any) -> Any:
    """Return a JSON value with the words of members replaced by their length."""
    if isinstance(value, list):
        return [without_words(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"({len(one)} characters)" if _words(name, one) else without_words(one) for name, one in value.items()
    }


def _words(name: str, value: Any) -> bool:
    return isinstance(value, str) and (name in WORDS or (name not in OURS and _SPACE.search(value) is not None))
