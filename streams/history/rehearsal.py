"""A history folded beforehand, to learn after which events and at which minutes one stage has news for the other."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from processors.events import Event
from processors.loop import MINUTE, Loop
from processors.playbooks.catalog import Catalog

SETTLE = 86400.0  # seconds of silence after the last event, so that what waits is decided


class Crossings(NamedTuple):
    """Where a replay must let the pipeline come to rest, so that a signal is in the log before what follows it.

    `events` are places in the sequence of events, `minutes` the times (epoch s, ascending) of ticks.
    """

    events: frozenset[int]
    minutes: tuple[float, ...]


def end_of(last: float) -> float:
    """Return the minute (epoch s) up to which time passes after the last event."""
    return ceil((last + SETTLE) / MINUTE) * MINUTE


def rehearse(events: Sequence[Event], catalog: Catalog) -> Crossings:
    """Fold events (in time order) and note where signals came back."""
    minutes: list[float] = []
    loop = _Watched(catalog, minutes)
    after = frozenset(number for number, event in enumerate(events) if loop.crosses(event))
    if events:
        loop.advance(end_of(events[-1].time))
    return Crossings(after, tuple(dict.fromkeys(minutes)))


class _Watched(Loop):
    """A loop that notes the ticks at which signals come back."""

    def __init__(self, catalog: Catalog, minutes: list[float]) -> None:
        super().__init__(catalog, lambda _decision: None, lambda _command: None)
        self._minutes = minutes

    def crosses(self, event: Event) -> bool:
        """Fold an event; tell whether it (not the time before it) brought signals back."""
        self.advance_to(event.time)
        before = self.crossings
        self.fold(event)
        return self.crossings > before

    def _tick(self, now: float) -> None:
        before = self.crossings
        super()._tick(now)
        if self.crossings > before:
            self._minutes.append(now)
