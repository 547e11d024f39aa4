"""What held a playbook back by itself: the volume controller, and rests for members whom it had stopped helping."""

from collections.abc import Iterable
from typing import NamedTuple

from processors.decisions import Decision, Reason, Verdict


class Steered(NamedTuple):
    """What the volume controller did: occasions held back, from when to when (epoch s), the least share let out, and whether it still does."""

    held: int
    begins: float
    ends: float
    least: float
    still: bool


class Rests(NamedTuple):
    """Rests of a playbook for single members; how many got it again afterwards, and of these messages those that led to something."""

    rests: int
    returns: int
    taken_up: int


class Steering:
    """Takes decisions in the order of time."""

    def __init__(self) -> None:
        self._steered: dict[str, Steered] = {}
        self._occasions: set[tuple[str, str, str]] = set()
        self._resting: set[tuple[str, str]] = set()
        self._rests: dict[str, int] = {}
        self._returned: dict[str, list[str]] = {}  # by playbook, the commands

    def decision(self, decision: Decision) -> None:
        """Take a decision."""
        self._volume(decision)
        whose = (decision.playbook, decision.member)
        if decision.reason is Reason.RESTING and whose not in self._resting:
            self._resting.add(whose)
            self._rests[decision.playbook] = self._rests.get(decision.playbook, 0) + 1
        elif decision.verdict is Verdict.SEND and whose in self._resting:
            self._resting.remove(whose)
            self._returned.setdefault(decision.playbook, []).append(decision.command)

    def volume(self, playbook: str) -> Steered | None:
        """Return what the volume controller did to a playbook, None where it did nothing."""
        return self._steered.get(playbook)

    def rests(self, playbook: str, welcome: Iterable[str]) -> Rests:
        """Return the rests of a playbook; `welcome` are the commands that led to something."""
        returned = self._returned.get(playbook, [])
        return Rests(self._rests.get(playbook, 0), len(returned), len(set(returned) & set(welcome)))

    def _volume(self, decision: Decision) -> None:
        share = decision.values.get("volume")
        before = self._steered.get(decision.playbook)
        if not isinstance(share, float):
            if before is not None and "volume" in decision.stages:
                self._steered[decision.playbook] = before._replace(still=False)
            return
        occasion = (decision.playbook, decision.member, decision.episode)
        held = decision.reason is Reason.VOLUME_CONTROLLED and occasion not in self._occasions
        if held:
            self._occasions.add(occasion)
        known = before or Steered(0, decision.time, decision.time, share, still=True)
        self._steered[decision.playbook] = known._replace(
            held=known.held + held, ends=decision.time, least=min(known.least, share), still=True
        )
