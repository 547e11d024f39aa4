"""Content gaps: what many need and no resource gives them, with the evidence; each closes by itself when fewer need it."""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from math import inf
from typing import Literal, NamedTuple

import msgspec

from processors.community.state import Ask

DAY = 86400
WEEK, FOUR_WEEKS = 7 * DAY, 28 * DAY
RESTS = 14 * DAY  # seconds for which what a page answered is no gap
OPEN_MAX = 500  # open gaps per community
CLOSING_MAX = 4 * OPEN_MAX  # times of closing kept, those included that were moved
EVIDENCE_MAX = 8  # threads and posts named
# How sure it is that an answer by people is a good one.
RANKS = ("", "somebody", "helper", "accepted")

GapKind = Literal["asked", "explained", "stuck", "searched", "lost"]


class Rule(NamedTuple):
    """A gap opens once `many` had the need within `within` seconds, and closes once fewer did within `rests`.

    `by_member`: different members count; else each time does.
    """

    within: int
    many: int
    rests: int
    by_member: bool = True


RULES: dict[GapKind, Rule] = {
    "asked": Rule(WEEK, 3, 2 * WEEK),
    "explained": Rule(30 * DAY, 3, 30 * DAY, by_member=False),
    "stuck": Rule(FOUR_WEEKS, 3, FOUR_WEEKS),
    "searched": Rule(WEEK, 3, 2 * WEEK),
    "lost": Rule(FOUR_WEEKS, 3, FOUR_WEEKS),
}


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record of content.gaps.v1, under the key `id` (`<community>/<kind>-<number>`): the last one says how it stands.

    `kind`: `asked` by many and answered by no resource, `explained` again and again, a step where many get `stuck`, `searched` for and
    nothing clicked, a place where members get `lost`. Times in epoch seconds. Of the last asks that are remembered (16): `members`
    who asked within four weeks, asks of the last `week` and of the week `before`; `asks` are all there ever were. `friction`
    orders gaps: members, and once more each ask of this week. `threads` and `posts` are ids, the latest last; `answer` is the post that
    answers it best, in `answer_thread`, and `answered_by` how sure that is (`RANKS`). `about` is the place of a trouble: journey/step, the
    words that several members searched for, a thing or a channel. `resource` is a page that is there and was not found. Closed, it has no evidence.
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
    about: str = ""
    resource: str = ""
    answer: str = ""
    answer_thread: str = ""
    answered_by: Literal["", "somebody", "helper", "accepted"] = ""


class Need(msgspec.Struct, frozen=True, gc=False):
    """What a gap is about, as it stands: those who had the need, the latest last (some of them), how often in all, and what is known."""

    kind: GapKind
    key: str
    asks: Sequence[Ask]
    times: int
    about: str = ""
    resource: str = ""
    best: tuple[int, str, str] = (0, "", "")


class OpenGap(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of a gap: when it was opened, and when it closes unless somebody asks again (epoch seconds).

    It is known by the `number` of a cluster, or by the `key` of a trouble.
    """

    kind: GapKind
    number: int
    opened: int
    closes: int
    key: str = ""


class ContentGaps:
    """The open gaps of one community, by the end of their id, and which of them were touched."""

    def __init__(self, community: str, gaps: Sequence[OpenGap]) -> None:
        self._community = community
        self._open = {_name(one): one for one in sorted(gaps, key=_name)}
        self.touched: dict[str, OpenGap | None] = {}
        self._closing = _heap(self._open)

    def needed(self, need: Need, *, now: int, answered: bool, replay: bool) -> list[Gap]:
        """Look at a need after somebody had it; return the records to write. `answered`: a resource answers this."""
        name = f"{need.kind}-{need.key}"
        gap = self._open.get(name)
        if answered:
            return [self._close(name, now, replay=replay)] if gap else []
        rule = RULES[need.kind]
        if gap is None and len(need.asks) < rule.many:  # as of most questions
            return []
        crowd = _crowd(need.asks, rule)
        if gap is None and (len(crowd) < rule.many or now - crowd[rule.many - 1] > rule.within):
            return []
        closed = []
        if gap is None:
            closed = self._make_place(now, replay=replay)
            gap = self._open[name] = OpenGap(need.kind, 0, now, 0, need.key)
        gap.closes = crowd[rule.many - 1] + rule.rests if len(crowd) >= rule.many else now
        self.touched[name] = gap
        self._will_close(name, gap)
        return [*closed, self._record(name, gap, need, now, replay=replay)]

    def learned(self, need: Need, *, now: int, replay: bool) -> list[Gap]:
        """Return the record of an open gap about which something was learned; nothing where it is not open."""
        name = f"{need.kind}-{need.key}"
        return [self._record(name, self._open[name], need, now, replay=replay)] if name in self._open else []

    def resting(self, now: float, *, replay: bool) -> list[Gap]:
        """Close those that nobody asked for of late; return their last records."""
        if now < self.next_due():
            return []
        return [
            self._close(name, int(now), replay=replay) for name, one in list(self._open.items()) if one.closes <= now
        ]

    def next_due(self) -> float:
        """Return the earliest time (epoch s) at which one closes; infinity if none."""
        first = self._first()
        return float(first[0]) if first else inf

    def _will_close(self, name: str, gap: OpenGap) -> None:
        """Note when a gap closes."""
        heappush(self._closing, (gap.closes, name))
        if len(self._closing) > CLOSING_MAX:
            self._closing = _heap(self._open)

    def _first(self) -> tuple[int, str] | None:
        """Return when the first to close does, and its name; of several the first by name."""
        while self._closing:
            closes, name = self._closing[0]
            gap = self._open.get(name)
            if gap is not None and gap.closes == closes:
                return closes, name
            heappop(self._closing)  # closed meanwhile, or asked for again
        return None

    def _make_place(self, now: int, *, replay: bool) -> list[Gap]:
        """Close the gap that would be the next to close, where there are too many."""
        first = self._first() if len(self._open) >= OPEN_MAX else None
        return [self._close(first[1], now, replay=replay)] if first else []

    def _record(self, name: str, gap: OpenGap, need: Need, now: int, *, replay: bool) -> Gap:
        since = now - FOUR_WEEKS
        asks = [one for one in need.asks if one.time >= since and not one.copy]
        members = len({one.member for one in asks})
        week, before = growth(asks, now)
        threads = dict.fromkeys([one.thread for one in reversed(asks) if one.thread])
        rank, thread, post = need.best
        return Gap(  # by position: msgspec looks each name up among all fields, and so many take ten times as long
            f"{self._community}/{name}",
            self._community,
            gap.kind,
            float(now),
            gap.opened,
            False,
            need.times,
            members,
            week,
            before,
            members + week,
            tuple(threads)[:EVIDENCE_MAX][::-1],
            tuple([one.event for one in asks[-EVIDENCE_MAX:]]),
            replay,
            need.about,
            need.resource,
            post,
            thread,
            RANKS[rank],  # type: ignore[arg-type]  # one of them
        )

    def _close(self, name: str, now: int, *, replay: bool) -> Gap:
        gap = self._open.pop(name)
        self.touched[name] = None
        return Gap(
            f"{self._community}/{name}", self._community, gap.kind, float(now), gap.opened, closed=True, replay=replay
        )


def growth(asks: Sequence[Ask], now: float) -> tuple[int, int]:
    """Return how many of the asks were in the last seven days, and how many in the seven days before; copies do not count."""
    times, since = [one.time for one in asks if not one.copy], now - WEEK
    week = len([time for time in times if time >= since])
    if week == len(times):
        return week, 0
    since -= WEEK
    return week, len([time for time in times if time >= since]) - week


def _crowd(asks: Sequence[Ask], rule: Rule) -> list[int]:
    """Return when each had the need last, of members or of all times, the latest first; copies of others' words do not count."""
    if rule.by_member:
        return sorted({one.member: one.time for one in asks if not one.copy}.values(), reverse=True)
    return sorted([one.time for one in asks if not one.copy], reverse=True)


def _heap(gaps: Mapping[str, OpenGap]) -> list[tuple[int, str]]:
    """Return when each closes, with its name; a sorted list is a heap."""
    return sorted((one.closes, name) for name, one in gaps.items())


def _name(gap: OpenGap) -> str:
    return f"{gap.kind}-{gap.key or gap.number}"
