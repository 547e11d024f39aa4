"""The addresses of those who operate Lotse, as members of their own community: confirmed by a code that was sent there."""

import hmac
import secrets
import threading
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from streams.console.store import open_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS own_address (
  account TEXT PRIMARY KEY, member TEXT NOT NULL, code TEXT NOT NULL, tries INTEGER NOT NULL, until REAL NOT NULL, confirmed INTEGER NOT NULL
) WITHOUT ROWID
"""
CODE_S, TRIES_MAX = 900.0, 5


class OwnAddress(msgspec.Struct, frozen=True):
    """A member's key, and whether it was shown to be one's own."""

    member: str
    confirmed: bool


class OwnAddresses:
    """Kept beside the accounts. Only a confirmed one is sent anything but its code, so that nobody is sent tries of others."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._file, self._clock, self._lock = open_file(path), clock, threading.Lock()
        with self._lock:
            self._file.execute(SCHEMA)

    def of(self, account: str) -> OwnAddress | None:
        """Return somebody's, None where they gave none."""
        with self._lock:
            row = self._file.execute(
                "SELECT member, confirmed FROM own_address WHERE account = ?", (account,)
            ).fetchone()
        return OwnAddress(row[0], bool(row[1])) if row else None

    def begin(self, account: str, member: str) -> str:
        """Note an address that is not confirmed yet; return the code to be sent there: six digits, for a quarter of an hour."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        values = (account, member, _hidden(account, code), self._clock() + CODE_S)
        with self._lock:
            self._file.execute("INSERT OR REPLACE INTO own_address VALUES (?, ?, ?, 0, ?, 0)", values)
        return code

    def confirm(self, account: str, code: str) -> bool:
        """Tell whether the code is right, and the address confirmed by it; five tries."""
        with self._lock:
            row = self._file.execute(
                "SELECT code FROM own_address WHERE account = ? AND until >= ? AND tries < ? AND confirmed = 0",
                (account, self._clock(), TRIES_MAX),
            ).fetchone()
            self._file.execute("UPDATE own_address SET tries = tries + 1 WHERE account = ?", (account,))
            right = row is not None and hmac.compare_digest(row[0], _hidden(account, code.strip()))
            if right:
                self._file.execute("UPDATE own_address SET confirmed = 1, code = '' WHERE account = ?", (account,))
        return right

    def forget(self, account: str) -> None:
        """Forget somebody's."""
        with self._lock:
            self._file.execute("DELETE FROM own_address WHERE account = ?", (account,))

    def forget_members(self, keys: Iterable[str]) -> None:
        """Forget the addresses of members who are erased."""
        with self._lock:
            self._file.executemany("DELETE FROM own_address WHERE member = ?", [(key,) for key in keys])


def _hidden(account: str, code: str) -> str:
    return sha256(f"{account}\x1f{code}".encode()).hexdigest()
