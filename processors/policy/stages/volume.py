"""Does this playbook send less at the moment, because too much of what it sent was unwelcome?"""

from processors.decisions import Reason
from processors.ids import coin
from processors.policy.case import Case, Ruling
from processors.volume import STEERED


def rule(case: Case) -> Ruling | None:
    """Let the share of occasions through that the volume controller leaves the playbook (`processors.volume`).

    A coin per occasion, so that the same occasion decided again gets the same answer. Never for safety, answers on
    request or staff.
    """
    volume = case.volumes.of(case.community, case.playbook.spec.id) if case.volumes else None
    if volume is None or not volume.level or case.lane not in STEERED:
        return None
    case.values["volume"] = volume.share
    drawn = coin("volume", case.policy.salt, case.playbook.spec.id, case.member, case.candidate.episode)
    if drawn < volume.share:
        return None
    most = case.policy.over_trigger_max
    return Ruling(Reason.VOLUME_CONTROLLED, f"fewer than {most} unwelcome of 1,000 lately")
