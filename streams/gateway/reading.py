"""Reads what platforms send, whatever it is: each reader takes any JSON value and gives a bounded one, or nothing."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import blake2b
from html.parser import HTMLParser
from math import isfinite
from typing import Any
from zoneinfo import available_timezones

import msgspec

from processors.vocabulary import Data, Profile
from streams.codec import YEAR_2000, YEAR_2100

TEXT_MAX = 8000  # characters of a member's words; detectors read the first 4,000
NAME_MAX = 200  # characters of a name, title, id or place
LINK_MAX = 2000  # characters of an address or query
LIST_MAX = 32  # names in a list
TIME_MAX = 64  # characters of a time
NUMBER_MAX = 2**53  # beyond it JSON numbers are no longer whole everywhere
# How many units of an epoch time make a second: seconds, milliseconds, microseconds, nanoseconds.
EPOCH_UNITS = (1, 1e3, 1e6, 1e9)

# What platforms and CRMs call the fields of a profile, in the order of preference.
PROFILE_NAMES: dict[str, tuple[str, ...]] = {
    "role": ("role", "job_title", "jobtitle", "jobTitle", "hs_role", "lifecyclestage", "title"),
    "region": ("region", "country", "location"),
    "timezone": ("timezone", "time_zone", "hs_timezone", "tz"),
    "locale": ("locale", "language", "hs_language"),
}
# A language, then a region or script; what the C library adds is passed over.
LOCALE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)(?:[.@].*)?")
BIRTHS = ("birth_year", "birthday", "date_of_birth", "birthdate")


def fields(value: Any) -> dict[str, Any]:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a JSON list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def one_or_many(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty list, anything else as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Any, limit: int = NAME_MAX) -> str | None:
    """Return a text without blanks around it, or a number as text; None where there is nothing to read."""
    if isinstance(value, float) and value.is_integer() and abs(value) < NUMBER_MAX:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int) and abs(value) >= 2**64:
        return None
    found = str(value)[: limit + NAME_MAX].strip()[:limit].strip()
    return found.encode("utf-8", "replace").decode() or None  # half a surrogate pair is no text


def first(source: Mapping[str, Any], *names: str) -> Any:
    """Return the first of these fields that is there and not null."""
    return next((source[name] for name in names if source.get(name) is not None), None)


def identifier(value: Any) -> str | None:
    """Return an id as text; what is too long keeps its beginning and a hash of the whole, so that no two become one."""
    found = text(value, NUMBER_MAX)
    if found is None or len(found) <= NAME_MAX:
        return found
    return f"{found[: NAME_MAX - 33]}~{blake2b(found.encode(), digest_size=16).hexdigest()}"


def words(value: Any) -> str:
    """Return a member's own words, bounded; empty where there are none."""
    return text(value, TEXT_MAX) or ""


def whole(value: Any) -> int | None:
    """Return a whole number, also where it comes as text."""
    number = _number(value)
    return int(number) if number is not None and number.is_integer() and abs(number) < NUMBER_MAX else None


def _number(value: Any) -> float | None:
    """Return a finite number, also where it comes as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def truth(value: Any) -> bool:
    """Tell whether a flag is set, also where it comes as text."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def names(value: Any) -> tuple[str, ...]:
    """Return a list of names, or a text with commas or semicolons between them; bounded, each once.

    A name may be that of an object: newer versions of platforms list `{"id": 1, "name": "ferns"}` where older ones had names.
    """
    found = re.split(r"[,;]", value) if isinstance(value, str) else items(value)
    named = (
        first(one, "name", "label", "value", "slug") if isinstance(one, dict) else one for one in found[: 4 * LIST_MAX]
    )
    return tuple(dict.fromkeys(name for one in named if (name := text(one))))[:LIST_MAX]


def time_of(value: Any) -> float | None:
    """Return epoch seconds of a time, None outside 2000 to 2100.

    Read are ISO 8601 (no zone = UTC; `2026-01-31 12:00:00 UTC` too, as Ruby and BigQuery write it), the dates of mail and
    HTTP (RFC 5322), and an epoch in s, ms, µs or ns.
    """
    time = _epoch(value)
    if time is None and isinstance(value, str) and len(value) <= TIME_MAX:
        written = value.strip().upper()
        for zone_name in (" UTC", " GMT"):
            written = written.removesuffix(zone_name) if written[:1].isdigit() else written
        parsed = _parsed(written)
        try:
            time = None if parsed is None else (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
        except OverflowError:
            return None
    return time if time is not None and YEAR_2000 <= time < YEAR_2100 else None


def _parsed(written: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _epoch(value: Any) -> float | None:
    number = _number(value)
    found = () if number is None else (number / unit for unit in EPOCH_UNITS)
    return next((round(time, 6) for time in found if YEAR_2000 <= time < YEAR_2100), None)


def plain(html: Any) -> str:
    """Return the words of HTML: quotations as lines that begin with >, no markup, no scripts."""
    source = text(html, 4 * TEXT_MAX)
    if source is None or ("<" not in source and "&" not in source):
        return words(source)
    reader = _Words()
    reader.feed(source)
    reader.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(reader.found).splitlines())
    return words(re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != ">")))


class _Words(HTMLParser):
    """Collects the text of HTML."""

    BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "tr", "blockquote", "aside"})
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._quotes = self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the parser's contract)
        self._quotes += tag in ("blockquote", "aside")
        self._silent += tag in self.SILENT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._quotes -= tag in ("blockquote", "aside") and self._quotes > 0
        self._silent -= tag in self.SILENT and self._silent > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data.replace("\n", "\n> ") if self._quotes else data)

    def _break(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.found.append("\n> " if self._quotes else "\n")


def profile(*sources: Mapping[str, Any]) -> Profile | None:
    """Return what these say of a profile under any of the usual names, the first that says it; None where nothing is said."""
    known: dict[str, Any] = {field: _first_text(sources, usual) for field, usual in PROFILE_NAMES.items()}
    known["timezone"], known["locale"] = zone(known["timezone"]), language(known["locale"])
    interests = next((names(one["interests"]) for one in sources if one.get("interests") is not None), None)
    born = next((year for one in sources for name in BIRTHS if (year := _year(one.get(name)))), None)
    found = Profile(**known, interests=interests, birth_year=born)
    return None if found == Profile() else found


def _first_text(sources: tuple[Mapping[str, Any], ...], usual: tuple[str, ...]) -> str | None:
    return next((found for one in sources for name in usual if (found := text(one.get(name)))), None)


def zone(value: str | None) -> str | None:
    """Return the IANA name of a time zone, however it is written (`europe_slash_berlin`); None where there is no such zone."""
    return _zones().get(value.lower().replace("_slash_", "/")) if value else None


def language(value: str | None) -> str | None:
    """Return a language tag as texts are named by it, however it is written (`de_DE.UTF-8`, `DE`, `pt_br`); anything else as it is."""
    match = LOCALE.fullmatch(value) if value else None
    if match is None:
        return value
    parts = [match[1].lower(), *(part.upper() if len(part) == 2 else part for part in re.split("[-_]", match[2])[1:])]
    return "-".join(parts)


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _year(value: Any) -> int | None:
    year = whole(value)
    if year is None and isinstance(value, str) and value[:4].isascii() and value[:4].isdigit():
        year = int(value[:4])
    return year if year is not None and 1900 <= year <= 2100 else None


def bounded(data: Data) -> Data:
    """Return data of the vocabulary with its texts and lists cut to what any source may give."""
    changes: dict[str, Any] = {}
    for name in data.__struct_fields__:
        value = getattr(data, name)
        if isinstance(value, str):
            changes[name] = text(
                value, TEXT_MAX if name == "text" else LINK_MAX if name in ("url", "query") else NAME_MAX
            )
        elif isinstance(value, tuple):
            changes[name] = names(list(value))
    return msgspec.structs.replace(data, **{name: "" if value is None else value for name, value in changes.items()})
