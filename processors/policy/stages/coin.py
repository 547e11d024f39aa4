"""Is this member of the share that gets nothing, so that we learn whether it helps?"""

from processors.decisions import Reason
from processors.ids import coin
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """The holdout is fixed per member and playbook (a salted hash). Never for safety, answers on request or staff."""
    share = case.playbook.spec.holdout
    if share <= 0 or case.lane in ("safety", "request", "staff"):
        return None
    case.probability = 1.0 - share
    drawn = coin("holdout", case.policy.salt, case.playbook.spec.id, case.member)
    return Ruling(Reason.HOLDOUT, "another draw of the holdout") if drawn < share else None
