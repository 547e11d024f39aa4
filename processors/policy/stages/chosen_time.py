"""Is it the time at which the member wants to hear from us?"""

from datetime import datetime, timedelta

import msgspec

from processors.decisions import Reason
from processors.local_time import zone_of
from processors.member.remembered import Wishes
from processors.policy.case import DAY, DIGESTS, Case, Ruling

WRONG_DAYS = 30  # so long an hour that was called the wrong moment is left alone


def rule(case: Case) -> Ruling | None:
    """Hold until the chosen time, then decide again. Answers, requests, help in distress and staff are not held.

    What is high or urgent waits for no digest and no visit, but for the member's hours, as for all.
    """
    wishes = case.state.wishes
    if wishes is None or case.lane != "proactive":
        return None
    wishes = _awake(wishes, case.policy.quiet_from, case.policy.quiet_to)
    patient = case.playbook.rank <= 1
    if patient and wishes.when == "next_visit" and not case.candidate.visited:
        return Ruling(
            Reason.CHOSEN_TIME_HOLD, "the member's next visit", case.candidate.began + case.playbook.spec.expires + 1
        )
    zone = case.state.timezone or case.policy.timezone
    until = 0.0
    if patient and wishes.when in DIGESTS and not is_digest_hour(wishes, case.now, zone):
        until = next_digest(wishes, case.now, zone)
    elif wishes.when == "hours":
        until = _hours(wishes, case.now, zone)
    until = max(until, _wrong_hour(wishes, until or case.now, zone))
    return Ruling(Reason.CHOSEN_TIME_HOLD, "the time the member chose", until) if until > case.now else None


def _awake(wishes: Wishes, start: int, end: int) -> Wishes:
    """Return the wishes with a digest hour outside of the quiet hours: one within them comes when they end."""
    inside = start <= wishes.hour < end if start < end else wishes.hour >= start or wishes.hour < end
    if wishes.when not in DIGESTS or start == end or not inside:
        return wishes
    return msgspec.structs.replace(wishes, hour=end)


def is_digest_hour(wishes: Wishes, now: float, timezone: str) -> bool:
    """Tell whether `now` lies in the hour of the member's digest, and on its day."""
    local = datetime.fromtimestamp(now, zone_of(timezone))
    return local.hour == wishes.hour and (wishes.when == "daily" or local.weekday() == wishes.weekday)


def next_digest(wishes: Wishes, now: float, timezone: str) -> float:
    """Return when the next digest is due (epoch s), after `now`.

    An hour that a change of daylight saving skips comes as zoneinfo resolves it (PEP 495).
    """
    zone = zone_of(timezone)
    day = datetime.fromtimestamp(now, zone).date()
    for _ in range(9):
        moment = datetime(day.year, day.month, day.day, wishes.hour, tzinfo=zone).timestamp()
        if moment > now and (wishes.when == "daily" or day.weekday() == wishes.weekday):
            return moment
        day += timedelta(days=1)
    return now + 7 * DAY


def _hours(wishes: Wishes, now: float, timezone: str) -> float:
    """Return when the member's hours begin, 0.0 within them; the same hour twice means no bounds."""
    local = datetime.fromtimestamp(now, zone_of(timezone))
    begin, end = wishes.hour, wishes.until
    inside = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if begin == end or inside:
        return 0.0
    day = local.date() + timedelta(days=1) if local.hour >= begin else local.date()
    moment = datetime(day.year, day.month, day.day, begin, tzinfo=local.tzinfo).timestamp()
    return moment if moment > now else now + 3600.0


def _wrong_hour(wishes: Wishes, now: float, timezone: str) -> float:
    """Return when an hour is over that the member called the wrong moment lately; 0.0 in any other."""
    lately = {hour for time, hour, _ in wishes.wrong if now - time < WRONG_DAYS * DAY}
    local = datetime.fromtimestamp(now, zone_of(timezone))
    if local.hour not in lately:
        return 0.0
    past = now - local.minute * 60 - local.second - local.microsecond / 1e6
    for ahead in range(1, 24):
        if datetime.fromtimestamp(past + ahead * 3600, local.tzinfo).hour not in lately:
            return past + ahead * 3600.0
    return 0.0
