"""What became of each resource: how often it was sent, and what members made of it, from decisions and outcomes."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from processors.decisions import Decision, Verdict
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.vocabulary import OutcomeData

OUTCOME = "outcome."
GOOD, BAD = ("clicked", "helpful"), ("not_helpful", "dismissed", "snoozed", "opted_out")


class Use(msgspec.Struct):
    """Counts for one resource: commands given, and outcomes by kind."""

    sent: int = 0
    outcomes: dict[str, int] = {}

    def count(self, *kinds: str) -> int:
        """Return how many outcomes were of these kinds."""
        return sum(self.outcomes.get(kind, 0) for kind in kinds)


class Usage:
    """Counts by resource over a span of log time (`first` to `last`, epoch s)."""

    def __init__(self) -> None:
        self.of: dict[str, Use] = defaultdict(Use)
        self.first, self.last = float("inf"), 0.0
        self._resources: dict[str, str] = {}  # of each command

    @property
    def days(self) -> float:
        """The length of the span."""
        return max(0.0, self.last - self.first) / 86400

    def decided(self, decision: Decision) -> None:
        """Count a decision that sends; what the safety lane does is counted nowhere."""
        self._seen(decision.time)
        if decision.lane == "safety":
            return
        if decision.verdict is Verdict.SEND and decision.resource and decision.command not in self._resources:
            self._resources[decision.command] = decision.resource
            self.of[decision.resource].sent += 1

    def told(self, kind: str, command: str, time: float) -> None:
        """Count what became of a command (`kind` without `outcome.`); of one that is not known, nothing."""
        self._seen(time)
        resource = self._resources.get(command)
        if resource:
            outcomes = self.of[resource].outcomes
            outcomes[kind] = outcomes.get(kind, 0) + 1

    def _seen(self, time: float) -> None:
        self.first, self.last = min(self.first, time), max(self.last, time)


def usage_of(events: Iterable[Event], catalog: Catalog) -> Usage:
    """Return what a catalog would have sent over a history, and what the outcomes in it say."""
    usage = Usage()
    loop = Loop(catalog, usage.decided, lambda _command: None)
    for event in events:
        loop.feed(event)
        if isinstance(event.data, OutcomeData):
            usage.told(event.type.removeprefix(OUTCOME), event.data.command, event.time)
        else:
            usage.told("", "", event.time)
    return usage
