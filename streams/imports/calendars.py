"""iCalendar: what took place, announced a week before as `lotse calendar sync` would have done."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from streams.calendars.events import CalendarError, first_start, occurrences, unread
from streams.imports.archives import parts
from streams.imports.items import Item, Rejected

AHEAD_S = 7 * 86400.0


def read(path: Path, community: str) -> Iterator[Item]:
    """Yield the announcements of each file, up to a week from now, and the events that cannot be read."""
    zone, end = ZoneInfo("UTC"), datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=AHEAD_S)
    for part in parts(path, (".ics", ".ical")):
        try:
            for line, fault in unread(part.content, zone):
                yield Rejected(f"{part.name}:{line}", fault)
            for one in occurrences(part.content, first_start(part.content, zone), end, zone):
                yield one.announcement(community, one.starts - AHEAD_S)
        except CalendarError as error:
            yield Rejected(part.name, str(error))
