"""Onboarding: joined, and has not posted within the community's time."""

from processors.events import Event
from processors.member import NEVER, MemberState
from processors.resources import Policy
from processors.signals import Signal
from processors.vocabulary import WORDS

NAME, VERSION = "onboarding", "1"


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Start the clock at joining; the first words stop it."""
    if event.type == "community.joined" and not state.posts:
        state.start_at = int(event.time + policy.onboarding_after)
    elif event.type in WORDS or event.type == "community.left":
        state.start_at = NEVER
    return []


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Conclude, once, that the member joined and did not start."""
    if state.start_at > now:
        return []
    state.start_at = NEVER
    if state.posts or state.left:
        return []
    hours = round(policy.onboarding_after / 3600)
    return [
        Signal(
            "not_started",
            NAME,
            f"joined/{state.joined}",
            1.0,
            {"hours": hours, "days": round((now - state.joined) / 86400)},
        )
    ]
