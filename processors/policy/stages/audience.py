"""Is this somebody whom this may reach?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling

ADULT = 18
YEAR = 31556952.0  # seconds of a mean Gregorian year
NOT_MEMBERS = frozenset({"bot", "system"})


def rule(case: Case) -> Ruling | None:
    """Nothing for the departed, for bots, nor anything proactive for minors and where it is not sure who reads it."""
    state = case.state
    if state.left:
        return Ruling(Reason.AUDIENCE_EXCLUDED, "still a member")
    if state.role in NOT_MEMBERS:
        return Ruling(Reason.AUDIENCE_EXCLUDED, "a person")
    if case.lane == "proactive" and state.birth_year and 1970 + case.now / YEAR - state.birth_year < ADULT + 1:
        return Ruling(Reason.AUDIENCE_EXCLUDED, "an adult")
    if case.lane == "proactive" and state.unsure:
        return Ruling(Reason.IDENTITY_UNSURE, "a member whose identity is sure")
    return None
