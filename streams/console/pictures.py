"""Pictures as numbers for SVG that the server writes: columns, shades, shares and intervals."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

WIDTH, HEIGHT = 720.0, 120.0
SHADES = 6


class Column(NamedTuple):
    """One column of a picture, in its coordinates; `title` is read out and shown on pointing."""

    x: float
    y: float
    width: float
    height: float
    title: str


def columns(series: Sequence[tuple[str, int]]) -> list[Column]:
    """Return a column for each (name, count), as high as its share of the highest."""
    top = max((count for _, count in series), default=0)
    step = WIDTH / max(1, len(series))
    found = []
    for at, (name, count) in enumerate(series):
        high = round(HEIGHT * count / top, 1) if top else 0.0
        found.append(Column(round(at * step, 1), HEIGHT - high, round(step * 0.8, 1), high, f"{name}: {count}"))
    return found


class Share(NamedTuple):
    """A share of some, 0 to 1, with the bounds between which it lies in 95 of 100 cases."""

    share: float
    low: float
    high: float


def wilson(right: int, total: int) -> Share:
    """Return the share of right ones with its interval (Wilson 1927, 95 %), which holds for small numbers too."""
    share, z = right / total, 1.96
    middle, spread = share + z * z / (2 * total), z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    below = 1 + z * z / total
    return Share(share, max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below))


class Interval(NamedTuple):
    """Where an interval from -1 to 1 lies in a picture 400 wide, whose middle is no difference."""

    low: float
    high: float
    middle: float


def interval(low: float, high: float, estimate: float) -> Interval:
    """Return where an interval and its estimate (each -1 to 1) lie."""
    return Interval(*(round(200 + 200 * max(-1.0, min(1.0, one)), 1) for one in (low, high, estimate)))


def part(count: int, total: int) -> float:
    """Return a share of some in hundredths, as the width of a bar."""
    return round(100 * count / total, 1) if total else 0.0


def shade(count: int, top: int) -> int:
    """Return how dark a cell is: 0 for none, else 1 to SHADES, by its share of the highest."""
    if count <= 0 or top <= 0:
        return 0
    return max(1, min(SHADES, -(-count * SHADES // top)))
