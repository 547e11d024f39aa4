"""Chat logs as visits and silences: folded through a partition of the member stage, looked at whenever somebody asks."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor, inf
from typing import NamedTuple

from processors.events import Event
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.vocabulary import VISITS
from streams.evaluation.reading import Line
from streams.history.reader import events_of

DAY, MINUTE = 86400.0, 60.0
COMMUNITY = "log"
GONE = 60.0  # days after which a silence is a departure
DAYS_MIN = 5  # active days before a silence is judged


class Spell(NamedTuple):
    """A silence of a member: from a visit (epoch s) to the next (infinity where there is none)."""

    member: str
    start: float
    end: float

    @property
    def days(self) -> float:
        """How long it lasted."""
        return (self.end - self.start) / DAY

    @property
    def gone(self) -> bool:
        """Tell whether it was a departure."""
        return self.days >= GONE


class Chronicle:
    """One chat log: its events, and who was there when (epoch s, in order)."""

    def __init__(self, log: Sequence[Line]) -> None:
        self.events = list(events_of(((line.ts, line.number, line.row) for line in log), COMMUNITY))
        self.begin, self.end = self.events[0].time, self.events[-1].time
        self.visits: dict[str, list[float]] = defaultdict(list)
        for event in self.events:
            if event.type in VISITS:
                self.visits[event.key].append(event.time)

    def last_and_next(self, member: str, time: float) -> tuple[float, float]:
        """Return the last visit up to `time` and the next after it; infinities where there is none."""
        visits = self.visits[member]
        after = bisect_right(visits, time)
        return visits[after - 1] if after else -inf, visits[after] if after < len(visits) else inf

    def spells(self) -> Iterator[Spell]:
        """Yield the silences whose end can be known, of members with five active days before them."""
        for member, visits in self.visits.items():
            days: set[float] = set()
            for number, start in enumerate(visits):
                days.add(start // DAY)
                if len(days) >= DAYS_MIN and start <= self.end - GONE * DAY:
                    yield Spell(member, start, visits[number + 1] if number + 1 < len(visits) else inf)

    def fold(self, catalog: Catalog, times: Iterable[float]) -> Iterator[tuple[float, MemberPartition]]:
        """Fold the log as the stream does, a tick a minute, and yield (time, partition) at each of `times` (in order)."""
        partition = MemberPartition(0, {}, None, lambda _hash: catalog)
        partition.activate(catalog.hash)
        events: Iterator[Event] = iter(self.events)
        event = next(events, None)
        for time in times:
            while event is not None and event.time <= time:
                _advance(partition, floor(event.time / MINUTE) * MINUTE)
                partition.apply(event)
                event = next(events, None)
            _advance(partition, time)
            yield time, partition


def _advance(partition: MemberPartition, until: float) -> None:
    partition.tick(until, partition.shared.time or None, MINUTE, replay=True)


def days_between(begin: float, end: float, every: int) -> list[float]:
    """Return times `every` days apart, the first after `begin`, the last not after `end` (epoch s)."""
    return [
        begin + number * every * DAY
        for number in range(1, ceil((end - begin) / DAY) // every + 1)
        if begin + number * every * DAY <= end
    ]
