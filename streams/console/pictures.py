"""Pictures as numbers for SVG that the server writes: columns and shades."""

from collections.abc import Sequence
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


def shade(count: int, top: int) -> int:
    """Return how dark a cell is: 0 for none, else 1 to SHADES, by its share of the highest."""
    if count <= 0 or top <= 0:
        return 0
    return max(1, min(SHADES, -(-count * SHADES // top)))
