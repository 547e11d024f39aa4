"""One community through the real core: members with a rhythm, four needs, and a response to help that is known."""

import random
from collections.abc import Iterator
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

import msgspec

from processors.decisions import Decision
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle, Localised, Playbook, Policy, Resource
from processors.vocabulary import VOCABULARY, OutcomeData
from streams.report.ledger import WITHOUT_HELP, Ledger

BEGINS = 1_767_571_200.0  # Monday 2026-01-05 00:00 UTC
DAY, WITHIN = 86400.0, 2 * 86400.0
APART = (
    WITHIN + 3600.0
)  # moments of one need and member: a goal belongs to one of them, so that the true effect is known
POLICY = Policy(
    budget_day=50,
    budget_week=350,
    budget_week_new=350,
    quiet_from=0,
    quiet_to=0,
    cooldown_theme=0.0,
    cooldown_resource=0.0,
)
WANTS = 0.8  # of visits: a need shows itself
ANSWERS = (("clicked", 0.3), ("helpful", 0.1), ("dismissed", 0.05))  # and how often


class Need(NamedTuple):
    """What members want now and then: the event that shows it, the goal, and the share who reach it without and with help.

    `tires`: from the third moment on, help no longer makes a difference to the same member. `held_out`: the coin is thrown once for
    a member, not at each moment.
    """

    playbook: str
    trigger: str
    goal: str
    without: float
    with_help: float
    tires: bool = False
    held_out: bool = False

    def chance(self, *, helped: bool, moment: int) -> float:
        """Return the chance to reach the goal at a member's n-th moment (from 1)."""
        return self.with_help if helped and not (self.tires and moment > 2) else self.without


class Simulated(NamedTuple):
    """What came of a community: its ledger and catalog, and the true effect of help at each (playbook, member, moment)."""

    ledger: Ledger
    playbooks: tuple[Playbook, ...]
    effects: dict[tuple[str, str, int], float]
    decisions: int
    events: int


def needs_of(dice: random.Random, *, held_out: bool = False) -> tuple[Need, ...]:
    """Return four needs: one that help serves, one where it does nothing, one where it tires, one that it is not needed for.

    `held_out`: the first two have a holdout instead of a coin at each moment.
    """
    base = dice.uniform(0.15, 0.4)
    nothing = dice.uniform(0.2, 0.6)
    return (
        Need("helps", "draft.abandoned", "post.created", base, base + dice.uniform(0.15, 0.35), held_out=held_out),
        Need("does-nothing", "event.registered", "event.attended", nothing, nothing, held_out=held_out),
        Need("tires", "task.begun", "task.completed", 0.15, 0.65, tires=True),
        Need("needless", "feature.announced", "feature.used", 0.9, 0.92),
    )


def playbook_of(need: Need) -> Playbook:
    """Return the playbook that serves a need; a coin leaves half of its moments, or of its members, without help."""
    return Playbook(
        id=need.playbook, trigger=need.trigger, resource=need.playbook, theme=need.playbook, maturity="live",
        goal=(need.goal,), goal_within=WITHIN, holdout=0.5 * need.held_out, randomised=0.5 * (not need.held_out),
    )  # fmt: skip


def simulate(seed: int, members: int = 200, days: int = 60, needs: tuple[Need, ...] | None = None) -> Simulated:
    """Return a community's ledger; the same for the same arguments. In every other community two of the four needs have a holdout."""
    dice = random.Random(seed)
    chosen = needs_of(dice, held_out=seed % 2 == 1) if needs is None else needs
    return _Run(dice, chosen, f"seed-{seed}").run(members, days)


class _Run:
    def __init__(self, dice: random.Random, needs: tuple[Need, ...], salt: str) -> None:
        self._dice = dice
        self._needs = {need.playbook: need for need in needs}
        self.playbooks = tuple(map(playbook_of, needs))
        resources = tuple(
            Resource(need.playbook, "how-to", need.playbook, {"en": Localised("A guide", "It helps.")})
            for need in needs
        )
        policy = {"*": msgspec.structs.replace(POLICY, salt=salt)}
        self.ledger = Ledger(self.playbooks)
        self._loop = Loop(Catalog(Bundle(resources, self.playbooks, policy)), self._decided, lambda _command: None)
        self._ahead: list[tuple[float, str, Event]] = []
        self._number = self._decisions = 0
        self._moments: dict[tuple[str, str], int] = {}
        self.effects: dict[tuple[str, str, int], float] = {}

    def run(self, members: int, days: int) -> Simulated:
        self._loop.advance(BEGINS)
        for event in self._habits(members, days):
            self._plan(event)
        fed = 0
        while self._ahead:
            _, _, event = heappop(self._ahead)
            self.ledger.event(event)
            self._loop.feed(event)
            fed += 1
        self._loop.advance(BEGINS + (days + 4) * DAY)
        self.ledger.ends = BEGINS + (days + 4) * DAY
        return Simulated(self.ledger, self.playbooks, self.effects, self._decisions, fed)

    def _habits(self, members: int, days: int) -> Iterator[Event]:
        """Yield what members do of themselves: visits at their own rhythm, and needs now and then."""
        for number in range(members):
            member, gap = f"sim/m{number}", self._dice.lognormvariate(1.2, 0.5)  # days between visits
            yield self._event("community.joined", member, BEGINS + self._dice.random() * DAY)
            at, wanted = self._dice.expovariate(1 / gap), dict.fromkeys(self._needs, -inf)
            while at < days:
                time = BEGINS + at * DAY
                yield self._event("presence.seen", member, time)
                rested = [name for name, last in wanted.items() if time - last > APART]
                if rested and self._dice.random() < WANTS:
                    name = self._dice.choice(rested)
                    wanted[name] = time
                    yield self._event(self._needs[name].trigger, member, time + 60)
                at += self._dice.expovariate(1 / gap)

    def _event(self, kind: str, member: str, time: float) -> Event:
        self._number += 1
        fields = {"name": f"n{self._number}"} if "name" in VOCABULARY[kind].__struct_fields__ else {}
        return Event(f"s{self._number}", kind, member, time, VOCABULARY[kind](**fields))

    def _plan(self, event: Event) -> None:
        heappush(self._ahead, (event.time, event.id, event))

    def _decided(self, decision: Decision) -> None:
        """Let the member respond: reach the goal or not, by a chance that is known, and answer what they got."""
        self._decisions += 1
        self.ledger.decision(decision)
        need = self._needs.get(decision.playbook)
        if need is None or decision.probability >= 1.0:
            return
        helped = decision.reason not in WITHOUT_HELP
        moment = self._moments[need.playbook, decision.member] = (
            self._moments.get((need.playbook, decision.member), 0) + 1
        )
        effect = need.chance(helped=True, moment=moment) - need.chance(helped=False, moment=moment)
        self.effects[need.playbook, decision.member, moment] = effect
        if self._dice.random() < need.chance(helped=helped, moment=moment):
            self._plan(self._event(need.goal, decision.member, decision.time + self._dice.uniform(120, WITHIN - 3600)))
        if helped and decision.command:
            self._answer(decision)

    def _answer(self, decision: Decision) -> None:
        self._number += 1
        for kind, chance in (("delivered", 1.0), ("seen", 0.8), *ANSWERS):
            if self._dice.random() < chance:
                data = OutcomeData(command=decision.command, playbook=decision.playbook)
                self._plan(
                    Event(f"o{self._number}/{kind}", f"outcome.{kind}", decision.member, decision.time + 90, data)
                )
