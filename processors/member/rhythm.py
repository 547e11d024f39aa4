"""A member's own rhythm of visits: active days and the gaps between them, bounded, in whole numbers."""

from bisect import bisect_right
from math import exp, log1p
from typing import NamedTuple

import msgspec

DAY, HOUR = 86400, 3600
BITS = 96  # days remembered one by one
# Lower edges (days) of the classes in which gaps between active days are counted.
EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 21, 25, 30, 36, 43, 52, 63, 75, 90, 120, 180, 365)
COUNT_MAX = 255  # of a class; then all are halved, so that the past fades
UNKNOWN_P90 = 14  # days: the gap that nobody exceeds who has shown no gap yet
ONE = 1024  # fixed point: logarithms are whole multiples of 1/1024, so that no machine's last bit can decide
FAR = 400 * 24  # hours; silence and days beyond are all alike
_LOG = tuple(round(ONE * log1p(hours / 24)) for hours in range(FAR + 1))  # ln(1 + days), by hours
_LOG_COUNT = tuple(round(ONE * log1p(count)) for count in range(COUNT_MAX * len(EDGES) + 1))
_CHANCE = tuple(round(10_000 / (1 + exp(-step / 64))) for step in range(-512, 513))


class Rhythm(msgspec.Struct, array_like=True, gc=False):
    """What is remembered of visits. `first` and `last` are days since 1970 (UTC), `total` counts active days.

    `days` holds the last 96 days as bits, the lowest of its last byte being `last`; `gaps` a count (0 to 255) for each
    class of EDGES; `rest` is the community's rest (seconds) at the last visit; `back` the day of the last return
    from a long silence; `half` what `processors.community.pulse.Pulse.half` said when the silence was last looked at early.
    """

    first: int = 0
    last: int = 0
    total: int = 0
    days: bytes = b""
    gaps: bytes = bytes(len(EDGES))
    rest: int = 0
    back: int = 0
    half: int = 0

    def visit(self, day: int, rest: int) -> int:
        """Remember a visit; return the gap in days that it ended, 0 for a day that is known."""
        gap = day - self.last
        if not self.total:
            self.first = self.last = day
            self.total, self.days, self.rest = 1, b"\1", rest
            return 0
        if rest > self.rest:
            self.rest = rest
        if gap <= 0:
            return 0
        bits = (int.from_bytes(self.days, "big") << min(gap, BITS) | 1) & ((1 << BITS) - 1)
        self.days = bits.to_bytes((bits.bit_length() + 7) // 8, "big")
        self.gaps = counted(self.gaps, bisect_right(EDGES, gap) - 1)
        self.last, self.total = day, self.total + 1
        return gap

    def active(self, window: int, silent: int = 0, before: int = 0) -> int:
        """Count active days among the last `window` days (up to 96) but for the last `before`, seen `silent` days after the last visit."""
        if silent >= window:
            return 0
        within = int.from_bytes(self.days, "big") & ((1 << (window - silent)) - 1)
        return (within >> max(before - silent, 0)).bit_count()

    def usual(self, percent: int) -> int:
        """Return the days within which the member comes back so many times of a hundred; 0 before any gap is known."""
        wanted, seen = percent * sum(self.gaps), 0
        for number, count in enumerate(self.gaps):
            seen += 100 * count
            if count and seen >= wanted:
                return max(EDGES[number], EDGES[min(number + 1, len(EDGES) - 1)] - 1)
        return 0


class Weights(NamedTuple):
    """A logistic model in fixed point (1/1024): one weight for each of FEATURES, and the constant."""

    constant: int
    weights: tuple[int, ...]


FEATURES = (
    "silence", "silence over own 90 % gap", "active days of 7", "of 30", "of 90", "tenure", "active days", "own longer gaps",
    "of these longer by 30 days",
)  # fmt: skip


def features(rhythm: Rhythm, silence: float) -> tuple[int, ...]:
    """Return FEATURES after so many seconds of silence, each ln(1 + x) in 1/1024 (x in days or counts), or a difference of two."""
    hours = min(max(int(silence), 0) // HOUR, FAR)
    days = hours // 24
    silent = _LOG[hours]
    longer = sum(rhythm.gaps[bisect_right(EDGES, days) :])
    far_longer = sum(rhythm.gaps[bisect_right(EDGES, days + 30) :])
    return (
        silent,
        silent - _LOG_COUNT[rhythm.usual(90) or UNKNOWN_P90],
        _LOG_COUNT[rhythm.active(7, days)],
        _LOG_COUNT[rhythm.active(30, days)],
        _LOG_COUNT[rhythm.active(90, days)],
        _LOG_COUNT[min(rhythm.last + days - rhythm.first, len(_LOG_COUNT) - 1)],
        _LOG_COUNT[min(rhythm.total, len(_LOG_COUNT) - 1)],
        _LOG_COUNT[longer],
        _LOG_COUNT[far_longer] - _LOG_COUNT[longer],
    )


def log_odds(model: Weights, rhythm: Rhythm, silence: float) -> int:
    """Return the log-odds (1/1024) that the member stays silent for the next 30 days."""
    found = features(rhythm, silence)
    return model.constant + sum(map(int.__mul__, model.weights, found)) // ONE


def chance(odds: int) -> float:
    """Return the probability of log-odds (1/1024), in steps of 1/64 of log-odds, between 0.0003 and 0.9997."""
    return _CHANCE[min(max(odds * 64 // ONE, -512), 512) + 512] / 10_000


def counted(counts: bytes, number: int) -> bytes:
    """Return the counts (0 to 255) with one more in that class; where it is full all are halved, so that the past fades."""
    more = bytearray(counts)
    if more[number] == COUNT_MAX:
        more = bytearray(count // 2 for count in more)
    more[number] += 1
    return bytes(more)
