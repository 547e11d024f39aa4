"""The consent ledger: who agreed to what, and when, and took it back; read from the log, which is the only record of it."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY

KINDS = (
    "consent.given", "consent.withdrawn", "preference.opted_out", "preference.opted_in", "preference.snoozed",
    "outcome.opted_out", "outcome.snoozed",
)  # fmt: skip
_MARKS = tuple(f'"{kind}"'.encode() for kind in KINDS)


class Entry(NamedTuple):
    """One line: what was said (`type`), about which kind of help, when (ISO 8601, UTC), and by what it came."""

    member: str
    type: str
    kind: str
    time: str
    source: str
    id: str


def ledger(bootstrap: str, keys: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Yield the lines of these members, of all where none is named, as far back as the log reaches."""
    for record in read_topic(bootstrap, ACTIVITY):
        member = (record.key or b"").decode(errors="replace")
        if (keys and member not in keys) or not any(mark in (record.value or b"") for mark in _MARKS):
            continue
        try:
            event = orjson.loads(record.value)
        except orjson.JSONDecodeError:
            continue
        if isinstance(event, dict) and event.get("type") in KINDS:
            yield _entry(member, event, record.timestamp / 1000)


def _entry(member: str, event: dict[str, object], written: float) -> Entry:
    data = event.get("data")
    kind = str(data.get("kind") or "all") if isinstance(data, dict) else "all"
    at = str(event.get("time") or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(written)))
    return Entry(member, str(event["type"]), kind, at, str(event.get("source", "")), str(event.get("id", "")))
