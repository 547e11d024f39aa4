"""Local time: what the clock says where a member lives, and when a weekly or monthly hour comes next there."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The first hour of each part of a day; night begins again at 22.
PARTS_OF_DAY = ((0, "night"), (5, "morning"), (12, "afternoon"), (17, "evening"), (22, "night"))


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A local time of day (`hour`, `minute`) on some weekdays (0 = Monday) or days of the month; on all where neither is named."""

    hour: int
    minute: int = 0
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Its name, the same for equal schedules: `mon,thu@09:00`, `1,15@09:00`, `daily@09:00`."""
        named = [WEEKDAYS[day][:3] for day in self.weekdays] or [str(day) for day in self.days] or ["daily"]
        return f"{','.join(named)}@{self.hour:02}:{self.minute:02}"

    def after(self, time: float, timezone: str) -> float:
        """Return the first moment (epoch s) after `time` at which it is so in that zone.

        A wall-clock time that a change of daylight saving skips comes as zoneinfo resolves it (PEP 495: with the offset
        from before, so an hour later by the new clock); of one that comes twice the first counts.
        """
        near = self, timezone, int(time) // HOUR
        since, moment = _NEXT.get(near, (0.0, 0.0))
        if not since <= time < moment:  # between these two there is none
            since, moment = time, self._after(time, timezone)
            if len(_NEXT) >= NEXT_MAX:
                _NEXT.clear()
            _NEXT[near] = since, moment
        return moment

    def _after(self, time: float, timezone: str) -> float:
        zone = zone_of(timezone)
        day = datetime.fromtimestamp(time, zone).date()
        for _ in range(32 + 31):  # a 31st comes within 62 days
            if self._names(day.weekday(), day.day):
                moment = datetime(day.year, day.month, day.day, self.hour, self.minute, tzinfo=zone).timestamp()
                if moment > time:
                    return moment
            day += timedelta(days=1)
        return float("inf")

    def _names(self, weekday: int, day: int) -> bool:
        if self.weekdays:
            return weekday in self.weekdays
        return not self.days or day in self.days


HOUR, NEXT_MAX = 3600, 4096
_NEXT: dict[
    tuple[Schedule, str, int], tuple[float, float]
] = {}  # by hour of asking: asked since when, and the moment then


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, UTC for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local(time: float, timezone: str) -> datetime:
    """Return what calendar and clock say at `time` (epoch s) in that zone."""
    return datetime.fromtimestamp(time, zone_of(timezone))


def part_of_day(hour: int) -> str:
    """Return morning (from 5), afternoon (from 12), evening (from 17) or night (from 22)."""
    return next(name for first, name in reversed(PARTS_OF_DAY) if hour >= first)
