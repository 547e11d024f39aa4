"""Changes that wait for a second person's yes: what is for people in distress is nobody's alone."""

import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from streams.console.store import open_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS proposal (
  id TEXT PRIMARY KEY, playbook TEXT NOT NULL, text TEXT NOT NULL, base TEXT NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, time REAL NOT NULL
) WITHOUT ROWID
"""
WAITING_MAX = 100


class Proposal(msgspec.Struct, frozen=True):
    """One: the text that a playbook's file is to have in place of that of state `base`; `time` in epoch seconds."""

    id: str
    playbook: str
    text: str
    base: str
    author: str
    reason: str
    time: float


class Proposals:
    """Kept in the file of the accounts, for neither can be read from the log again."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._file, self._clock, self._lock = open_file(path), clock, threading.Lock()
        with self._lock:
            self._file.execute(SCHEMA)

    def add(self, playbook: str, text: str, base: str, author: str, reason: str) -> Proposal | None:
        """Keep one, in place of an earlier one of the same person about the same playbook; None where too many wait."""
        made = Proposal(secrets.token_hex(8), playbook, text, base, author, reason, self._clock())
        with self._lock:
            self._file.execute("DELETE FROM proposal WHERE playbook = ? AND author = ?", (playbook, author))
            (count,) = self._file.execute("SELECT count(*) FROM proposal").fetchone()
            if count >= WAITING_MAX:
                return None
            self._file.execute("INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(made))
        return made

    def waiting(self) -> list[Proposal]:
        """Return all, the oldest first."""
        with self._lock:
            rows = self._file.execute("SELECT * FROM proposal ORDER BY time").fetchall()
        return [Proposal(*row) for row in rows]

    def find(self, name: str) -> Proposal | None:
        """Return one by its id."""
        return next((one for one in self.waiting() if one.id == name), None)

    def take(self, name: str) -> bool:
        """Remove one; tell whether it was there: of two who answer at once one does it."""
        with self._lock:
            return bool(self._file.execute("DELETE FROM proposal WHERE id = ?", (name,)).rowcount)

    def put_back(self, one: Proposal) -> None:
        """Keep one again whose yes could not be carried out."""
        with self._lock:
            self._file.execute(
                "INSERT OR REPLACE INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(one)
            )
