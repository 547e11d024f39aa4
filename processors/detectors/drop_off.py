"""Drop-off: silence that is unlike the member's own rhythm; reading counts, rest of the community and announced absence do not."""

from bisect import bisect_left
from typing import NamedTuple

from processors.events import Event
from processors.member.lifecycle import AWAY_LONG, lifecycle
from processors.member.rhythm import Rhythm, Weights, chance, log_odds
from processors.member.state import NEVER, MemberState
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.vocabulary import VISITS, WORDS, Absence, types_of

NAME, VERSION = "drop_off", "3"
OBSERVES = VISITS | types_of(Absence)
DAY = 86400
DAYS_MIN = 5  # active days; fewer say nothing about a rhythm
# Days of silence at which somebody is looked at: daily from the first, where the odds are high; once more after three
# weeks; and a last time before the spell is too old to be worth a word. In between a guess is neither early nor safe.
SOON_DAYS, EARLY_DAYS, LATE_DAYS = 14, 20, 44
SOON = SOON_DAYS * DAY
# Log-odds in 1/1024 of thirty more days of silence that are enough at each of them: 1.3, 0.6 and 1.2. After three weeks
# they are enough where half of the community's silences reach them, once that is known (`Pulse.half`, at least 0.5).
SURE_SOON, SURE_EARLY, SURE_LATE = 1331, 614, 1229
READER_DAYS = 12  # active days after which somebody who never posts is a regular reader
# Fitted by `python -m streams.evaluation.learning.drop_off`; order as in processors.member.rhythm.FEATURES.
SILENT = Weights(2368, (446, 127, 26, -394, -677, 4, -370, -94, 546))


class Look(NamedTuple):
    """A look at a silence: when it began (epoch s), its days, and the log-odds (1/1024) that it goes on."""

    since: int
    day: int
    odds: int


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Learn the rhythm from a visit, and set the time at which silence is looked at."""
    if event.type not in VISITS:
        if isinstance(event.data, Absence):
            _announced(state, event.data)
        return []
    time = int(event.time if event.time < now else now)
    if time <= state.last:
        return []
    rhythm = state.rhythm
    if rhythm is None:
        rhythm = state.rhythm = Rhythm()
    day = time // DAY
    new_day = day > rhythm.last
    gap = rhythm.visit(day, state.rest) if new_day or state.rest > rhythm.rest else 0
    state.last = time
    if rhythm.total >= DAYS_MIN:
        state.overdue_at = (state.away_until if state.away_until > time else time) + SOON
    elif state.overdue_at != NEVER:
        state.overdue_at = NEVER
    return _on_new_day(state, rhythm, event, gap) if new_day else []


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Conclude, once a spell of silence, that the member is gone unless somebody does something; or look again later."""
    if state.overdue_at > now:
        return []
    state.overdue_at = NEVER
    rhythm = state.rhythm
    if state.left or rhythm is None:
        return []
    look = _look(state, now)
    if look.day < SOON_DAYS:  # an absence announced after the timer was set
        state.overdue_at = look.since + SOON
        return []
    never_so_long = look.day >= LATE_DAYS > rhythm.usual(100)  # at odds below that, too, three in four are gone then
    if look.odds < _enough(look.day, rhythm.half) and not never_so_long:
        state.overdue_at = _next_look(state, rhythm, look.since, look.day)
        return []
    return [_overdue(state, rhythm, look.odds, look.since, now)]


def early_odds(state: MemberState, now: float) -> int | None:
    """Return the log-odds (1/1024) of a silence that is due to be looked at early, by which a community's silences are compared.

    None where nothing is due, or where it is not the look by which such a silence counts: the first that is sure, or day 20.
    """
    if state.overdue_at > now or state.left or state.rhythm is None:
        return None
    look = _look(state, now)
    counts = EARLY_DAYS <= look.day <= EARLY_DAYS + 1 or (SOON_DAYS <= look.day < EARLY_DAYS and look.odds >= SURE_SOON)
    return look.odds if counts else None


def silence_odds(state: MemberState, now: float, rest: int) -> int:
    """Return the log-odds (1/1024) that the member stays silent for the next 30 days; the least there is before any visit.

    `rest` is how long (s) the community has rested so far: what it rested since the last visit is no silence, nor is an
    announced absence.
    """
    if state.rhythm is None:
        return -(1 << 20)
    since = max(state.last, min(state.away_until, int(now)))
    return log_odds(SILENT, state.rhythm, now - since - (rest - state.rhythm.rest))


def _announced(state: MemberState, data: Absence) -> None:
    state.away_until = int(data.until)
    if state.overdue_at != NEVER:
        state.overdue_at = max(state.overdue_at, state.away_until + SOON)


def _look(state: MemberState, now: float) -> Look:
    since = max(state.last, state.away_until)
    return Look(since, int(now - since) // DAY, silence_odds(state, now, state.rest))


def _enough(day: int, half: int) -> int:
    """Return the log-odds that are enough on that day of a silence; half of the community's silences reach `half` (0: not known)."""
    if day < EARLY_DAYS:
        return SURE_SOON
    return (half or SURE_EARLY) if day <= EARLY_DAYS + 1 else SURE_LATE


def _next_look(state: MemberState, rhythm: Rhythm, since: int, day: int) -> int:
    """Return when the odds should be enough if nothing happens and nobody rests; they are looked at again then."""
    rested, soon = state.rest - rhythm.rest, range(day + 1, EARLY_DAYS)
    found = bisect_left(soon, SURE_SOON, key=lambda days: log_odds(SILENT, rhythm, days * DAY - rested))
    if found < len(soon):
        return since + soon[found] * DAY
    following = EARLY_DAYS if day < EARLY_DAYS else LATE_DAYS
    return since + following * DAY if day < following else NEVER


def _overdue(state: MemberState, rhythm: Rhythm, odds: int, since: int, now: float) -> Signal:
    evidence: dict[str, str | float | int] = {
        "usual_days": max(1, rhythm.usual(80)),
        "silent_days": int(now - state.last) // DAY,
        "rested_days": (state.rest - rhythm.rest) // DAY,
        "active_days": rhythm.total,
        "reader": int(not state.posts),
        "lifecycle": lifecycle(state, state.last),  # what the member was when the silence began
    }
    # The chance of 30 more silent days, brought to the days that are left until it is a departure (an even hazard).
    left = max(AWAY_LONG - int(now - since) // DAY, 0)
    return Signal("overdue", NAME, f"overdue/{state.last}", round(chance(odds) ** (left / 30), 4), evidence)


def _on_new_day(state: MemberState, rhythm: Rhythm, event: Event, gap: int) -> list[Signal]:
    if gap >= AWAY_LONG:
        rhythm.back = rhythm.last
        if rhythm.total > DAYS_MIN:
            return [Signal("returned", NAME, f"returned/{rhythm.last}", 1.0, {"away_days": gap})]
    if rhythm.total == READER_DAYS and not state.posts and event.type not in WORDS:
        days = rhythm.last - rhythm.first
        return [Signal("regular_reader", NAME, "regular_reader", 1.0, {"active_days": rhythm.total, "days": days})]
    return []
