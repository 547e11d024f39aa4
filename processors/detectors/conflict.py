"""Conflict, as seen in the member's own log: how sharp their words are, what they flagged, what the community stage concluded.

The sharpness of single words goes to the community stage alone: no playbook can be triggered by it.
"""

from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import OF_HEAT, SHARP, Signal
from processors.text.conflict import heat
from processors.vocabulary import WORDS, Flag, SignalData, Text, types_of

NAME, VERSION = "conflict", "8"
OBSERVES = WORDS | types_of(SignalData, Flag)
QUIET = 3 * 86400  # seconds without anything cheerful after a quarrel, or after a moderator acted


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Measure words; acknowledge a report; pass on what the community stage concluded about heat."""
    data = event.data
    if isinstance(data, Text):
        level = heat(data.text) if event.type in WORDS else 0
        return [Signal(SHARP, NAME, f"sharp/{event.id}", float(level))] if level else []
    if isinstance(data, SignalData):
        if data.kind not in OF_HEAT:
            return []
        state.inhibited_until = max(state.inhibited_until, int(now + QUIET))
        return [Signal(data.kind, NAME, data.episode, data.score, data.evidence)]
    if isinstance(data, Flag) and event.type == "content.flagged" and data.author != event.key:
        return [Signal("reported", NAME, f"flag/{data.post or event.id}", 1.0)]
    return []
