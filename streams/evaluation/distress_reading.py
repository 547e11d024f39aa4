"""The shipped distress detector over texts and logs, as the stream runs it: states, events, policy."""

from processors.detectors import distress_language
from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.vocabulary import Text

POLICY = Policy(distress_support=True, safety_owner="evaluation")
BEGIN = 1_767_614_400.0


def tier_of(text: str) -> int:
    """Return the tier that a text gets as the only message of a new member."""
    return observed_tier(MemberState(), "text", text, BEGIN)


def observed_tier(state: MemberState, name: str, text: str, time: float) -> int:
    """Let the detector observe a post of a member; return the tier of its signal, 0 without one."""
    event = Event(name, "post.created", "evaluation/member", time, Text(text=text))
    tiers = [
        int(signal.evidence.get("tier", 0))
        for signal in distress_language.observe(state, event, POLICY, time)
        if signal.kind == "distress"
    ]
    return max(tiers, default=0)
