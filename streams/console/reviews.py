"""What people are asked to look at, and what they said of it: a file of its own, beside the accounts."""

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from processors.outputs import Alert
from processors.reviews import Review
from streams.console.store import open_file
from streams.errors import UserError

VERSION = 1
KEPT_S = 30 * 86400.0  # an item that nobody looked at in this time is not asked for any more
SAMPLES_MAX = 50  # open items of a kind that only teach how often its detector is right; the oldest give way
# What somebody was asked about; answered, only the label stays, which names no member.
SCHEMA = """
CREATE TABLE reading (topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)) WITHOUT ROWID;
CREATE TABLE item (
  id TEXT PRIMARY KEY, queue TEXT NOT NULL, kind TEXT NOT NULL, detector TEXT NOT NULL, member TEXT NOT NULL, time REAL NOT NULL,
  queued REAL NOT NULL, episode TEXT NOT NULL, score REAL NOT NULL, evidence TEXT NOT NULL, partition INTEGER NOT NULL, at_offset INTEGER NOT NULL,
  has_words INTEGER NOT NULL, replay INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX item_queue ON item (queue, queued, id);
CREATE INDEX item_member ON item (member);
CREATE TABLE label (
  id TEXT PRIMARY KEY, queue TEXT NOT NULL, kind TEXT NOT NULL, detector TEXT NOT NULL, community TEXT NOT NULL, score REAL NOT NULL,
  queued REAL NOT NULL, said TEXT NOT NULL, account TEXT NOT NULL, at REAL NOT NULL, replay INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX label_at ON label (at);
"""
Queue = Literal["safety", "moderation", "sample"]
QUEUES: tuple[Queue, ...] = ("safety", "moderation", "sample")
SAID = ("right", "wrong", "acted")  # acted: right, and something was done about it


class Item(msgspec.Struct, frozen=True):
    """An open item. `queued` is when it came (epoch s); `partition` and `offset` name the record in the member log, -1 unknown."""

    id: str
    queue: Queue
    kind: str
    detector: str
    member: str
    time: float
    queued: float
    episode: str
    score: float
    evidence: dict[str, str | float | int]
    partition: int
    offset: int
    has_words: bool
    replay: bool

    @property
    def community(self) -> str:
        """The community it is of."""
        return self.member.partition("/")[0]

    @property
    def about(self) -> str:
        """What a claim and the record name it by."""
        return f"review/{self.id}"


class Label(msgspec.Struct, frozen=True):
    """What somebody said of an item: right, wrong, or right and acted upon. It names no member."""

    id: str
    queue: str
    kind: str
    detector: str
    community: str
    score: float
    queued: float
    said: str
    account: str
    at: float
    replay: bool


class Reviews:
    """The open items, the oldest first, and the labels."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._file = open_file(path)
        self._file.execute("PRAGMA secure_delete = ON")  # what is answered or erased is gone from the file's bytes, too
        (version,) = self._file.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._file.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise UserError(f"{path}: reviews of another version of Lotse; use that one, or another LOTSE_CONSOLE_DB")

    def take(self, items: Iterable[Item], offsets: Mapping[tuple[str, int], int], gone: Iterable[str] = ()) -> None:
        """Keep items that nobody has answered, drop those that are `gone`, and note how far topics were read; all or nothing."""
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                for item in items:
                    self._keep(item)
                self._file.executemany("DELETE FROM item WHERE id = ?", [(one,) for one in gone])
                self._file.execute("DELETE FROM item WHERE queued < ?", (self._clock() - KEPT_S,))
                self._cut()
                rows = [(topic, partition, offset) for (topic, partition), offset in offsets.items()]
                self._file.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", rows)
                self._file.execute("COMMIT")
            except BaseException:
                self._file.execute("ROLLBACK")
                raise

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read, by topic and partition."""
        rows = self._all("SELECT topic, partition, next FROM reading")
        return {(topic, partition): offset for topic, partition, offset in rows}

    def open(self, queues: Iterable[str], limit: int = 50) -> list[Item]:
        """Return the open items of some queues, safety first, then by how long they wait."""
        wanted = [one for one in QUEUES if one in set(queues)]
        found = [
            _item(row)
            for queue in wanted
            for row in self._all("SELECT * FROM item WHERE queue = ? ORDER BY queued, id LIMIT ?", queue, limit)
        ]
        return found[:limit]

    def item(self, identifier: str) -> Item | None:
        """Return an open item."""
        rows = self._all("SELECT * FROM item WHERE id = ?", identifier)
        return _item(rows[0]) if rows else None

    def waiting(self) -> dict[str, tuple[int, float]]:
        """Return by queue how many wait, and since when the oldest does (epoch s; now where none does); replays are no hurry."""
        now = self._clock()
        rows = self._all("SELECT queue, count(*), min(queued) FROM item WHERE replay = 0 GROUP BY queue")
        return dict.fromkeys(QUEUES, (0, now)) | {queue: (count, since) for queue, count, since in rows}

    def counts_open(self) -> dict[str, int]:
        """Return by queue how many are open, replays too."""
        none: dict[str, int] = dict.fromkeys(QUEUES, 0)
        return none | dict(self._all("SELECT queue, count(*) FROM item GROUP BY queue"))

    def answer(self, item: Item, said: str, account: str) -> bool:
        """Label an item and drop it; tell whether it was still open."""
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            was = self._file.execute("DELETE FROM item WHERE id = ?", (item.id,)).rowcount
            if was:
                row = (item.id, item.queue, item.kind, item.detector, item.community, item.score, item.queued, said, account, self._clock(), item.replay)  # fmt: skip
                self._file.execute("INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._file.execute("COMMIT")
            self._scrub()
        return bool(was)

    def labels(self, queues: Iterable[str], limit: int = 10_000) -> list[Label]:
        """Return the newest labels of some queues."""
        wanted = set(queues)
        rows = self._all("SELECT * FROM label ORDER BY at DESC LIMIT ?", limit)
        return [
            msgspec.convert(dict(zip(Label.__struct_fields__, row, strict=True)), Label, strict=False)
            for row in rows
            if row[1] in wanted
        ]

    def counts(self, queues: Iterable[str]) -> list[tuple[str, str, str, int]]:
        """Return (detector, kind, what was said, how often) of some queues."""
        wanted = set(queues)
        rows = self._all("SELECT queue, detector, kind, said, count(*) FROM label GROUP BY 1, 2, 3, 4 ORDER BY 2, 3")
        return [(detector, kind, said, count) for queue, detector, kind, said, count in rows if queue in wanted]

    def forget(self, members: Iterable[str]) -> None:
        """Drop the items about members who are erased."""
        with self._lock:
            if self._file.executemany("DELETE FROM item WHERE member = ?", [(one,) for one in members]).rowcount > 0:
                self._scrub()

    def _keep(self, item: Item) -> None:
        row = (
            item.id, item.queue, item.kind, item.detector, item.member, item.time, item.queued, item.episode, item.score,
            msgspec.json.encode(item.evidence).decode(), item.partition, item.offset, item.has_words, item.replay,
        )  # fmt: skip
        if self._file.execute("SELECT 1 FROM label WHERE id = ?", (item.id,)).fetchone() is None:
            self._file.execute("INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _cut(self) -> None:
        kinds = self._file.execute("SELECT kind FROM item WHERE queue = 'sample' GROUP BY kind HAVING count(*) > ?", (SAMPLES_MAX,)).fetchall()  # fmt: skip
        for (kind,) in kinds:
            self._file.execute(
                "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE queue = 'sample' AND kind = ? ORDER BY queued DESC, id LIMIT -1 OFFSET ?)",
                (kind, SAMPLES_MAX),
            )

    def _scrub(self) -> None:
        """Bring deletions into the file itself: the log of writes still holds the pages as they were."""
        self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _all(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._file.execute(question, values).fetchall()


def from_alert(alert: Alert, queued: float, partition: int, offset: int) -> Item:
    """Return the item of a line of safety.v1."""
    evidence: dict[str, str | float | int] = {"tier": alert.tier, "kinds": ", ".join(alert.kinds)}
    return Item(alert.id, "safety", "distress", "distress_language", alert.member, alert.time, queued, "", float(alert.tier),
                evidence, partition, offset, True, alert.replay)  # fmt: skip


def from_review(one: Review, queued: float, partition: int, offset: int) -> Item:
    """Return the item of a line of moderation.review.v1."""
    return Item(one.id, one.queue, one.kind, one.detector, one.member, one.time, queued, one.episode, one.score, one.evidence,
                partition, offset, bool(one.event), one.replay)  # fmt: skip


def reviews_path(store: Path) -> Path:
    """Return where the reviews lie: beside the store."""
    return store.with_name(f"{store.stem}-reviews{store.suffix or '.sqlite'}")


def _item(row: tuple[Any, ...]) -> Item:
    fields = dict(zip(Item.__struct_fields__, row, strict=True))
    fields["evidence"] = msgspec.json.decode(fields["evidence"])
    return msgspec.convert(fields, Item, strict=False)
