"""How useful resources have proved: counted from outcomes as the log goes by, and which of several is the best to offer."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from processors.member.state import MemberState
from processors.over_trigger import COMMAND_CHARS
from processors.vocabulary import OutcomeData

RESOURCES_MAX = 512  # remembered per community and partition; the least shown is forgotten first
COUNT_MAX = 1024  # shown; then both counts are halved, so that the past fades
# What an outcome says of a resource, in quarters: a click is half of "helpful", a dismissal takes as much away.
WORTH = {"outcome.helpful": 4, "outcome.clicked": 2, "outcome.dismissed": -2, "outcome.not_helpful": -4}
SHOWN = "outcome.delivered"
PRIOR_WORTH, PRIOR_SHOWN = 4, 2  # two showings, half of them helpful: what is new is thought good until it shows


class Usefulness(msgspec.Struct, array_like=True):
    """Of a community in a partition: for each resource its worth (quarters) and how often it was shown."""

    counts: dict[str, tuple[int, int]] = {}

    def learn(self, state: MemberState, kind: str, data: OutcomeData) -> None:
        """Take an outcome of a member; of a command that the member's state no longer holds nothing is learnt."""
        worth, shown = WORTH.get(kind, 0), int(kind == SHOWN)
        if not worth and not shown:
            return
        wanted = data.command[:COMMAND_CHARS]
        resource = next((sent.resource for sent in reversed(state.sends) if sent.command == wanted), "")
        if not resource:
            return
        had, seen = self.counts.get(resource, (0, 0))
        had, seen = had + worth, seen + shown
        self.counts[resource] = (had // 2, seen // 2) if seen >= COUNT_MAX else (had, seen)
        if len(self.counts) > RESOURCES_MAX:
            del self.counts[min(self.counts, key=lambda name: (self.counts[name][1], name != resource, name))]

    def score(self, resource: str) -> float:
        """Return the worth per showing with a prior of two showings, at least 0; a quotient of whole numbers."""
        worth, shown = self.counts.get(resource, (0, 0))
        return max(worth + PRIOR_WORTH, 0) / (max(shown, 0) + PRIOR_SHOWN)


NOTHING_LEARNT = Usefulness()


def best(
    options: Sequence[str], usable: Collection[str] | Mapping[str, object], had: Sequence[str], learnt: Usefulness
) -> str:
    """Return the usable option of the highest score that the member has not had of late (`had`, oldest first).

    Who has had all gets the one that is longest ago. Ties go to the first in order. Empty where none is usable.
    """
    there = [one for one in options if one in usable]
    fresh = [one for one in there if one not in had]
    if fresh:
        return max(fresh, key=lambda one: (learnt.score(one), -there.index(one)))
    return min(there, key=lambda one: len(had) - had[::-1].index(one), default="")
