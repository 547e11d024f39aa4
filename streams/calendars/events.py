"""Calendars (iCalendar, RFC 5545): what takes place when, each recurrence by itself, in its own zone, as announcements."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, vCategory, vDDDTypes
from icalendar.cal import Component

from processors.events import Event
from processors.ids import digest
from processors.vocabulary import Item
from streams.gateway.reading import LINK_MAX, NAME_MAX, identifier, names, text

CALENDAR_MAX = 10 << 20  # bytes
COMPONENTS_MAX, OCCURRENCES_MAX = 20_000, 5_000
TOO_OFTEN = ("SECONDLY", "MINUTELY")  # no community meets so; to count them from 1970 on would take for ever


class CalendarError(ValueError):
    """What is no calendar, or one that cannot be counted through; the message says where."""


class Occurrence(NamedTuple):
    """Something that takes place: `uid` names it, `recurrence` which of its times (empty where there is one only)."""

    uid: str
    recurrence: str
    title: str
    starts: float
    interests: tuple[str, ...] = ()
    url: str | None = None

    def announcement(self, community: str, at: float) -> Event:
        """Return the announcement, told at `at` (epoch s). Its id changes when the time does: who knows the old time must hear it."""
        name = f"{self.uid}/{self.recurrence}" if self.recurrence else self.uid
        item = Item(name=identifier(name) or name, title=self.title, interests=self.interests, starts=self.starts)
        about = (community, self.uid, self.recurrence, f"{self.starts:.0f}")
        return Event(digest("calendar", *about), "event.announced", community, at, item)


def occurrences(content: bytes, begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Yield what begins from `begin` up to `end`, in order; cancelled ones are left out. `zone` is that of times without one.

    Raises `CalendarError`.
    """
    calendar = parse(content)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(begin, end)
    except Exception as error:  # noqa: BLE001  (the library raises of many kinds for what no calendar should hold)
        raise CalendarError(f"no calendar that can be counted through ({type(error).__name__})") from None
    read = (one for event in found if (one := _occurrence(event, zone)) is not None)
    within = (one for one in read if begin.timestamp() <= one.starts < end.timestamp())
    yield from sorted(islice(within, OCCURRENCES_MAX), key=lambda one: (one.starts, one.uid))


def unread(content: bytes, zone: ZoneInfo) -> Iterator[tuple[int, str]]:
    """Yield the line and the fault of each event that cannot be read. Raises `CalendarError`."""
    begins = [number for number, line in enumerate(content.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]
    for number, event in enumerate(parse(content).walk("VEVENT")):
        fault = "no DTSTART" if _starts(event, zone) is None else "no SUMMARY" if _title(event) is None else ""
        if fault:
            yield begins[number] if number < len(begins) else 0, f"{fault} that can be read"


def parse(content: bytes) -> Calendar:
    """Return the calendar of some bytes. Raises `CalendarError`."""
    if len(content) > CALENDAR_MAX:
        raise CalendarError(f"larger than {CALENDAR_MAX >> 20} MiB")
    try:
        found = Calendar.from_ical(content)
        events = found.walk("VEVENT")
    except Exception:  # noqa: BLE001  (the same)
        raise CalendarError("no iCalendar: expected lines from BEGIN:VCALENDAR to END:VCALENDAR") from None
    if not isinstance(found, Calendar) or not events:
        raise CalendarError("no VEVENT in it; expected an iCalendar file")
    if len(events) > COMPONENTS_MAX:
        raise CalendarError(f"more than {COMPONENTS_MAX} events")
    for event in events:
        if any(str(one).upper() in TOO_OFTEN for one in _frequencies(event)):
            raise CalendarError(
                f"{text(event.get('SUMMARY')) or 'an event'}: recurs each second or minute; no meeting does"
            )
    return found


def first_start(content: bytes, zone: ZoneInfo) -> datetime:
    """Return when the earliest event begins. Raises `CalendarError`."""
    starts = [when for event in parse(content).walk("VEVENT") if (when := _starts(event, zone)) is not None]
    if not starts:
        raise CalendarError("no event has a DTSTART")
    return datetime.fromtimestamp(min(starts), UTC)


def _frequencies(event: Component) -> list[Any]:
    rules = event.get("RRULE") or []
    return [
        one
        for rule in (rules if isinstance(rules, list) else [rules])
        if isinstance(rule, dict)
        for one in rule.get("FREQ", [])
    ]


def _occurrence(event: Component, zone: ZoneInfo) -> Occurrence | None:
    starts, title = _starts(event, zone), _title(event)
    if starts is None or title is None or str(_plain(event, "STATUS") or "").upper() == "CANCELLED":
        return None
    again = event.get("RECURRENCE-ID")
    recurrence = str(again.dt).replace(" ", "T") if isinstance(again, vDDDTypes) else ""
    uid = identifier(_plain(event, "UID")) or digest("calendar", title, f"{starts:.0f}")
    given = event.get("CATEGORIES") or []
    several = [one for one in (given if isinstance(given, list) else [given]) if isinstance(one, vCategory)]
    interests = names([str(category) for one in several for category in one.cats])
    return Occurrence(uid, recurrence, title, starts, interests, text(_plain(event, "URL"), LINK_MAX))


def _title(event: Component) -> str | None:
    return text(_plain(event, "SUMMARY"), NAME_MAX)


def _plain(event: Component, name: str) -> str | None:
    """Return a property as text; of one that is there twice, or broken, nothing."""
    value = event.get(name)
    return str(value) if isinstance(value, str) else None


def _starts(event: Component, zone: ZoneInfo) -> float | None:
    given = event.get("DTSTART")
    when = given.dt if isinstance(given, vDDDTypes) else None
    if isinstance(when, date) and not isinstance(when, datetime):
        when = datetime.combine(when, time(0))
    if not isinstance(when, datetime):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=zone)).timestamp()


def window(now: float, ahead_days: float) -> tuple[datetime, datetime]:
    """Return from now on, so many days."""
    begin = datetime.fromtimestamp(now, UTC)
    return begin, begin + timedelta(days=ahead_days)
