"""What analytics platforms are told: decisions and outcomes as events, without anybody's name, never of the safety lane."""

import hmac
from typing import Literal, NamedTuple, Protocol
from uuid import NAMESPACE_URL, uuid5

from processors.decisions import Decision
from processors.events import Event
from processors.vocabulary import OutcomeData
from sinks.channel import Receipt

PREFIX = "outcome."


class Told(NamedTuple):
    """One event: `id` the same for each telling, `who` a keyed hash of the member, `time` in epoch seconds."""

    id: str
    name: Literal["lotse_decision", "lotse_outcome"]
    who: str
    time: float
    facts: dict[str, str]


class Analytics(Protocol):
    """A platform. `at_most_once`: it sees no repetition for what it is, so nothing is told twice, and a crash may lose."""

    name: str
    at_most_once: bool

    async def send(self, events: list[Told]) -> Receipt:
        """Tell events; `retry` where nothing was taken and all may be told again."""

    async def close(self) -> None:
        """Give up connections."""


def pseudonym(member: str, key: bytes) -> str:
    """Return a keyed hash (HMAC-SHA256, 128 bits) of a member: the same for each event, and nobody's name."""
    return hmac.digest(key, b"analytics\x1f" + member.encode(), "sha256")[:16].hex()


def of_decision(decision: Decision, key: bytes) -> Told | None:
    """Return what is told of a decision, None for one of the safety lane, of a replay, or without a playbook."""
    if decision.replay or decision.lane in ("", "safety") or not decision.playbook:
        return None
    facts = {
        "verdict": decision.verdict.value, "reason": decision.reason.value, "playbook": decision.playbook, "lane": decision.lane,
        "resource": decision.resource, "channel": decision.channel, "theme": decision.theme,
    }  # fmt: skip
    return Told(_id(decision.id), "lotse_decision", pseudonym(decision.member, key), decision.time, _given(facts))


def of_outcome(event: Event, known: frozenset[str], key: bytes) -> Told | None:
    """Return what is told of an outcome; None unless its playbook is among `known`, those outside the safety lane."""
    data = event.data
    if event.replay or not isinstance(data, OutcomeData) or data.playbook not in known:
        return None
    facts = {"outcome": event.type.removeprefix(PREFIX), "playbook": data.playbook, "via": data.via or ""}
    return Told(_id(event.id), "lotse_outcome", pseudonym(event.key, key), event.time, _given(facts))


def _id(identifier: str) -> str:
    return str(uuid5(NAMESPACE_URL, identifier))


def _given(facts: dict[str, str]) -> dict[str, str]:
    return {name: value[:100] for name, value in facts.items() if value}
