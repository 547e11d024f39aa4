"""What pages ask the store."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from processors.community.content_gaps import Gap
from processors.decisions import Decision, Reason, verdict_of
from streams.console.sums import DAY, SENT, week_of

_FIELDS = (
    "d.seq, d.id, m.key, m.ref, d.time, d.reason, d.playbook, d.resource, d.channel, d.lane, d.theme, d.passed, d.versions, "
    "d.episode, d.command, d.attempt, d.until, d.probability, d.needed, d.seen, d.replay"
)
_MEMBER = "JOIN member m ON m.id = d.member"
_VALUES = msgspec.json.Decoder(dict[str, str | float | int])
_GAP = msgspec.json.Decoder(Gap)
_VERSIONS = msgspec.json.Decoder(dict[str, str])


class Kept(msgspec.Struct, frozen=True):
    """A decision with its place in the stream and the reference of its member."""

    seq: int
    ref: str
    decision: Decision


class Happened(msgspec.Struct, frozen=True):
    """An event of a member: its type, and numbers and kinds about it."""

    time: float
    kind: str
    about: str


class Found(msgspec.Struct, frozen=True):
    """A member."""

    number: int
    key: str
    ref: str


def number_of(file: sqlite3.Connection, text: str) -> int:
    """Return the number of a word, -1 where it was never seen."""
    row = file.execute("SELECT id FROM name WHERE text = ?", (text,)).fetchone()
    return int(row[0]) if row else -1


def stream(
    file: sqlite3.Connection, playbook: str = "", reason: str = "", before: int = 0, limit: int = 50
) -> list[Kept]:
    """Return decisions, the newest first, of a playbook or reason where one is named, those before a place in the stream."""
    where, values = ["d.seq < ?"], [before or 1 << 60]
    for column, text in (("playbook", playbook), ("reason", reason)):
        if text:
            where.append(f"d.{column} = ?")
            values.append(number_of(file, text))
    rows = file.execute(
        f"SELECT {_FIELDS} FROM (SELECT * FROM decision d WHERE {' AND '.join(where)} ORDER BY d.seq DESC LIMIT ?) d {_MEMBER} ORDER BY d.seq DESC",  # noqa: S608  (our own names)
        (*values, limit),
    )
    return _all_kept(file, rows)


def decisions_of(file: sqlite3.Connection, member: int, before: float = 0, limit: int = 200) -> list[Kept]:
    """Return a member's decisions, the newest first, those before a time (epoch s) where one is given."""
    rows = file.execute(
        f"SELECT {_FIELDS} FROM decision d {_MEMBER} WHERE d.member = ? AND d.time < ? ORDER BY d.time DESC, d.seq DESC LIMIT ?",  # noqa: S608  (our own names)
        (member, before or 1e12, limit),
    )
    return _all_kept(file, rows)


def suggestions(file: sqlite3.Connection, now: float, limit: int) -> list[Decision]:
    """Return what was decided about each suggestion that may still wait at a time (epoch s), the oldest first.

    Of the newest `limit` decisions that one waits; only of those, and of none that is given up by now, the whole story is read.
    """
    rows = file.execute(
        f"SELECT {_FIELDS} FROM (SELECT DISTINCT member, playbook, episode FROM (SELECT member, playbook, episode, until FROM decision "  # noqa: S608  (our own names)
        "WHERE reason = ? ORDER BY seq DESC LIMIT ?) WHERE until > ?) w CROSS JOIN decision d INDEXED BY decision_member "
        f"ON d.member = w.member AND d.playbook = w.playbook AND d.episode = w.episode {_MEMBER} ORDER BY d.time, d.seq",
        (number_of(file, Reason.SUGGESTION_WAITS), limit, now),
    )
    return [one.decision for one in _all_kept(file, rows)]


def events_of(file: sqlite3.Connection, member: int, before: float = 0, limit: int = 200) -> list[Happened]:
    """Return a member's events, the newest first."""
    rows = file.execute(
        "SELECT e.time, n.text, e.about FROM event e JOIN name n ON n.id = e.kind WHERE e.member = ? AND e.time < ? ORDER BY e.time DESC LIMIT ?",
        (member, before or 1e12, limit),
    )
    return [Happened(*row) for row in rows]


def member(file: sqlite3.Connection, ref: str) -> Found | None:
    """Return the member of a reference."""
    row = file.execute("SELECT id, key, ref FROM member WHERE ref = ?", (ref,)).fetchone()
    return Found(*row) if row else None


def members_like(file: sqlite3.Connection, words: str, limit: int = 20) -> list[Found]:
    """Return members whose key begins so, also without the community before the slash."""
    begins = [words]
    if "/" not in words:
        begins += [f"{community}/{words}" for community in communities(file)]
    found: list[Found] = []
    for text in begins:
        rows = file.execute(
            "SELECT id, key, ref FROM member WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
            (text, text + "\U0010ffff", limit),
        )
        found += [Found(*row) for row in rows if Found(*row) not in found]
    return found[:limit]


def communities(file: sqlite3.Connection, limit: int = 50) -> list[str]:
    """Return the communities, by jumps over the index of members' keys."""
    found: list[str] = []
    at = ""
    while len(found) < limit:
        row = file.execute("SELECT key FROM member WHERE key > ? ORDER BY key LIMIT 1", (at,)).fetchone()
        if row is None:
            break
        name = row[0].partition("/")[0]
        found.append(name)
        at = f"{name}0"  # the character after the slash
    return found


def latest(file: sqlite3.Connection) -> float:
    """Return the time (epoch s) of the newest hour that holds decisions, 0 without any."""
    (hour,) = file.execute("SELECT max(hour) FROM hourly").fetchone()
    return 0.0 if hour is None else (hour + 1) * 3600.0


def by_hour(file: sqlite3.Connection, since: float, until: float) -> list[tuple[int, str, str, int]]:
    """Return (hour, playbook, reason, count) between two times (epoch s)."""
    rows = file.execute(
        "SELECT h.hour, p.text, r.text, h.count FROM hourly h JOIN name p ON p.id = h.playbook JOIN name r ON r.id = h.reason "
        "WHERE h.hour >= ? AND h.hour < ?",
        (int(since) // 3600, int(until) // 3600),
    )
    return rows.fetchall()


def sent_by_hour(file: sqlite3.Connection, since: float, until: float) -> list[tuple[int, str, int]]:
    """Return (hour, playbook, sends) between two times (epoch s); an index holds them, whatever else was decided."""
    rows = file.execute(
        "SELECT h.hour, p.text, h.count FROM hourly h JOIN name p ON p.id = h.playbook WHERE h.reason = ? AND h.hour >= ? AND h.hour < ?",
        (number_of(file, SENT), int(since) // 3600, int(until) // 3600),
    )
    return rows.fetchall()


def sent_by_hour_of_day(file: sqlite3.Connection, since: float, until: float) -> list[tuple[str, int, int]]:
    """Return (playbook, hour of the day in UTC, sends) between two times (epoch s)."""
    rows = file.execute(
        "SELECT p.text, h.hour, h.count FROM (SELECT playbook, hour % 24 hour, sum(count) count FROM hourly "
        "WHERE reason = ? AND hour >= ? AND hour < ? GROUP BY 1, 2) h JOIN name p ON p.id = h.playbook",
        (number_of(file, SENT), int(since) // 3600, int(until) // 3600),
    )
    return rows.fetchall()


def reasons_between(file: sqlite3.Connection, since: float, until: float) -> list[tuple[str, int]]:
    """Return (reason, count) between two times (epoch s)."""
    rows = file.execute(
        "SELECT r.text, h.count FROM (SELECT reason, sum(count) count FROM hourly WHERE hour >= ? AND hour < ? GROUP BY 1) h "
        "JOIN name r ON r.id = h.reason",
        (int(since) // 3600, int(until) // 3600),
    )
    return rows.fetchall()


def by_day(file: sqlite3.Connection, since: float, until: float) -> list[tuple[str, str, int]]:
    """Return (playbook, reason, count) over whole days, from that of `since` up to, not including, that of `until` (epoch s)."""
    rows = file.execute(
        "SELECT p.text, r.text, h.count FROM (SELECT playbook, reason, sum(count) count FROM daily WHERE day >= ? AND day < ? GROUP BY 1, 2) h "
        "JOIN name p ON p.id = h.playbook JOIN name r ON r.id = h.reason",
        (int(since) // DAY, int(until) // DAY),
    )
    return rows.fetchall()


def faults(file: sqlite3.Connection, since: float, until: float) -> list[tuple[str, str, int]]:
    """Return (playbook, part, count) over whole days, as `by_day` does."""
    rows = file.execute(
        "SELECT p.text, n.text, f.count FROM (SELECT playbook, part, sum(count) count FROM fault WHERE day >= ? AND day < ? GROUP BY 1, 2) f "
        "JOIN name p ON p.id = f.playbook JOIN name n ON n.id = f.part",
        (int(since) // DAY, int(until) // DAY),
    )
    return rows.fetchall()


def sends_of_week(file: sqlite3.Connection, time: float) -> list[tuple[int, int]]:
    """Return (sends, members who got so many) in the week of a time (epoch s)."""
    rows = file.execute(
        "SELECT sends, members FROM week_sends WHERE week = ? AND members > 0 ORDER BY sends", (week_of(time),)
    )
    return rows.fetchall()


def open_gaps(file: sqlite3.Connection) -> list[Gap]:
    """Return the open content gaps, highest friction first."""
    found = [_GAP.decode(value) for (value,) in file.execute("SELECT value FROM gap")]
    return sorted(found, key=lambda one: (-one.friction, one.opened, one.id))


def needs(file: sqlite3.Connection, since: float, until: float) -> list[tuple[str, str, str, int]]:
    """Return (community, place, kind of signal, count) of needs that nobody met over whole days, as `by_day` does, the most first."""
    rows = file.execute(
        "SELECT c.text, p.text, k.text, n.count FROM (SELECT community, kind, place, sum(count) count FROM need WHERE day >= ? AND day < ? "
        "GROUP BY 1, 2, 3) n JOIN name c ON c.id = n.community JOIN name p ON p.id = n.place JOIN name k ON k.id = n.kind "
        "ORDER BY n.count DESC, c.text, p.text, k.text",
        (int(since) // DAY, int(until) // DAY),
    )
    return rows.fetchall()


def names_with(file: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Return the playbooks and the reasons of the decisions of the last 28 days that hold any."""
    end = latest(file)
    rows = by_day(file, end - 28 * DAY, end + DAY)
    return sorted({row[0] for row in rows if row[0]}), sorted({row[1] for row in rows})


def quantile(counts: Sequence[tuple[int, int]], share: float) -> int:
    """Return the smallest value below or at which this share of all lies; 0 of none."""
    wanted, seen = share * sum(count for _, count in counts), 0
    for value, count in counts:
        seen += count
        if seen >= wanted:
            return value
    return 0


def sends(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return the sends by playbook, of rows of `by_day`."""
    return {playbook: count for playbook, reason, count in rows if reason == SENT}


class _Names:
    """Words by their numbers, each asked for once: a join would look each up for each row."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self.text = cache(self._text)
        self.reason = cache(lambda number: Reason(self._text(number)))
        self.stages = cache(lambda number: tuple(self._text(number).split()))
        self.versions = cache(lambda number: _VERSIONS.decode(self._text(number)))

    def _text(self, number: int) -> str:
        (text,) = self._file.execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
        return str(text)


def _all_kept(file: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> list[Kept]:
    names = _Names(file)
    return [_kept(row, names) for row in rows]


def _kept(row: tuple[Any, ...], names: _Names) -> Kept:
    (seq, identifier, key, ref, time, reason, playbook, resource, channel, lane, theme, passed, versions, episode, command, attempt,
     until, probability, needed, seen, replay) = row  # fmt: skip
    known, text = names.reason(reason), names.text
    decision = Decision(
        _hex(identifier), key, time, verdict_of(known), known, text(playbook), episode, text(lane), text(resource), text(channel),
        _hex(command), text(theme), attempt, until, probability, names.stages(passed), _VALUES.decode(seen) if seen else {}, needed,
        names.versions(versions), bool(replay),
    )  # fmt: skip
    return Kept(seq, ref, decision)


def _hex(identifier: object) -> str:
    if not isinstance(identifier, bytes):
        return ""
    return identifier.hex() if len(identifier) == 16 else identifier.decode(errors="replace")
