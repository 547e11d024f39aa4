"""Did the member get this, or something like it, a short while ago?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling


def rule(case: Case) -> Ruling | None:
    """Cool-downs of the playbook, the resource and the theme; a request is always answered, safety has its own rest.

    What answers a question rests by its resource alone: the next question is another one, whatever its theme. The steps
    of a sequence follow each other as it says.
    """
    if case.lane in ("request", "safety"):
        return None
    spec, policy = case.playbook.spec, case.policy
    for sent in reversed(case.state.sends):
        age = case.now - sent.time
        if spec.cooldown and sent.playbook == spec.id and age < spec.cooldown:
            return Ruling(Reason.COOLDOWN_PLAYBOOK, f"{spec.cooldown - age:.0f} s later")
        if sent.resource == case.offered and age < policy.cooldown_resource:
            return Ruling(Reason.COOLDOWN_RESOURCE, f"{policy.cooldown_resource - age:.0f} s later")
        if spec.matching or (spec.sequence and sent.playbook.partition(":")[0] == spec.sequence):
            continue
        if sent.theme == spec.theme and age < policy.cooldown_theme:
            return Ruling(Reason.COOLDOWN_THEME, f"{policy.cooldown_theme - age:.0f} s later")
    return None
