"""Does the playbook's condition hold now, not only when it was triggered?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Ask all conditions again with today's state."""
    for condition in case.playbook.conditions:
        if not condition(case.state, case.candidate.facts, case.now):
            return Ruling(Reason.CONDITION_GONE, "condition true again")
    return None
