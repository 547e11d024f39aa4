"""Is it night where the member lives?"""

from datetime import datetime, timedelta
from functools import lru_cache

from processors.decisions import Reason
from processors.local_time import zone_of
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Hold until the quiet hours end, then decide again. Answers on request and the safety lane are not held."""
    if case.lane in ("request", "safety", "staff"):
        return None
    until = quiet_until(
        case.now, case.state.timezone or case.policy.timezone, case.policy.quiet_from, case.policy.quiet_to
    )
    return Ruling(Reason.QUIET_HOURS_HOLD, f"{case.policy.quiet_to}:00 local time", until) if until else None


@lru_cache(maxsize=256)  # between two ticks it is the same moment for all
def quiet_until(now: float, timezone: str, start: int, end: int) -> float:
    """Return the epoch second at which the quiet hours around `now` end, 0.0 outside of them.

    `start` and `end` are local hours; start > end spans midnight, start == end means none. Wall-clock times that a
    change of daylight saving skips or repeats resolve as zoneinfo does (PEP 495, first occurrence).
    """
    local = datetime.fromtimestamp(now, zone_of(timezone))
    inside = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if start == end or not inside:
        return 0.0
    day = local.date() + timedelta(days=1) if local.hour >= end else local.date()
    until = datetime(day.year, day.month, day.day, end, tzinfo=local.tzinfo).timestamp()
    return until if until > now else now + 3600.0
