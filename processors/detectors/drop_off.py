"""Drop-off: the member is overdue against their own rhythm of visits; reading counts, announced absence is allowed for."""

from statistics import median

from processors.events import Event
from processors.member import GAPS_MAX, NEVER, MemberState
from processors.resources import Policy
from processors.signals import Signal
from processors.vocabulary import VISITS, Absence

NAME, VERSION = "drop_off", "2"
HOUR, DAY = 3600, 86400
VISIT_GAP = 6 * HOUR  # activity closer than this is one visit
GAPS_MIN = 4  # fewer say nothing about a rhythm
# Fixed rules of 7 to 14 days are wrong three times in four; an own longest gap clamped to 14..45 days did best
# in the measurements that the design quotes.
OVERDUE_MIN, OVERDUE_MAX = 14 * DAY, 45 * DAY
AFTER_ABSENCE = 3 * DAY


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Learn the rhythm from a visit and set the time at which silence would be unlike this member."""
    if isinstance(event.data, Absence):
        state.away_until = int(event.data.until)
        if state.overdue_at != NEVER:
            state.overdue_at = max(state.overdue_at, state.away_until + AFTER_ABSENCE)
        return []
    if event.type not in VISITS:
        return []
    time = int(min(event.time, now))
    if time <= state.last:
        return []
    gap = time - state.last
    if state.last and gap >= VISIT_GAP:
        state.gaps = (*state.gaps, min(gap // HOUR, 0xFFFF))[-GAPS_MAX:]
    if gap >= HOUR or state.overdue_at == NEVER:
        state.last = time
        state.overdue_at = _overdue_at(state)
    return []


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Conclude, once a spell of silence, that the member is overdue."""
    if state.overdue_at > now:
        return []
    state.overdue_at = NEVER
    if state.left:
        return []
    silent = (now - state.last) / DAY
    usual = max(1, round(median(state.gaps) / 24))
    evidence: dict[str, str | float | int] = {"usual_days": usual, "silent_days": round(silent)}
    return [Signal("overdue", NAME, f"overdue/{state.last}", silent / usual, evidence)]


def _overdue_at(state: MemberState) -> int:
    """Return when silence is overdue: three usual gaps or 1.2 times the longest, within 14 to 45 days."""
    if len(state.gaps) < GAPS_MIN:
        return NEVER
    allowed = max(3 * median(state.gaps), 1.2 * max(state.gaps)) * HOUR
    due = state.last + int(min(max(allowed, OVERDUE_MIN), OVERDUE_MAX))
    return max(due, state.away_until + AFTER_ABSENCE) if state.away_until else due
