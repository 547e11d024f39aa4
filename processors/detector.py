"""What a detector is: it observes one event or one moment in a member's state, and concludes signals."""

from collections.abc import Callable
from typing import Protocol

from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import Signal


class Detector(Protocol):
    """A module of processors.detectors. Pure; what it remembers is in the member state, bounded."""

    NAME: str
    VERSION: str
    OBSERVES: frozenset[str]  # the event types it looks at; others cost it nothing

    def observe(self, state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
        """Look at an event before the state's own facts are updated."""


class Timed(Detector, Protocol):
    """A detector with clocks in the member's own log; the others conclude from what is done."""

    def on_time(self, state: MemberState, policy: Policy, now: float) -> list[Signal]:
        """Conclude what is due by `now`: the end of the last slot that has passed (`processors.member.due_index`)."""


Observe = Callable[[MemberState, Event, Policy, float], list[Signal]]
