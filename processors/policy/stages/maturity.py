"""May this playbook send at all yet?"""

from processors.decisions import Reason
from processors.ids import coin
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Shadow counts and never sends; suggest waits for a person; canary lets its share of members through."""
    spec = case.playbook.spec
    match spec.maturity:
        case "live":
            return None
        case "canary":
            share = coin("canary", case.policy.salt, spec.id, case.member)
            return None if share < spec.canary else Ruling(Reason.CANARY_EXCLUDED, f"canary share above {share:.3f}")
        case "suggest":
            end = case.candidate.began + spec.expires
            if case.candidate.approved or case.now > end:  # what nobody answered in time is stale, as all else
                return None
            return Ruling(Reason.SUGGESTION_WAITS, "a person's yes", end + 1)
        case _:
            return Ruling(Reason.SHADOW, "maturity live")
