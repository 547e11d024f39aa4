"""Logs of IRC as irssi, weechat, ZNC and their like write them: a line a message, the day from the line, a heading or the file's name."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from streams.imports.archives import parts
from streams.imports.items import RAW_MAX, Item, Rejected, Skipped, row

# When: [2004-01-31 12:00:00], 2004-01-31T12:00:00Z, [12:00], 12:00:00; then who says what, or who comes and goes.
_WHEN = re.compile(
    r"\[?(?:(?P<day>\d{4}-\d\d-\d\d)[T ])?(?P<clock>\d\d:\d\d(?::\d\d)?)(?P<zone>Z|[+-]\d\d:?\d\d)?\]?[\t ]+(?P<rest>.*)"
)
_SAID = re.compile(r"<[ @+%&~!*]?(?P<who>[^\s>]{1,64})>[\t ]?(?P<words>.*)")
_TABBED = re.compile(r"(?P<who>[@+%&~]?[^\s\t-][^\s\t]{0,63})\t(?P<words>.*)")
_DID = re.compile(r"(?:\*|·)[\t ]+(?P<who>[^\s]{1,64}) (?P<words>.*)")
_CAME = re.compile(
    r"(?:-!-|\*\*\*|-->|<--|\*)[\t ]+(?:(?P<how>Joins|Parts|Quits):? )?(?P<who>[^\s\[(]{1,64}).*?(?:has (?P<went>joined|left|quit)|$)"
)
_DAY = re.compile(
    r"--- (?:Day changed|Log opened) \w{3} (?P<month>\w{3}) (?P<day>\d\d)(?: \d\d:\d\d:\d\d)? (?P<year>\d{4})"
)
_IN_NAME = re.compile(r"(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)")
KINDS = {"joined": "join", "left": "part", "quit": "quit", "Joins": "join", "Parts": "part", "Quits": "quit"}


def read(path: Path) -> Iterator[Item]:
    """Yield what the lines say; the channel is the file's name without its day."""
    for part in parts(path, (".log", ".txt", ".weechatlog", "")):
        yield from _lines(part.name, part.content)


def _lines(name: str, content: bytes) -> Iterator[Item]:
    stem = name.rpartition("/")[2].partition(".")[0] or name
    found = _IN_NAME.search(name)
    day = _date(*found.groups()) if found else None
    channel = _IN_NAME.sub("", stem).strip("-_. ") or name.rpartition("/")[0].rpartition("/")[2] or stem
    for number, line in enumerate(_decoded(content).splitlines(), 1):
        changed = _DAY.match(line)
        if changed:
            day = _named_day(changed) or day
        if line.strip() and not line.startswith("--- "):
            yield _line(f"{name}:{number}", line, day, channel)


def _line(where: str, line: str, day: date | None, channel: str) -> Item:
    when = _WHEN.match(line)
    if when is None:
        return Rejected(where, "no time at the beginning of the line", line[:RAW_MAX])
    on = when["day"] or (day.isoformat() if day else None)
    if on is None:
        return Rejected(where, "no day: in the line, in a heading, or in the file's name", line[:RAW_MAX])
    time, rest = f"{on}T{when['clock']}{when['zone'] or ''}", when["rest"]
    for pattern, kind in ((_SAID, "message"), (_DID, "action")):
        said = pattern.match(rest)
        if said:
            return row(
                where,
                time=time,
                author=said["who"],
                raw=line,
                channel=channel,
                number=where,
                words=said["words"],
                kind=kind,
            )
    came = _CAME.match(rest)
    if came and (came["how"] or came["went"]):
        return row(
            where,
            time=time,
            author=came["who"],
            raw=line,
            channel=channel,
            number=where,
            kind=KINDS[came["how"] or came["went"]],
        )
    said = _TABBED.match(rest)
    if said and said["who"] not in ("--", "-->", "<--", "-!-"):
        return row(
            where,
            time=time,
            author=said["who"].lstrip("@+%&~"),
            raw=line,
            channel=channel,
            number=where,
            words=said["words"],
        )
    return Skipped("a note of the server")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _named_day(found: "re.Match[str]") -> date | None:
    try:
        return (
            datetime.strptime(f"{found['day']} {found['month']} {found['year']}", "%d %b %Y").replace(tzinfo=UTC).date()
        )
    except ValueError:
        return None
