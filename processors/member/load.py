"""How much a member has had of us: what they waved away, each part fading evenly over thirty days."""

from processors.member.state import MemberState

TAKEN_MAX = 8
FADES = 30 * 86400  # seconds in which one dismissal ceases to weigh


def load(state: MemberState, now: float) -> float:
    """Return the sum of weights (dismissed 1, snoozed 2, muted 3), each times the share of its thirty days that is left."""
    if state.load is None:
        return 0.0
    return sum(weight * (1 - (now - time) / FADES) for time, weight in state.load.taken if now - time < FADES)
