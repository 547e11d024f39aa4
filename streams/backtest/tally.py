"""Counts decisions of a backtest as they arise."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise

from processors.commands import Command
from processors.decisions import Decision, Verdict
from streams.backtest.report import PlaybookReport, Sample

DAY, WEEK, HOUR = 86400.0, 7 * 86400.0, 3600.0
SAMPLES = 5  # messages to read, for each playbook tried


class Tally:
    """Remembers sends, and for each playbook tried what became of its candidates."""

    def __init__(self, tried: frozenset[str]) -> None:
        self._tried = tried
        self.sent: list[Decision] = []
        self._commands: dict[str, list[Command]] = defaultdict(list)
        self._wanted: dict[str, list[tuple[float, str]]] = defaultdict(list)  # by member: (time, playbook)
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)  # by playbook
        self._candidates: Counter[str] = Counter()

    def decided(self, decision: Decision) -> None:
        """Take a decision, in order of time."""
        if decision.attempt == 0:
            self._candidates[decision.playbook] += 1
            self._wanted[decision.member].append((decision.time, decision.playbook))
        if decision.verdict is Verdict.SEND:
            self.sent.append(decision)
        else:
            self._counts[decision.playbook][decision.reason] += 1

    def commanded(self, command: Command) -> None:
        """Take a command: of the playbooks tried, some are shown."""
        if command.playbook in self._tried:
            self._commands[command.playbook].append(command)

    def sends(self) -> set[tuple[str, str, str]]:
        """Return (playbook, member, episode) of each send."""
        return {(one.playbook, one.member, one.episode) for one in self.sent}

    def reasons(self) -> dict[str, int]:
        """Return how often the playbooks tried were held back or dropped, by reason."""
        total: Counter[str] = Counter()
        for name in self._tried:
            total.update(self._counts[name])
        return {str(reason): count for reason, count in sorted(total.items())}

    def playbooks(self) -> dict[str, PlaybookReport]:
        """Return a report for each playbook tried."""
        collisions = self._collisions()
        return {name: self._playbook(name, collisions[name]) for name in sorted(self._tried)}

    def days(self) -> dict[str, int]:
        """Return sends of the playbooks tried by day."""
        days = Counter(
            datetime.fromtimestamp(one.time, UTC).date().isoformat() for one in self.sent if one.playbook in self._tried
        )
        return dict(sorted(days.items()))

    def member_weeks(self) -> dict[int, int]:
        """Return how many member-weeks (of the epoch, with a proactive send at all) had so many of them."""
        weeks = Counter((one.member, one.time // WEEK) for one in self.sent if one.lane == "proactive")
        return dict(sorted(Counter(weeks.values()).items()))

    def samples(self) -> list[Sample]:
        """Return some messages of each playbook tried, spread over the time."""
        found = []
        for name in sorted(self._commands):
            own = self._commands[name]
            step = max(1, len(own) // SAMPLES)
            found += [
                Sample(one.not_before, one.member, name, one.channel, one.title, one.text, one.because)
                for one in own[::step][:SAMPLES]
            ]
        return found

    def _playbook(self, name: str, collisions: int) -> PlaybookReport:
        own = [one for one in self.sent if one.playbook == name]
        return PlaybookReport(
            wanted=self._candidates[name],
            sends=len(own),
            members=len({one.member for one in own}),
            reasons={str(reason): count for reason, count in sorted(self._counts[name].items())},
            channels=dict(sorted(Counter(one.channel for one in own).items())),
            member_week_max=_most_in_a_week(own),
            overlap=self._overlap(name, own),
            collisions=collisions,
        )

    def _overlap(self, name: str, own: list[Decision]) -> dict[str, int]:
        others: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for one in self.sent:
            if one.playbook != name:
                others[one.member].append((one.time, one.playbook))
        near: Counter[str] = Counter()
        for one in own:
            times = others[one.member]
            near.update(
                playbook for _, playbook in times[bisect_left(times, (one.time - DAY, "")) : bisect_right(times, (one.time + DAY, "~"))]
            )  # fmt: skip
        return dict(sorted(near.items()))

    def _collisions(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for wanted in self._wanted.values():
            for (before, one), (after, other) in pairwise(wanted):
                if one != other and after - before <= HOUR:
                    found.update((one, other))
        return found


def _most_in_a_week(sends: list[Decision]) -> int:
    """Return the most that one member had within any rolling 7 days."""
    times: dict[str, list[float]] = defaultdict(list)
    most = 0
    for one in sends:
        insort(times[one.member], one.time)
    for own in times.values():
        for end, time in enumerate(own):
            most = max(most, end + 1 - bisect_right(own, time - WEEK))
    return most
