"""Would this be out of tune with what the member lives through?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Nothing cheerful or promotional for `inhibition` seconds after distress."""
    if case.playbook.spec.cheerful and case.lane != "safety" and case.now < case.state.inhibited_until:
        return Ruling(Reason.INHIBITED, f"{case.state.inhibited_until - case.now:.0f} s later")
    return None
