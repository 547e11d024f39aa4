"""Milestones: anniversary, n-th contribution, days in a row, first accepted answer, back after a long silence."""

from processors.events import Event
from processors.member.remembered import Merits
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import ACCEPTED, Signal
from processors.vocabulary import VISITS, WORDS, SignalData, types_of

NAME, VERSION = "milestones", "1"
OBSERVES = VISITS | types_of(SignalData)
DAY, YEAR = 86400, 31556952  # seconds; a mean Gregorian year
CONTRIBUTIONS = frozenset({10, 50, 100, 500, 1000, 5000, 10000})
ANSWERS = frozenset({1, 10, 50, 100, 500})
STREAKS = frozenset({7, 30, 100, 365})
ANNIVERSARY_LIFE = 14 * DAY  # seconds after the day in which it is still worth a word
AWAY = 60 * DAY  # a silence of so long is a departure; coming back from it is news


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Count, and tell what has just been reached."""
    if event.type not in VISITS:
        accepted = isinstance(event.data, SignalData) and event.data.kind == ACCEPTED
        return _accepted(state) if accepted else []
    merits, time = state.merits, int(event.time if event.time < now else now)
    if merits is None:
        merits = state.merits = Merits()
    signals = _on_new_day(state, merits, time) if time // DAY > merits.day else []
    if event.type in WORDS and (posts := state.posts + 1) in CONTRIBUTIONS:
        signals.append(_reached("contributions", posts))
    if time > merits.last:
        merits.last = time
    return signals


def _on_new_day(state: MemberState, merits: Merits, time: int) -> list[Signal]:
    signals = []
    if merits.last and time - merits.last >= AWAY:
        evidence: dict[str, str | float | int] = {"days": (time - merits.last) // DAY}
        signals.append(Signal("came_back", NAME, f"back/{merits.last}", 1.0, evidence))
    day = time // DAY
    merits.streak = merits.streak + 1 if day == merits.day + 1 else 1
    merits.day = day
    if merits.streak in STREAKS:
        signals.append(_reached("streak", merits.streak))
    return signals + _anniversary(state, merits, time)


def _anniversary(state: MemberState, merits: Merits, time: int) -> list[Signal]:
    years = (time - state.joined) // YEAR if state.joined else 0
    if years <= merits.year:
        return []
    merits.year = years
    return [_reached("anniversary", years)] if (time - state.joined) % YEAR <= ANNIVERSARY_LIFE else []


def _accepted(state: MemberState) -> list[Signal]:
    if state.merits is None:
        state.merits = Merits()
    state.merits.accepted += 1
    return [_reached("accepted", state.merits.accepted)] if state.merits.accepted in ANSWERS else []


def _reached(what: str, number: int) -> Signal:
    return Signal("milestone", NAME, f"{what}/{number}", 1.0, {"what": what, "number": number})
