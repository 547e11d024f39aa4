"""Does chance decide against it, so that we learn whether it helps?"""

from processors.decisions import Reason
from processors.ids import coin
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Draw twice; never for safety, answers on request or staff.

    The holdout is fixed per member and playbook, micro-randomisation per occasion (Klasnja et al. 2015: a coin at each
    decision point): salted hashes both, so that a replay and a second look draw the same. The probability of what was
    drawn to be sent is kept with the decision and the command.
    """
    spec = case.playbook.spec
    if case.lane in ("safety", "request", "staff") or not (spec.holdout > 0 or spec.randomised > 0):
        return None
    case.probability = (1.0 - spec.holdout) * (1.0 - spec.randomised)
    if coin("holdout", case.policy.salt, spec.id, case.member) < spec.holdout:
        return Ruling(Reason.HOLDOUT, "another draw of the holdout")
    if coin("randomised", case.policy.salt, spec.id, case.member, case.candidate.episode) < spec.randomised:
        return Ruling(Reason.RANDOMISED_OUT, "another draw for this occasion")
    return None
