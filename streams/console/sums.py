"""Sums that are kept as decisions and outcomes come: playbook by hour and reason, sends of members in a week, faults."""

import sqlite3
from collections import Counter
from collections.abc import Callable

from processors.decisions import SAFETY, Decision, Reason
from processors.events import Event
from processors.over_trigger import ALREADY_SOLVED, PARTS
from processors.vocabulary import SignalData

HOUR, DAY, WEEK = 3600, 86_400, 604_800
MONDAY = 3 * DAY  # 1970-01-01 was a Thursday
REPEAT_S = 7 * DAY
AT_ONCE_S = 600.0  # dismissed or snoozed within ten minutes
REPEATED, WAVED, SENT = "repeated", "waved_away", "sent"
FAULTS = (*PARTS.values(), ALREADY_SOLVED)  # what makes a message one too many
AT_ONCE = frozenset({"outcome.dismissed", "outcome.snoozed"})
GOOD = {"outcome.delivered": "delivered", "outcome.clicked": "clicked", "outcome.helpful": "helpful"}
STAFF = "staff"
WEEKS_MAX = 12  # of which it is kept who got how much
# Signals of questions that a resource might have answered (those that the log carries): what many have in common becomes a gap.
NEEDS = frozenset({"unanswered", "asked_again", "explained_again"})
PLACE_MAX, NEED_DAYS = 100, 90


def week_of(time: float) -> int:
    """Return the number of a time's week, counted from the Monday before 1970."""
    return int(time + MONDAY) // WEEK


def week_begin(time: float) -> float:
    """Return the Monday (epoch s, 00:00 UTC) of a time's week."""
    return float(week_of(time) * WEEK - MONDAY)


class Sums:
    """Counts one batch, then adds it to the tables in one go."""

    def __init__(self, write: sqlite3.Connection, name: Callable[[str], int]) -> None:
        self._write, self._name = write, name
        self._hourly: Counter[tuple[int, int, int]] = Counter()
        self._daily: Counter[tuple[int, int, int]] = Counter()
        self._faults: Counter[tuple[int, int, int]] = Counter()
        self._weeks: Counter[tuple[int, int]] = Counter()
        self._needs: Counter[tuple[int, ...]] = Counter()

    def decision(self, one: Decision, member: int | None) -> None:
        """Count a decision that was kept; `member` is None for one that was there before."""
        if member is None:
            return
        playbook, reason = self._name(SAFETY if one.lane == SAFETY else one.playbook), self._name(one.reason)
        self._hourly[int(one.time) // HOUR, playbook, reason] += 1
        self._daily[int(one.time) // DAY, playbook, reason] += 1
        if one.reason is Reason.SENT and one.lane not in (SAFETY, STAFF):
            self._weeks[week_of(one.time), member] += 1
            if one.theme and self._same_theme_lately(one, member, reason):
                self._faults[int(one.time) // DAY, playbook, self._name(REPEATED)] += 1

    def event(self, event: Event, about: list[tuple[int, float]]) -> None:
        """Count an event that was kept: a question that piles up, or what it tells of messages (playbook's number, time in epoch s)."""
        signal = event.data if isinstance(event.data, SignalData) else None
        if signal and signal.kind in NEEDS:
            where = (event.key.partition("/")[0], signal.kind, str(signal.evidence.get("channel", ""))[:PLACE_MAX])
            self._needs[(int(event.time) // DAY, *map(self._name, where))] += 1
        part = ALREADY_SOLVED if signal else PARTS.get(event.type) or GOOD.get(event.type)
        for playbook, sent_at in about:
            if part:
                self._faults[int(event.time) // DAY, playbook, self._name(part)] += 1
            if event.type in AT_ONCE and event.time - sent_at <= AT_ONCE_S:
                self._faults[int(event.time) // DAY, playbook, self._name(WAVED)] += 1

    def write(self) -> None:
        """Add what was counted."""
        for table, unit, last, counted in (
            ("hourly", "hour", "reason", self._hourly),
            ("daily", "day", "reason", self._daily),
            ("fault", "day", "part", self._faults),
        ):
            self._write.executemany(
                f"INSERT INTO {table} VALUES (?, ?, ?, ?) ON CONFLICT ({unit}, playbook, {last}) DO UPDATE SET count = count + excluded.count",  # noqa: S608
                [(*where, count) for where, count in counted.items()],
            )
        self._write.executemany(
            "INSERT INTO need VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, community, kind, place) DO UPDATE SET count = count + excluded.count",
            [(*where, count) for where, count in self._needs.items()],
        )
        if self._needs:
            self._write.execute("DELETE FROM need WHERE day <= ?", (max(day for day, *_ in self._needs) - NEED_DAYS,))
        for (week, member), count in self._weeks.items():
            self._sends(week, member, count)
        if self._weeks:
            newest = max(week for week, _ in self._weeks)
            self._write.execute("DELETE FROM member_week WHERE week <= ?", (newest - WEEKS_MAX,))

    def _sends(self, week: int, member: int, more: int) -> None:
        row = self._write.execute("SELECT sends FROM member_week WHERE week = ? AND member = ?", (week, member))
        (before,) = row.fetchone() or (0,)
        self._write.execute("INSERT OR REPLACE INTO member_week VALUES (?, ?, ?)", (week, member, before + more))
        if before:
            self._write.execute(
                "UPDATE week_sends SET members = members - 1 WHERE week = ? AND sends = ?", (week, before)
            )
        self._write.execute(
            "INSERT INTO week_sends VALUES (?, ?, 1) ON CONFLICT (week, sends) DO UPDATE SET members = members + 1",
            (week, before + more),
        )

    def _same_theme_lately(self, one: Decision, member: int, sent: int) -> bool:
        row = self._write.execute(
            "SELECT 1 FROM decision WHERE member = ? AND time >= ? AND time < ? AND reason = ? AND theme = ? LIMIT 1",
            (member, one.time - REPEAT_S, one.time, sent, self._name(one.theme)),
        )
        return row.fetchone() is not None
