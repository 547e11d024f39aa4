"""Overload: the member dismisses, snoozes or mutes; the budget shrinks at once and recovers by itself.

No playbook should answer this with a message; the signal is for reports and for a community's own rules.
"""

from processors.events import Event
from processors.member.load import TAKEN_MAX, load
from processors.member.remembered import Load
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import Signal

NAME, VERSION = "overload", "1"
# How much each answer says that it was too much; one mute says as much as three dismissals.
WEIGHTS = {
    "outcome.dismissed": 1, "outcome.not_helpful": 1, "outcome.wrong_moment": 1, "outcome.snoozed": 2, "outcome.opted_out": 3,
    "preference.snoozed": 2, "preference.opted_out": 3, "consent.withdrawn": 3,
}  # fmt: skip
OBSERVES = frozenset(WEIGHTS)
OVERLOADED = 3.0
REST = 7 * 86400  # seconds between two signals


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Take down what was waved away; conclude when it is much."""
    weight = WEIGHTS.get(event.type, 0)
    if not weight:
        return []
    if state.load is None:
        state.load = Load()
    state.load.taken = (*state.load.taken, (int(now), weight))[-TAKEN_MAX:]
    found = load(state, now)
    if found < OVERLOADED or (state.load.told and now - state.load.told < REST):
        return []
    state.load.told = int(now)
    return [Signal("overloaded", NAME, f"overload/{event.id}", min(1.0, found / 8), {"load": round(found, 1)})]
