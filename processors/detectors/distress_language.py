"""Distress language in the author's own fresh words; off until a community has switched it on."""

from processors.events import Event
from processors.member import MemberState
from processors.resources import Policy
from processors.signals import Signal
from processors.text.distress import assess
from processors.vocabulary import WORDS, Text

NAME, VERSION = "distress_language", "1"
WINDOW = 7 * 86400
REMEMBERED = 5
OFFER = 2  # the tier from which an offer is made


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Assess words; from T2 on nothing cheerful follows for a while."""
    if not policy.distress_support or event.type not in WORDS or not isinstance(event.data, Text):
        return []
    assessment = assess(event.data.text)
    if assessment.about == "other":
        return [Signal("concern", NAME, f"concern/{event.id}", assessment.score)]
    if not assessment.tier:
        return []
    recent = [(time, tier) for time, tier in state.distress if now - time < WINDOW]
    state.distress = (*recent, (int(now), assessment.tier))[-REMEMBERED:]
    if assessment.tier >= OFFER:
        state.inhibited_until = max(state.inhibited_until, int(now + policy.inhibition))
    evidence: dict[str, str | float | int] = {
        "tier": assessment.tier,
        "recent": len(recent),
        "kinds": ",".join(assessment.kinds),
    }
    return [Signal("distress", NAME, f"distress/{event.id}", assessment.score, evidence)]


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Nothing: distress is in words, not in silence."""
    return []
