"""Does the member want this?"""

from processors.decisions import Reason
from processors.platform_contracts import may_conclude
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Opt-outs last until taken back, snoozes until their time; what consent was withdrawn or is wanting for, is not sent.

    Consent given lifts neither an opt-out nor a snooze. The safety lane heeds only what was said of its own kind. So does an
    answer to a request, of opt-outs and snoozes: "stop all" is about what comes unasked, and who asks again wants an answer.
    """
    state, spec, policy = case.state, case.playbook.spec, case.policy
    forbidden = None
    if not may_conclude(policy.platform, spec.trigger):
        forbidden = Ruling(Reason.PLATFORM_FORBIDS, f"a platform that allows {spec.trigger}")
    if state.opted_out or state.snoozed or state.consents or policy.consent_required:
        return _wishes(case, forbidden)
    if forbidden is not None or case.lane != "safety":  # as of most: nothing was ever said
        return forbidden
    return _switched_on(case)


def _wishes(case: Case, forbidden: Ruling | None) -> Ruling | None:
    """Heed what the member said, and what the community asks for."""
    state, spec = case.state, case.playbook.spec
    own = {spec.kind, spec.id, spec.theme}
    kinds = own if case.lane == "safety" else {"all", *own}
    stopping = own if case.lane == "request" else kinds
    if not stopping.isdisjoint(state.opted_out):
        return Ruling(Reason.OPTED_OUT, "no opt-out")
    if forbidden is not None:
        return forbidden
    missing = _missing(case, own, kinds)
    if missing:
        return Ruling(Reason.NO_CONSENT, missing)
    if case.lane == "safety":
        return _switched_on(case)
    until = max((state.snoozed.get(kind, 0) for kind in stopping), default=0)
    return Ruling(Reason.SNOOZED, "snooze over") if until > case.now else None


def _missing(case: Case, own: set[str], kinds: set[str]) -> str:
    """Say what is wanting, empty if nothing: the last word on its own kind, playbook or theme, else that on everything."""
    consents = case.state.consents
    words = [consents[kind] for kind in own if kind in consents]
    given = all(words) if words else consents.get("all")
    if given is False and (words or case.lane != "safety"):
        return "no withdrawal of consent"
    if not given and not kinds.isdisjoint(case.policy.consent_required):
        return "consent given"
    return ""


def _switched_on(case: Case) -> Ruling | None:
    if case.policy.distress_support and case.policy.safety_owner:
        return None
    return Ruling(Reason.NOT_SWITCHED_ON, "distress_support on, with a safety_owner")
