"""Whether onboarding playbooks bring newcomers to their first words: the lift of help on completing the onboarding."""

from collections.abc import Iterable

from processors.decisions import Decision, Verdict
from processors.playbooks.resources import Playbook
from streams.report.inference import Lift, Unit, pooled
from streams.report.ledger import WITHOUT_HELP

ONBOARDING = "onboarding"  # the lifecycle of playbooks that count
ONBOARDED_WITHIN = 14 * 86400.0  # seconds from joining to the first words

Times = Iterable[tuple[float, str]]


class Newcomers:
    """Takes the decisions of one community in the order of time; of each member the first coin of any onboarding playbook counts."""

    def __init__(self, playbooks: Iterable[Playbook]) -> None:
        self._playbooks = {one.id for one in playbooks if one.kind == ONBOARDING}
        self._first: dict[str, Decision] = {}

    def decision(self, decision: Decision) -> None:
        """Take a decision."""
        drawn = decision.playbook in self._playbooks and 0.0 < decision.probability < 1.0
        if drawn and decision.verdict is not Verdict.HOLD:
            self._first.setdefault(decision.member, decision)

    def lift(self, joined: Times, contributed: Times, ends: float) -> Lift:
        """Return the lift on first words within `ONBOARDED_WITHIN` of joining, among those whose time was over at `ends` (epoch s).

        Who had written before the coin was thrown, or was not seen joining, is no newcomer any more.
        """
        came, spoke = _firsts(joined), _firsts(contributed)
        units = []
        for member, drawn in self._first.items():
            closes = came.get(member, -ONBOARDED_WITHIN) + ONBOARDED_WITHIN
            words = spoke.get(member)
            if not drawn.time < closes <= ends or (words is not None and words <= drawn.time):
                continue
            reached = words is not None and words <= closes
            units.append((closes, Unit(drawn.reason not in WITHOUT_HELP, drawn.probability, reached)))
        return pooled(units)


def _firsts(times: Times) -> dict[str, float]:
    """Return each member's first time."""
    found: dict[str, float] = {}
    for time, member in times:
        found[member] = min(time, found.get(member, time))
    return found
