"""What an event changes in a member's state beyond what detectors remember."""

from processors.events import Event
from processors.member import MemberState
from processors.vocabulary import VISITS, WORDS, OutcomeData, Preference, Profile

KINDS_MAX = 32  # opt-outs and snoozes remembered, each bounded
SNOOZE_DEFAULT = 7 * 86400
ANSWERS = frozenset({"question.answered", "moderator.explained"})
FOREVER = 0xFFFFFFFE


def apply(state: MemberState, event: Event, now: float) -> None:
    """Update counts, profile, wishes and outcomes."""
    kind, data = event.type, event.data
    if kind in WORDS:
        state.posts += 1
    if kind in ANSWERS:
        state.answers += 1
    if not state.joined and (kind in VISITS or kind == "community.joined"):
        state.joined = int(event.time)
    if kind == "community.joined":
        state.left = False
    elif kind == "community.left":
        state.left = True
    elif isinstance(data, Profile):
        _profile(state, data)
    elif isinstance(data, Preference):
        _preference(state, kind, data, now)
    elif isinstance(data, OutcomeData):
        _outcome(state, kind, data, now)


def _profile(state: MemberState, data: Profile) -> None:
    for name in ("role", "region", "interests", "timezone", "locale", "birth_year"):
        value = getattr(data, name)
        if value is not None:
            setattr(state, name, value[:16] if isinstance(value, tuple) else value)


def _preference(state: MemberState, kind: str, data: Preference, now: float) -> None:
    if kind == "preference.snoozed":
        _snooze(state, data.kind, int(data.until or now + SNOOZE_DEFAULT), now)
    elif kind in ("preference.opted_out", "consent.withdrawn"):
        _opt_out(state, data.kind)
    elif kind in ("preference.opted_in", "consent.given"):
        state.opted_out = () if data.kind == "all" else tuple(kind for kind in state.opted_out if kind != data.kind)
        state.snoozed = (
            {} if data.kind == "all" else {key: until for key, until in state.snoozed.items() if key != data.kind}
        )


def _outcome(state: MemberState, kind: str, data: OutcomeData, now: float) -> None:
    if kind == "outcome.snoozed":
        _snooze(state, data.playbook or "all", int(data.until or now + SNOOZE_DEFAULT), now)
    elif kind == "outcome.opted_out":
        _opt_out(state, data.playbook or "all")


def _snooze(state: MemberState, kind: str, until: int, now: float) -> None:
    kept = {key: time for key, time in state.snoozed.items() if time > now}
    if len(kept) >= KINDS_MAX and kind not in kept:  # a member with so many wishes wishes for quiet
        kind, until = "all", max(until, *kept.values())
    state.snoozed = {**kept, kind: min(max(until, kept.get(kind, 0)), FOREVER)}


def _opt_out(state: MemberState, kind: str) -> None:
    kept = tuple(dict.fromkeys((*state.opted_out, kind)))
    state.opted_out = kept if len(kept) <= KINDS_MAX else ("all",)
