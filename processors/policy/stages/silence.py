"""Has an operator told Lotse to be quiet?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """A kill switch stops everything in a community; a silence stops a playbook or a theme; both until their time."""
    if case.policy.kill_switch:
        return Ruling(Reason.KILL_SWITCH, "kill switch off")
    spec = case.playbook.spec
    for silence in case.catalog.silences:
        if silence.until > case.now and silence.matches(case.community, spec.id, spec.theme):
            return Ruling(silence.stops_as, f"{silence.kind.replace('_', ' ')} by {silence.author} over")
    return None
