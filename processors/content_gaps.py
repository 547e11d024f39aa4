"""Content gaps: questions that many ask and no resource answers, explanations given again and again; open until they rest."""

from collections.abc import Sequence
from math import inf
from typing import Literal

import msgspec

from processors.community import Ask, Cluster

WEEK, FOUR_WEEKS = 7 * 86400, 28 * 86400
RESTS = 14 * 86400  # seconds without a further ask after which a gap is closed
OPEN_MAX = 500  # open gaps per community
EVIDENCE_MAX = 8  # threads and posts named

GapKind = Literal["asked", "explained"]


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record of content.gaps.v1, under the key `id` (`<community>/<kind>-<number>`): the last one says how it stands.

    Times in epoch seconds. Of the last asks that are remembered (16): `members` who asked within four weeks, asks of the last
    `week` and of the week `before`; `asks` are all there ever were. `friction` orders gaps: members, and once more each ask of
    this week. `threads` and `posts` are ids, the latest last. Closed, it has no evidence.
    """

    id: str
    community: str
    kind: GapKind
    time: float
    opened: int
    closed: bool = False
    asks: int = 0
    members: int = 0
    week: int = 0
    before: int = 0
    friction: int = 0
    threads: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    replay: bool = False


class OpenGap(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of a gap: when it was opened, and when it closes unless somebody asks again (epoch seconds)."""

    kind: GapKind
    number: int
    opened: int
    closes: int


class ContentGaps:
    """The open gaps of one community, by the end of their id, and which of them were touched."""

    def __init__(self, community: str, gaps: Sequence[OpenGap]) -> None:
        self._community = community
        self._open = {_name(one): one for one in sorted(gaps, key=_name)}
        self.touched: dict[str, OpenGap | None] = {}
        self._due = self._earliest()

    def asked(
        self, kind: GapKind, cluster: Cluster, *, now: int, wide: bool, answered: bool, replay: bool
    ) -> list[Gap]:
        """Look at a cluster after an ask; return the records to write.

        `wide`: enough of them for a gap to open; `answered`: a resource answers this.
        """
        name = f"{kind}-{cluster.number}"
        gap = self._open.get(name)
        if answered:
            return [self._close(name, now, replay=replay)] if gap else []
        if gap is None and not wide:
            return []
        closed = []
        if gap is None:
            gap = OpenGap(kind, cluster.number, now, 0)
            if len(self._open) >= OPEN_MAX:
                soonest = min(self._open, key=lambda one: (self._open[one].closes, one))
                closed.append(self._close(soonest, now, replay=replay))
            self._open[name] = gap
        gap.closes = now + RESTS
        self.touched[name] = gap
        self._due = self._earliest()
        return [*closed, self._record(name, gap, cluster, now, replay=replay)]

    def resting(self, now: float, *, replay: bool) -> list[Gap]:
        """Close those that nobody asked for of late; return their last records."""
        if now < self._due:
            return []
        return [
            self._close(name, int(now), replay=replay) for name, one in list(self._open.items()) if one.closes <= now
        ]

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which one closes; infinity if none."""
        return self._due

    def _record(self, name: str, gap: OpenGap, cluster: Cluster, now: int, *, replay: bool) -> Gap:
        asks = [one for one in cluster.asks if not one.copy and now - one.time <= FOUR_WEEKS]
        members = len({one.member for one in asks})
        week, before = growth(asks, now)
        threads = dict.fromkeys(one.thread for one in reversed(asks) if one.thread)
        return Gap(
            id=f"{self._community}/{name}", community=self._community, kind=gap.kind, time=float(now), opened=gap.opened,
            asks=cluster.count, members=members, week=week, before=before, friction=members + week,
            threads=tuple(threads)[:EVIDENCE_MAX][::-1], posts=tuple(one.event for one in asks[-EVIDENCE_MAX:]), replay=replay,
        )  # fmt: skip

    def _close(self, name: str, now: int, *, replay: bool) -> Gap:
        gap = self._open.pop(name)
        self.touched[name] = None
        self._due = self._earliest()
        return Gap(
            f"{self._community}/{name}", self._community, gap.kind, float(now), gap.opened, closed=True, replay=replay
        )

    def _earliest(self) -> float:
        return float(min((one.closes for one in self._open.values()), default=inf))


def growth(asks: Sequence[Ask], now: float) -> tuple[int, int]:
    """Return how many of the asks were in the last seven days, and how many in the seven days before; copies do not count."""
    ages = [now - one.time for one in asks if not one.copy]
    return sum(age <= WEEK for age in ages), sum(WEEK < age <= 2 * WEEK for age in ages)


def _name(gap: OpenGap) -> str:
    return f"{gap.kind}-{gap.number}"
