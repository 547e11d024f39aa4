"""What is kept of a decision and of an event: reasons, numbers and kinds; of the safety lane id, time and reason alone."""

import sqlite3
from collections.abc import Callable

import msgspec

from processors.decisions import SAFETY, Decision
from processors.events import Event
from processors.vocabulary import OutcomeData, SignalData

UNTOLD = frozenset({"distress", "concern"})  # of these signals nobody shall learn here
Sent = tuple[int, float]  # playbook's number, time of the decision (epoch s)
ANSWERED = "answered"
_INSERT = "INSERT OR IGNORE INTO decision VALUES (NULL" + ", ?" * 19 + ")"


def id_bytes(identifier: str) -> bytes:
    """Return an id as it is stored: 16 bytes of the usual 32 hexadecimal digits, else its text."""
    try:
        return bytes.fromhex(identifier)
    except ValueError:
        return identifier.encode()


def kept_decision(
    write: sqlite3.Connection, name: Callable[[str], int], member: Callable[[str], int], one: Decision
) -> int | None:
    """Keep a decision and return its member's number; None where it was there before."""
    number = member(one.member)
    if one.lane == SAFETY:
        one = Decision(one.id, one.member, one.time, one.verdict, one.reason, lane=SAFETY)
    row = (
        id_bytes(one.id), number, one.time, name(one.reason), name(one.playbook), name(one.resource), name(one.channel), name(one.lane),
        name(one.theme), name(" ".join(one.stages)), name(_json(one.versions)), one.episode, id_bytes(one.command) if one.command else None,
        one.attempt, one.until, one.probability, one.needed, _json(one.values) if one.values else "", one.replay,
    )  # fmt: skip
    return number if write.execute(_INSERT, row).rowcount else None


def kept_event(
    write: sqlite3.Connection, name: Callable[[str], int], member: Callable[[str], int], event: Event
) -> tuple[bool, list[Sent]]:
    """Keep a member's event; return whether it is new, and what was sent that it tells about: an outcome, or that the question was answered before.

    The outcome of a command that no kept decision made is left out: it may be one of the safety lane.
    """
    data = event.data
    about, found = "", list[Sent]()
    if isinstance(data, OutcomeData):
        row = write.execute(
            "SELECT d.playbook, d.time, p.text FROM decision d JOIN name p ON p.id = d.playbook WHERE d.command = ?",
            (id_bytes(data.command),),
        ).fetchone()
        if row is None:
            return False, []
        found, about = [(row[0], row[1])], row[2]
    elif isinstance(data, SignalData):
        if data.kind in UNTOLD:
            return False, []
        about = f"{data.kind} {data.score:.2f}"
        found = _too_late(write, member(event.key), event.time, data.episode) if data.kind == ANSWERED else []
    row = (id_bytes(event.id), member(event.key), event.time, name(event.type), about)
    kept = write.execute("INSERT OR IGNORE INTO event VALUES (NULL, ?, ?, ?, ?, ?)", row).rowcount
    return bool(kept), found


def _too_late(write: sqlite3.Connection, member: int, answered: float, episode: str) -> list[Sent]:
    """Return what was sent about a question at or after its answer (epoch s), as the worker counts it."""
    rows = write.execute(
        "SELECT playbook, time FROM decision WHERE member = ? AND time >= ? AND episode = ? AND command IS NOT NULL",
        (member, answered, episode),
    )
    return rows.fetchall()


def _json(value: dict[str, str] | dict[str, str | float | int]) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
