"""Distress language in the author's own fresh words; off until a community has switched it on."""

from processors.events import Event
from processors.member.state import MemberState
from processors.platform_contracts import may_infer
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.text.distress import SEVEREST, assess
from processors.vocabulary import WORDS, Text

NAME, VERSION = "distress_language", "15"
OBSERVES = WORDS
REMEMBERED = 8  # statements
OFFER = 2  # the tier from which an offer is made
# Lower-tier statements at several moments within a few days weigh more than each alone.
WINDOW = 3 * 86400  # seconds
APART = 600  # seconds; what is written in one go is one moment
RISE = 3  # moments within the window, this one included, that make the next tier of it


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Assess words; from T2 on, and after bereavement, nothing cheerful follows for a while."""
    if not switched_on(policy) or event.type not in WORDS or not isinstance(event.data, Text):
        return []
    assessment = assess(event.data.text)
    if assessment.about == "none":
        return []
    if assessment.about == "other":
        return [Signal("concern", NAME, f"concern/{event.id}", assessment.score)]
    if not assessment.tier:  # a bereavement: no offer, but nothing cheerful either
        _inhibit(state, policy, now)
        return []
    recent = [(time, tier) for time, tier in state.distress if now - time < WINDOW]
    tier = risen(recent, assessment.tier, now)
    state.distress = (*recent, (int(now), assessment.tier))[-REMEMBERED:]
    if tier >= OFFER:
        _inhibit(state, policy, now)
    kinds = assessment.kinds if tier == assessment.tier else (*assessment.kinds, "window")
    evidence: dict[str, str | float | int] = {"tier": tier, "recent": len(recent), "kinds": ",".join(kinds)}
    return [Signal("distress", NAME, f"distress/{event.id}", assessment.score, evidence)]


def switched_on(policy: Policy) -> bool:
    """Tell whether the community wants it, somebody answers for it, and its platform allows it."""
    return policy.distress_support and bool(policy.safety_owner) and may_infer(policy.platform, NAME)


def risen(recent: list[tuple[int, int]], tier: int, now: float) -> int:
    """Return the tier that a statement has in the light of the member's last ones, (time, tier) each."""
    moments, last = 1, now
    for time, before in reversed(recent):
        if before >= tier and last - time >= APART:
            moments, last = moments + 1, time
    return min(tier + 1, SEVEREST) if moments >= RISE else tier


def _inhibit(state: MemberState, policy: Policy, now: float) -> None:
    state.inhibited_until = max(state.inhibited_until, int(now + policy.inhibition))
