"""Values that a fact never has: a condition with one would hold for nobody, or with `not` for everybody, and nothing would tell."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from processors.local_time import PARTS_OF_DAY, WEEKDAYS
from processors.member.facts import NUMBERS, SEGMENT

TEXTS = frozenset(
    {"member.role", "member.region", "member.interests", "member.groups", "member.opted_in", "member.locale", "member.timezone",
     "member.lifecycle", "channel.name", "channel.tags", "community.name", "community.locale"}
)  # fmt: skip
YES_OR_NO = "member.left"
CLOSED = {"time.weekday": WEEKDAYS, "time.part_of_day": tuple(dict.fromkeys(name for _, name in PARTS_OF_DAY))}
LOCALES, LANGUAGE = ("member.locale", "community.locale"), re.compile(r"[a-z]{2,3}([-_].+)?")
LISTS = ("any", "all", "none")
COMPARED = ("known", "named", "gte", "gt", "lte", "lt")  # which say themselves what they want


def misfit(path: str, wanted: Any) -> str:
    """Return what is wrong with the values that a condition wants of a fact, empty where the fact can have each."""
    if path == SEGMENT:  # which takes a list as it is, and names what there is
        return ""
    if isinstance(wanted, list):
        return f"expected one value, found a list; write {{any: [{_joined(wanted)}]}} for one of them"
    for name, value in wanted.items() if isinstance(wanted, dict) else ():
        if name == "not" and isinstance(value, list):
            return f"not: expected one value, found a list; write {{none: [{_joined(value)}]}} for none of them"
        if name in LISTS and not isinstance(value, list | tuple):
            return f"{name}: expected a list, such as {{{name}: [{value}]}}"
    return next((fault for one in _values(wanted) if (fault := _fault(path, one))), "")


def _values(wanted: Any) -> Iterator[Any]:
    if not isinstance(wanted, dict):
        yield wanted
        return
    for name, value in wanted.items():
        if name not in COMPARED:
            yield from value if name in LISTS else (value,)


def _fault(path: str, value: Any) -> str:
    number = isinstance(value, int | float)
    if path in NUMBERS and (not number or (value is True and path != YES_OR_NO)):
        return f"expected a number, or {{gte: 3}} and the like; found {str(value).lower() if number else repr(value)}"
    if path == "time.hour" and not 0 <= value < 24:
        return f"expected an hour from 0 to 23, found {value}"
    if path in TEXTS and number:
        mend = "" if isinstance(value, bool) else f'; put it in quotes: "{value}"'
        return f"expected a text, found {str(value).lower()}{mend}"
    return _no_such_word(path, str(value))


def _no_such_word(path: str, value: str) -> str:
    known = CLOSED.get(path, ())
    if known and value not in known:
        near = get_close_matches(value.lower(), known, 1)
        return f"{value} is none of {', '.join(known)}" + (f"; did you mean {near[0]}?" if near else "")
    if path in LOCALES and not LANGUAGE.fullmatch(value):
        return f"expected a language such as en, de or de-AT; found {value}"
    if path == "member.timezone" and value not in available_timezones():
        return f"expected a name such as Europe/Berlin, found {value}"
    return ""


def _joined(values: list[Any]) -> str:
    return ", ".join(map(str, values))
