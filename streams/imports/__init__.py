"""History from the exports of platforms, as lines of the neutral format or as events."""

from collections.abc import Callable, Iterator
from pathlib import Path

from streams.gateway.mapping import Mapping
from streams.imports import calendars, discord, discourse, irc, mbox, slack, tables
from streams.imports.items import Item

Reader = Callable[[Path, Mapping | None, str], Iterator[Item]]


def _plainly(read: Callable[[Path], Iterator[Item]]) -> Reader:
    """Return a reader that needs neither mapping nor community."""
    return lambda path, _mapping, _community: read(path)


FORMATS: dict[str, Reader] = {
    "slack": _plainly(slack.read),
    "discourse": _plainly(discourse.read),
    "discord": _plainly(discord.read),
    "irc": _plainly(irc.read),
    "mbox": _plainly(mbox.read),
    "csv": tables.read_csv,
    "jsonl": tables.read_lines,
    "ics": lambda path, _mapping, community: calendars.read(path, community),
}
MAPPED = ("csv", "jsonl")  # formats that a mapping file can explain
