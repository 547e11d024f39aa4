"""The console's store: one SQLite file that is written by one thread and read by many."""

import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from processors.community.content_gaps import Gap
from processors.decisions import Decision
from processors.events import Event
from processors.vocabulary import ERASED
from streams.console.schema import LATER, SCHEMA, VERSION
from streams.console.sums import Sums
from streams.console.taking import kept_decision, kept_event
from streams.errors import UserError

CACHED_MAX = 500_000  # members whose numbers are remembered
BUSY_S = 30.0


class _File(sqlite3.Connection):
    """A connection that is closed when nobody holds it any more: those for reading end with their threads, which nobody is told of."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it could not be opened
            self.close()


def open_file(path: Path) -> sqlite3.Connection:
    """Return a connection to a SQLite file in WAL mode. Raises `UserError` where there can be none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False, factory=_File)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is read from the log again
    except (sqlite3.Error, OSError) as error:
        raise UserError(f"LOTSE_CONSOLE_DB {path}: {error}; name a file that can be written") from None
    path.chmod(0o600)
    return connection


class Store:
    """What the follower writes into. `bound` is how many decisions, and how many events, are kept: the newest.

    `deployment` names whose log this is; `key` makes the references under which pages name members.
    """

    def __init__(self, path: Path, bound: int, deployment: str, key: bytes) -> None:
        self.path, self._bound, self._key = path, bound, blake2b(key, person=b"console").digest()
        self._write = open_file(path)
        self._write.execute("PRAGMA cache_size = -65536")
        self._write.execute("PRAGMA secure_delete = ON")  # who is erased is so in the file's bytes, too
        self._scrub = False  # the log of writes still holds pages with somebody who was erased
        self._names: dict[str, int] = {}
        self._members: dict[str, int] = {}
        self._reading = threading.local()
        self._begin(deployment)

    def _begin(self, deployment: str) -> None:
        (version,) = self._write.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._write.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
            self._write.execute("INSERT INTO about VALUES ('deployment', ?)", (deployment,))
        elif version != VERSION:
            raise UserError(
                f"LOTSE_CONSOLE_DB {self.path}: written by another version of Lotse; remove it, it is filled from the log again"
            )
        self._write.executescript(LATER)
        (known,) = self._write.execute("SELECT value FROM about WHERE what = 'deployment'").fetchone()
        if known != deployment:
            raise UserError(
                f"LOTSE_CONSOLE_DB {self.path}: holds another deployment's decisions (its LOTSE_CONTROL_KEY differs); name another file"
            )

    def take(
        self,
        decisions: Iterable[Decision] = (),
        events: Iterable[Event] = (),
        offsets: Mapping[tuple[str, int], int] | None = None,
        gaps: Iterable[tuple[str, Gap | None]] = (),
    ) -> None:
        """Keep decisions and events, count them, and note how far topics were read: all or nothing. A repeat changes nothing.

        Of content gaps the last record of each is kept, while it is open.
        """
        self._write.execute("BEGIN IMMEDIATE")
        try:
            sums = Sums(self._write, self.name)
            for decision in decisions:
                sums.decision(decision, kept_decision(self._write, self.name, self.member, decision))
            erased: dict[str, float] = {}
            for event in events:
                if event.type == ERASED:
                    erased[event.key] = event.time
                else:
                    new, about = kept_event(self._write, self.name, self.member, event)
                    if new:
                        sums.event(event, about)
            sums.write()
            for name, gap in gaps:
                self._gap(name, gap)
            for key, time in erased.items():
                self._forget(key, time)
            rows = [(topic, partition, offset) for (topic, partition), offset in (offsets or {}).items()]
            self._write.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", rows)
            self._cut()
            self._write.execute("COMMIT")
            self._scrub = self._scrub or bool(erased)
        except BaseException:
            self._names.clear()  # they may name rows that are not there any more
            self._members.clear()
            self._write.execute("ROLLBACK")
            raise
        if self._scrub:
            (busy, *_) = self._write.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._scrub = bool(busy)  # somebody reads: at the next turn

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read, by topic and partition."""
        rows = self._write.execute("SELECT topic, partition, next FROM reading")
        return {(topic, partition): offset for topic, partition, offset in rows}

    def reader(self) -> sqlite3.Connection:
        """Return this thread's connection for reading; it cannot write."""
        found: sqlite3.Connection | None = getattr(self._reading, "connection", None)
        if found is None:
            found = open_file(self.path)
            found.execute("PRAGMA query_only = ON")
            found.execute("PRAGMA mmap_size = 4294967296")
            self._reading.connection = found
        return found

    def name(self, text: str) -> int:
        """Return the number of a word, a new one where it is new. Only while something is taken."""
        number = self._names.get(text)
        if number is None:
            self._write.execute("INSERT OR IGNORE INTO name (text) VALUES (?)", (text,))
            (number,) = self._write.execute("SELECT id FROM name WHERE text = ?", (text,)).fetchone()
            self._names[text] = number
        return int(number)

    def member(self, key: str) -> int:
        """Return the number of a member, a new one where they are new. Only while something is taken."""
        number = self._members.get(key)
        if number is None:
            if len(self._members) >= CACHED_MAX:
                self._members.clear()
            self._write.execute("INSERT OR IGNORE INTO member (key, ref) VALUES (?, ?)", (key, self.ref(key)))
            (number,) = self._write.execute("SELECT id FROM member WHERE key = ?", (key,)).fetchone()
            self._members[key] = number
        return int(number)

    def ref(self, key: str) -> str:
        """Return what pages name a member by: addresses of pages are shared, and hold no member's id."""
        return blake2b(key.encode(), digest_size=8, key=self._key).hexdigest()

    def close(self) -> None:
        """Close the writing connection."""
        self._write.close()

    def _gap(self, name: str, gap: Gap | None) -> None:
        if gap is None or gap.closed:
            self._write.execute("DELETE FROM gap WHERE id = ?", (name,))
        else:
            self._write.execute("INSERT OR REPLACE INTO gap VALUES (?, ?)", (name, msgspec.json.encode(gap)))

    def _forget(self, key: str, time: float) -> None:
        """Delete what is known of a member up to a time; what came after it begins anew. Sums name nobody, and stay."""
        number = self.member(key)
        for table in ("decision", "event"):
            self._write.execute(f"DELETE FROM {table} WHERE member = ? AND time <= ?", (number, time))  # noqa: S608  (our own names)
        self._write.execute("DELETE FROM member_week WHERE member = ?", (number,))
        left = self._write.execute(
            "SELECT 1 FROM decision WHERE member = :number UNION ALL SELECT 1 FROM event WHERE member = :number LIMIT 1",
            {"number": number},
        ).fetchone()
        if left is None:
            self._write.execute("DELETE FROM member WHERE id = ?", (number,))
            self._members.pop(key, None)

    def _cut(self) -> None:
        for table in ("decision", "event"):
            first, last = self._write.execute(
                f"SELECT (SELECT min(seq) FROM {table}), (SELECT max(seq) FROM {table})"  # noqa: S608  (our own names)
            ).fetchone()
            if last is not None and last - first >= self._bound:
                self._write.execute(f"DELETE FROM {table} WHERE seq <= ?", (last - self._bound,))  # noqa: S608


def size_of(path: Path) -> int:
    """Return the bytes of a store's file and of its log of writes, 0 where there is none."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(one.stat().st_size for one in files if one.exists())


def decisions_kept(connection: sqlite3.Connection) -> int:
    """Return how many decisions are kept, without counting them one by one."""
    with closing(connection.execute("SELECT (SELECT min(seq) FROM decision), (SELECT max(seq) FROM decision)")) as rows:
        first, last = rows.fetchone()
    return 0 if last is None else int(last - first + 1)
