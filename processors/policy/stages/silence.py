"""Has an operator told Lotse to be quiet?"""

from processors.decisions import Reason
from processors.policy.case import Case, Ruling
from processors.resources import Silence


def rule(case: Case) -> Ruling | None:
    """The kill switch stops everything in a community; a silence stops a playbook or a theme until its time."""
    if case.policy.kill_switch:
        return Ruling(Reason.KILL_SWITCH, "kill switch off")
    for silence in case.catalog.silences:
        if silence.until > case.now and _matches(silence, case):
            return Ruling(Reason.SILENCED, f"silence by {silence.author} over")
    return None


def _matches(silence: Silence, case: Case) -> bool:
    spec = case.playbook.spec
    wanted = ((silence.playbook, spec.id), (silence.theme, spec.theme), (silence.community, case.community))
    return all(pattern in ("*", value) for pattern, value in wanted)
