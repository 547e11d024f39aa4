"""Does the member want this?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Opt-outs last until taken back; snoozes until their time. The safety lane heeds only an opt-out of its own kind."""
    state, spec = case.state, case.playbook.spec
    kinds = {spec.kind, spec.id, spec.theme} if case.lane == "safety" else {"all", spec.kind, spec.id, spec.theme}
    if not kinds.isdisjoint(state.opted_out):
        return Ruling(Reason.OPTED_OUT, "no opt-out")
    if case.lane == "safety":
        return _switched_on(case)
    until = max((state.snoozed.get(kind, 0) for kind in kinds), default=0)
    return Ruling(Reason.SNOOZED, "snooze over") if until > case.now else None


def _switched_on(case: Case) -> Ruling | None:
    if case.policy.distress_support and case.policy.safety_owner:
        return None
    return Ruling(Reason.NOT_SWITCHED_ON, "distress_support on, with a safety_owner")
