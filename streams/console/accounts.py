"""Local accounts of the console: who they are, what they may, their sessions, and the record of what they did."""

import hmac
import secrets
import threading
from collections.abc import Callable
from enum import StrEnum
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from streams.console.store import open_file
from streams.errors import UserError

SESSION_S, INVITATION_S = 12 * 3600.0, 3 * 86400.0
PASSWORD_MIN, PASSWORD_MAX, NAME_MAX = 12, 256, 60
AT_ONCE = 2  # password hashes computed at the same time: each takes 64 MiB
VERSION = 1
SCHEMA = """
CREATE TABLE account (name TEXT PRIMARY KEY COLLATE NOCASE, hash TEXT NOT NULL, role TEXT NOT NULL, made REAL NOT NULL, off INTEGER NOT NULL DEFAULT 0);
CREATE TABLE session (token TEXT PRIMARY KEY, account TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE invitation (token TEXT PRIMARY KEY, role TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, account TEXT NOT NULL, action TEXT NOT NULL, about TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TABLE approval (about TEXT, account TEXT, time REAL NOT NULL, PRIMARY KEY (about, account)) WITHOUT ROWID;
CREATE TABLE claim (about TEXT PRIMARY KEY, account TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
"""
# Those who sign in at an OpenID provider: who they are there, and their account here.
SUBJECTS = "CREATE TABLE IF NOT EXISTS subject (subject TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE COLLATE NOCASE) WITHOUT ROWID"


class Role(StrEnum):
    """What somebody is here for."""

    VIEWER = "viewer"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    SAFETY_REVIEWER = "safety_reviewer"
    ADMIN = "admin"


class Right(StrEnum):
    """What may be done: read pages; stop playbooks and let them go on; change playbooks; answer suggestions and reviews; approve safety; see who may be in distress; all else."""

    READ = "read"
    STOP = "stop"
    WRITE = "write"
    REVIEW = "review"
    APPROVE_SAFETY = "approve_safety"
    SEE_SAFETY = "see_safety"
    MANAGE = "manage"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.AUTHOR: frozenset({Right.READ, Right.STOP, Right.WRITE}),
    Role.REVIEWER: frozenset({Right.READ, Right.STOP, Right.REVIEW}),
    Role.SAFETY_REVIEWER: frozenset({Right.READ, Right.STOP, Right.REVIEW, Right.APPROVE_SAFETY, Right.SEE_SAFETY}),
    Role.ADMIN: frozenset(Right) - {Right.SEE_SAFETY},  # who runs the console need not know who was in need
}


class Account(msgspec.Struct, frozen=True):
    """Somebody with an account."""

    name: str
    role: Role
    off: bool = False

    def may(self, right: Right) -> bool:
        """Tell whether they may do this."""
        return not self.off and right in RIGHTS[self.role]


class Audited(msgspec.Struct, frozen=True):
    """One line of the record; `time` in epoch seconds."""

    time: float
    account: str
    action: str
    about: str
    reason: str


class Accounts:
    """The accounts' file, apart from the store: that one can be filled from the log again, this one cannot."""

    def __init__(self, path: Path, clock: Callable[[], float], hasher: PasswordHasher | None = None) -> None:
        self._clock, self._hasher = clock, hasher or PasswordHasher()  # RFC 9106, low-memory profile
        self._lock, self._hashing = threading.Lock(), threading.Semaphore(AT_ONCE)
        self._file = open_file(path)
        (version,) = self._file.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._file.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise UserError(f"{path}: accounts of another version of Lotse; use that one, or another LOTSE_CONSOLE_DB")
        self._file.execute(SUBJECTS)
        self._nobody = self._hasher.hash(secrets.token_hex())

    def empty(self) -> bool:
        """Tell whether there is no account yet."""
        return self._one("SELECT 1 FROM account") is None

    def invite(self, role: Role) -> str:
        """Return the token of a link by which somebody makes an account of this role: once, within three days."""
        token = secrets.token_urlsafe(24)
        self._do("DELETE FROM invitation WHERE until < ?", self._clock())
        self._do("INSERT INTO invitation VALUES (?, ?, ?)", _hidden(token), role, self._clock() + INVITATION_S)
        return token

    def invited(self, token: str) -> Role | None:
        """Return the role that a link gives, None for one that is used up, too old or unknown."""
        row = self._one("SELECT role FROM invitation WHERE token = ? AND until >= ?", _hidden(token), self._clock())
        return Role(row[0]) if row else None

    def join(self, token: str, name: str, password: str) -> Account | str:
        """Make the account of an invitation; return it, or a word that says what is wrong (gone, name, taken, password)."""
        role, name = self.invited(token), name.strip()
        if role is None:
            return "gone"
        if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
            return "name"
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or password.lower() == name.lower():
            return "password"
        with self._hashing:
            hashed = self._hasher.hash(password)
        with self._lock:
            if self._file.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone():
                return "taken"
            if not self._file.execute("DELETE FROM invitation WHERE token = ?", (_hidden(token),)).rowcount:
                return "gone"
            self._file.execute("INSERT INTO account VALUES (?, ?, ?, ?, 0)", (name, hashed, role, self._clock()))
        self.note(name, "account.made", role)
        return Account(name, role)

    def sign_in(self, name: str, password: str) -> Account | None:
        """Return the account where the password is right; it takes as long where there is no such account."""
        row = self._one("SELECT hash, name FROM account WHERE name = ? AND off = 0", name.strip())
        with self._hashing:
            try:
                self._hasher.verify(row[0] if row and row[0] else self._nobody, password[:PASSWORD_MAX])
            except (VerifyMismatchError, InvalidHashError):
                return None
        return self.account(row[1]) if row else None

    def from_provider(self, subject: str, name: str, role: Role) -> Account | str:
        """Return the account of somebody whom an OpenID provider knows, made at their first coming; their role is as it says now.

        Or a word that says what is wrong: their name is none or another's (name, taken), their account is shut out (off).
        """
        name = name.strip()
        with self._lock:
            row = self._file.execute("SELECT account FROM subject WHERE subject = ?", (subject,)).fetchone()
            if row is None:
                if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
                    return "name"
                if self._file.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone():
                    return "taken"
                self._file.execute("INSERT INTO account VALUES (?, '', ?, ?, 0)", (name, role, self._clock()))
                self._file.execute("INSERT INTO subject VALUES (?, ?)", (subject, name))
            else:
                name = row[0]
                self._file.execute("UPDATE account SET role = ? WHERE name = ?", (role, name))
        if row is None:
            self.note(name, "account.made", role)
        account = self.account(name)
        return "off" if account is None or account.off else account

    def account(self, name: str) -> Account | None:
        """Return an account by its name."""
        row = self._one("SELECT name, role, off FROM account WHERE name = ?", name)
        return Account(row[0], Role(row[1]), bool(row[2])) if row else None

    def everybody(self) -> list[Account]:
        """Return all accounts by name."""
        rows = self._all("SELECT name, role, off FROM account ORDER BY name")
        return [Account(name, Role(role), bool(off)) for name, role, off in rows]

    def switch(self, name: str, *, off: bool) -> bool:
        """Shut an account out, with its sessions, or let it in again; tell whether it was done: the last admin stays."""
        with self._lock:
            if off and not self._other_admins(name):
                return False
            self._file.execute("DELETE FROM session WHERE account = ?", (name,))
            return bool(self._file.execute("UPDATE account SET off = ? WHERE name = ?", (off, name)).rowcount)

    def give_role(self, name: str, role: Role) -> bool:
        """Give somebody another role, in force with their next page; tell whether it was done: the last admin stays."""
        with self._lock:
            if role is not Role.ADMIN and not self._other_admins(name):
                return False
            return bool(self._file.execute("UPDATE account SET role = ? WHERE name = ?", (role, name)).rowcount)

    def _other_admins(self, name: str) -> int:
        counted = "SELECT count(*) FROM account WHERE role = 'admin' AND off = 0 AND name != ?"
        return int(self._file.execute(counted, (name,)).fetchone()[0])

    def open_session(self, account: Account) -> str:
        """Return the token of a new session."""
        token = secrets.token_urlsafe(32)
        self._do("DELETE FROM session WHERE until < ?", self._clock())
        self._do("INSERT INTO session VALUES (?, ?, ?)", _hidden(token), account.name, self._clock() + SESSION_S)
        return token

    def session(self, token: str) -> Account | None:
        """Return whose session this is, None where it has ended."""
        row = self._one("SELECT account FROM session WHERE token = ? AND until >= ?", _hidden(token), self._clock())
        account = self.account(row[0]) if row else None
        return account if account and not account.off else None

    def close_session(self, token: str) -> None:
        """End a session."""
        self._do("DELETE FROM session WHERE token = ?", _hidden(token))

    def note(self, account: str, action: str, about: str = "", reason: str = "") -> None:
        """Write a line of the record; nothing in the file can change or remove it."""
        values = (self._clock(), account, action, about, reason)
        self._do("INSERT INTO audit (time, account, action, about, reason) VALUES (?, ?, ?, ?, ?)", *values)

    def noted(self, before: int = 0, limit: int = 100) -> list[tuple[int, Audited]]:
        """Return (number, line) of the record, the newest first, those below `before` where it is given."""
        rows = self._all(
            "SELECT seq, time, account, action, about, reason FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?",
            before or 1 << 60,
            limit,
        )
        return [(row[0], Audited(*row[1:])) for row in rows]

    def approve(self, about: str, account: str) -> None:
        """Note that somebody approves something."""
        self._do("INSERT OR REPLACE INTO approval VALUES (?, ?, ?)", about, account, self._clock())

    def approvers(self, about: str) -> list[str]:
        """Return who approved it."""
        return [row[0] for row in self._all("SELECT account FROM approval WHERE about = ? ORDER BY time", about)]

    def forget_approvals(self, about: str) -> None:
        """Forget them: they were for something that has been done."""
        self._do("DELETE FROM approval WHERE about = ?", about)

    def claim(self, about: str, account: str, seconds: float) -> str:
        """Take something for oneself for a while; return who has it."""
        now = self._clock()
        with self._lock:
            self._file.execute("DELETE FROM claim WHERE until < ?", (now,))
            self._file.execute(
                "INSERT INTO claim VALUES (?, ?, ?) ON CONFLICT (about) DO UPDATE SET until = excluded.until WHERE account = excluded.account",
                (about, account, now + seconds),
            )
            return str(self._file.execute("SELECT account FROM claim WHERE about = ?", (about,)).fetchone()[0])

    def claims(self) -> dict[str, str]:
        """Return who has what at the moment."""
        return dict(self._all("SELECT about, account FROM claim WHERE until >= ?", self._clock()))

    def release(self, about: str) -> None:
        """Give something back."""
        self._do("DELETE FROM claim WHERE about = ?", about)

    def _do(self, command: str, *values: object) -> None:
        with self._lock:
            self._file.execute(command, values)

    def _one(self, question: str, *values: object) -> tuple[str, ...] | None:
        with self._lock:
            row: tuple[str, ...] | None = self._file.execute(question, values).fetchone()
        return row

    def _all(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._file.execute(question, values).fetchall()


def form_token(session: str) -> str:
    """Return what forms of a session carry, so that no other site can post them."""
    return blake2b(session.encode(), digest_size=16, person=b"form").hexdigest()


def same_token(session: str, given: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return hmac.compare_digest(form_token(session).encode(), given.encode())


def accounts_path(store: Path) -> Path:
    """Return where the accounts lie: beside the store."""
    return store.with_name(f"{store.stem}-accounts{store.suffix or '.sqlite'}")


def _hidden(token: str) -> str:
    return sha256(token.encode()).hexdigest()
