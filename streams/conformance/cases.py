"""What a check sends and what it sees: commands of its own, arrivals at the receiver, outcomes in the member log."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from processors.commands import Command, Recall, recall_id
from streams.conformance.receiver import Arrival, Arrivals, mark_of

COMMUNITY = "conformance"
HOUR = 3600.0


class Send(NamedTuple):
    """A record for the delivery topic; `at` in seconds after the check's begin, `like` names the key whose partition it takes."""

    key: bytes
    value: bytes | None
    at: float = 0.0
    like: bytes = b""


class Outcome(NamedTuple):
    """An outcome of the member log; `fault` says what is wrong with its form, empty where nothing is."""

    kind: str
    reason: str
    id: str
    fault: str = ""


class Case:
    """One check of one run: its commands have ids and members that nobody else has. Times in epoch seconds."""

    def __init__(self, run: str, check: str, channel: str, now: float) -> None:
        self.name, self.channel, self.now = f"{run}-{check}", channel, now

    def command(self, part: str = "1", target: str = "", **changes: Any) -> Command:
        """Return a command that is due, with changes; `part` tells those of a check apart."""
        identifier = f"{COMMUNITY}-{self.name}-{part}"
        member = f"{COMMUNITY}/{target or self.name}"
        fields: dict[str, Any] = {
            "id": identifier, "target": member, "member": member, "community": COMMUNITY, "channel": self.channel,
            "playbook": "conformance.check", "lane": "proactive", "resource": "conformance", "resource_version": "1",
            "locale": "en", "title": f"A trial {mark_of(identifier)}", "text": f"Nothing to do here. {mark_of(identifier)}",
            "because": "somebody tries a delivery service", "priority": "normal", "not_before": self.now - 1,
            "expires": self.now + HOUR, "theme": "conformance", "kind": "conformance",
        }  # fmt: skip
        return Command(**(fields | changes))

    def recall(self, command: Command, *, withdraw: bool = False) -> Recall:
        """Return the recall of a command."""
        return Recall(
            id=recall_id(command.id), recalls=command.id, target=command.target, member=command.member,
            community=command.community, channel=command.channel, playbook=command.playbook, reason="exit_met",
            time=self.now, withdraw=withdraw,
        )  # fmt: skip


def sent(order: Command | Recall, at: float = 0.0) -> Send:
    """Return an order as a record under its target."""
    return Send(order.target.encode(), msgspec.json.encode(order), at)


class Seen:
    """What came of the commands."""

    def __init__(self, arrivals: Arrivals, outcomes: dict[str, list[Outcome]]) -> None:
        self._arrivals, self._outcomes = arrivals, outcomes

    def arrivals(self, command: Command) -> list[Arrival]:
        """Return the arrivals of a command at the receiver."""
        return self._arrivals.of(command.id)

    def outcomes(self, command: Command) -> list[Outcome]:
        """Return the outcomes of a command, in the log's order."""
        return self._outcomes.get(command.id, [])

    def all_outcomes(self) -> list[Outcome]:
        """Return every outcome of the run."""
        return [one for some in self._outcomes.values() for one in some]


Judge = Callable[[Case, Seen], str]


def delivered_once(seen: Seen, command: Command) -> str:
    """Return what is wrong with a command that had to be delivered, once; empty where nothing is."""
    taken = sum(one.taken for one in seen.arrivals(command))
    if taken != 1:
        return f"the receiver took it {taken} times, expected once"
    return told(seen, command, {"delivered"})


def not_delivered(seen: Seen, command: Command, kinds: set[str], reasons: tuple[str, ...] = ()) -> str:
    """Return what is wrong with a command that must not go out, and is told of by an outcome of these kinds."""
    came = len(seen.arrivals(command))
    if came:
        return f"the receiver got it {came} times, expected never"
    return told(seen, command, kinds, reasons)


def told(
    seen: Seen,
    command: Command,
    kinds: set[str],
    reasons: tuple[str, ...] = (),
    *,
    also: frozenset[str] = frozenset(),
) -> str:
    """Return what is wrong with the outcomes of a command: one of these kinds, once (the same id counts once), and none else but `also`."""
    found = {(one.kind, one.id): one for one in seen.outcomes(command)}
    wanted = " or ".join(f"outcome.{kind}" for kind in sorted(kinds))
    if not [one for one in found.values() if one.kind in kinds]:
        other = ", ".join(sorted(f"outcome.{one.kind}" for one in found.values())) or "none"
        return f"expected {wanted}, found {other}"
    if extra := sorted({f"outcome.{one.kind}" for one in found.values() if one.kind not in kinds | also}):
        return f"expected {wanted} alone, found {', '.join(extra)} too"
    if len([one for one in found.values() if one.kind in kinds]) > 1:
        return f"{wanted} was told under several ids: a repetition must have the same"
    wrong = [one.reason for one in found.values() if reasons and one.kind in kinds and one.reason not in reasons]
    return f"expected the reason {' or '.join(reasons)}, found {wrong[0] or 'none'}" if wrong else ""
