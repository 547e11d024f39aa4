"""What became of each candidate that a coin decided or a command went out for: the goal, the time to it, the answers."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from processors.decisions import Decision, Reason, Verdict
from processors.events import Event
from processors.playbooks.resources import Playbook
from processors.vocabulary import OutcomeData
from streams.report.hindsight import Outranked
from streams.report.inference import Unit
from streams.report.steering import Steering

WITHOUT_HELP = frozenset({Reason.HOLDOUT, Reason.RANDOMISED_OUT})
ONCE_FOR_ALL = Reason.HOLDOUT  # drawn once for a member and playbook: later moments are no draws of their own


class Case(NamedTuple):
    """A moment at which a playbook wanted to help a member, and a coin or the arbiter had its say.

    `moment` counts a member's moments of this playbook from 1. `reached_after` is in seconds, None where the goal was not reached
    within its time. That time is over at `closes` (epoch s), and `open` until then, reached or not: to count those who were quick
    before those who may yet be slow would make every share too large.
    """

    playbook: str
    member: str
    time: float
    moment: int
    helped: bool
    sent: bool
    probability: float
    command: str
    resource: str
    channel: str
    reached_after: float | None
    closes: float
    open: bool

    @property
    def drawn(self) -> bool:
        """Tell whether a coin decided."""
        return 0.0 < self.probability < 1.0

    def unit(self) -> Unit:
        """Return it for the estimate of a lift."""
        return Unit(self.helped, self.probability, self.reached_after is not None)


class Ledger:
    """Takes events and decisions in the order of time; what it keeps grows with decisions and goals, never with words."""

    def __init__(self, playbooks: Iterable[Playbook]) -> None:
        self._playbooks = {one.id: one for one in playbooks}
        goals = {kind for one in self._playbooks.values() for kind in one.goal}
        self._done: dict[tuple[str, str], list[float]] = {}
        self._goals = frozenset(goals)
        self._drawn: list[Decision] = []
        self._episodes: set[tuple[str, str, str]] = set()
        self._outranked: dict[tuple[str, str, str], Decision] = {}
        self.outcomes: dict[str, set[str]] = defaultdict(set)  # by kind, the commands
        self.steering = Steering()
        self.ends = 0.0

    def event(self, event: Event) -> None:
        """Take an event: one that may be a goal, or an outcome."""
        self.ends = max(self.ends, event.time)
        if event.type in self._goals:
            self._done.setdefault((event.key, event.type), []).append(event.time)
        elif event.type.startswith("outcome.") and isinstance(event.data, OutcomeData):
            self.outcomes[event.type.removeprefix("outcome.")].add(event.data.command)

    def decision(self, decision: Decision) -> None:
        """Take a decision; kept is the first of an episode that a coin had a say in, or that was sent."""
        self.steering.decision(decision)
        self.ends = max(self.ends, decision.time)
        counts = decision.probability < 1.0 or decision.verdict is Verdict.SEND
        episode = (decision.playbook, decision.member, decision.episode)
        if counts and decision.verdict is not Verdict.HOLD and episode not in self._episodes:
            self._episodes.add(episode)
            self._drawn.append(decision)
        if decision.reason is Reason.OUTRANKED:
            self._outranked.setdefault(episode, decision)
        elif decision.verdict is Verdict.SEND:
            self._outranked.pop(episode, None)

    def cases(self) -> list[Case]:
        """Return all cases, in the order of time."""
        moments: dict[tuple[str, str], int] = defaultdict(int)
        found = []
        for one in self._drawn:
            moments[one.playbook, one.member] += 1
            found.append(self._case(one, moments[one.playbook, one.member]))
        return found

    def outranked(self) -> list[Outranked]:
        """Return by playbook what lost to another message and was not given later, and whether the goal was then missed."""
        lost: dict[str, list[Case]] = defaultdict(list)
        for one in self._outranked.values():
            lost[one.playbook].append(self._case(one, 1))
        found = []
        for name, cases in sorted(lost.items()):
            over = [one for one in cases if self._aims(name) and not one.open]
            found.append(Outranked(name, len(cases), len(over), sum(one.reached_after is None for one in over)))
        return found

    def _aims(self, playbook: str) -> bool:
        spec = self._playbooks.get(playbook)
        return spec is not None and bool(spec.goal and spec.goal_within)

    def _case(self, one: Decision, moment: int) -> Case:
        spec = self._playbooks.get(one.playbook)
        after = self._reached_after(one, spec)
        closes = one.time + (spec.goal_within if spec else 0.0)
        return Case(
            one.playbook, one.member, one.time, moment, one.reason not in WITHOUT_HELP, one.verdict is Verdict.SEND,
            one.probability, one.command, one.resource, one.channel, after, closes, closes > self.ends,
        )  # fmt: skip

    def _reached_after(self, one: Decision, spec: Playbook | None) -> float | None:
        """Return the seconds from a decision to its goal; None where the playbook has none, or none with a time to reach it in."""
        if spec is None or not spec.goal or not spec.goal_within:
            return None
        firsts = []
        for kind in spec.goal:
            times = self._done.get((one.member, kind), [])
            place = bisect_right(times, one.time)
            if place < len(times):
                firsts.append(times[place] - one.time)
        first = min(firsts, default=None)
        return first if first is not None and first <= spec.goal_within else None


def draws(cases: Iterable[Case], *, once_for_all: bool) -> list[Case]:
    """Return the cases that were draws of a coin and are over, in the order in which they were; of a coin thrown once per member only the first each.

    All that were assigned help count as helped, whether or not something later (a budget, a full evening) kept it back: what
    is left out after the draw would bend the comparison (intention to treat).
    """
    seen: set[tuple[str, str]] = set()
    found = []
    for one in cases:
        if not one.drawn or one.open or (once_for_all and (one.playbook, one.member) in seen):
            continue
        seen.add((one.playbook, one.member))
        found.append(one)
    return sorted(found, key=attrgetter("closes"))
