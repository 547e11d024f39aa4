"""What of over-triggering can only be told afterwards: what lost to something else and was then missed, and how long before trouble help came."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Literal, get_args

import msgspec

from processors.decisions import Decision, Verdict
from processors.events import Event
from processors.playbooks.resources import Playbook
from processors.vocabulary import VISITS, Flag, SignalData

Trouble = Literal["flag", "loss", "third_repeat"]

DAY = 86400.0
LOST_S = 60 * DAY  # of silence: then a member is lost (processors.detectors.drop_off says `returned` from there on)
REPEATS = 3  # times that a member asked the same again within `LOOKED_BACK["third_repeat"]`
# What a message must have been for, to be help before that trouble; and how long before it may have come (s).
TRIGGERS: dict[Trouble, tuple[str, ...]] = {
    "flag": ("signal.quarrelled", "signal.moderated", "signal.targeted"),
    "loss": ("signal.overdue", "lifecycle.fading", "absence."),
    "third_repeat": ("signal.asked_again", "signal.unanswered"),
}
LOOKED_BACK: dict[Trouble, float] = {"flag": 7 * DAY, "loss": LOST_S, "third_repeat": 28 * DAY}


class Lead(msgspec.Struct, frozen=True):
    """How often a trouble happened, before how many of them a message had gone out for it, and the median time between (s)."""

    trouble: Trouble
    happened: int
    preceded: int
    lead_s: float | None


class Outranked(msgspec.Struct, frozen=True):
    """How often a playbook lost to another for good; of those whose goal's time is over, how many, and how many missed the goal (regret)."""

    playbook: str
    lost: int
    over: int
    missed: int

    @property
    def regret(self) -> float | None:
        """The share that missed the goal; None where none is over."""
        return self.missed / self.over if self.over else None


class Leads:
    """Takes events and decisions in the order of time; what it keeps grows with members and with troubles."""

    def __init__(self, playbooks: Iterable[Playbook]) -> None:
        self._against: dict[str, set[Trouble]] = {one.id: _against(one) for one in playbooks}
        self._sent: dict[tuple[Trouble, str], list[float]] = defaultdict(list)
        self._last: dict[str, float] = {}  # a member's last visit
        self._again: dict[str, list[float]] = defaultdict(list)
        self._happened: Counter[Trouble] = Counter()
        self._leads: dict[Trouble, list[float]] = defaultdict(list)

    def decision(self, one: Decision) -> None:
        """Take a decision."""
        if one.verdict is Verdict.SEND:
            for trouble in self._against.get(one.playbook, ()):
                self._sent[trouble, one.member].append(one.time)

    def event(self, event: Event) -> None:
        """Take an event or a signal."""
        key, data = event.key, event.data
        if event.type in VISITS:
            last = self._last.get(key, event.time)
            if event.time - last >= LOST_S:
                self._note("loss", key, last + LOST_S)
            self._last[key] = max(last, event.time)
        if event.type == "community.left":
            self._note("loss", key, event.time)
            self._last.pop(key, None)
        elif event.type == "content.flagged" and isinstance(data, Flag) and data.author and data.author != key:
            self._note("flag", data.author, event.time)
        elif isinstance(data, SignalData) and data.kind == "asked_again":
            since = event.time - LOOKED_BACK["third_repeat"]
            times = self._again[key] = [*(one for one in self._again[key] if one > since), event.time]
            if len(times) == REPEATS:
                self._note("third_repeat", key, event.time)

    def figures(self, ends: float) -> list[Lead]:
        """Return the leads as of a time (epoch s): who is silent for so long by then is lost, too."""
        happened, leads = self._happened.copy(), {trouble: [*times] for trouble, times in self._leads.items()}
        for key, last in self._last.items():
            if ends - last >= LOST_S:
                happened["loss"] += 1
                leads.setdefault("loss", []).extend(self._lead("loss", key, last + LOST_S))
        found: list[Lead] = []
        for trouble in get_args(Trouble):
            times = leads.get(trouble, [])
            found.append(Lead(trouble, happened[trouble], len(times), median(times) if times else None))
        return found

    def _note(self, trouble: Trouble, member: str, time: float) -> None:
        self._happened[trouble] += 1
        self._leads[trouble] += self._lead(trouble, member, time)

    def _lead(self, trouble: Trouble, member: str, time: float) -> list[float]:
        """Return how long before a trouble the first message against it came; nothing where none did."""
        since = time - LOOKED_BACK[trouble]
        before = [one for one in self._sent.get((trouble, member), ()) if since <= one <= time]
        return [time - before[0]] if before else []


def _against(playbook: Playbook) -> set[Trouble]:
    """Return the troubles that a playbook is there to spare somebody."""
    waits_for = (playbook.trigger, *playbook.also)
    return {trouble for trouble, wanted in TRIGGERS.items() if any(one.startswith(wanted) for one in waits_for)}
