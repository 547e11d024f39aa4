"""Writes a history into the member log at a pace, with the ticks of its own time; the log's time is now for everybody."""

import time
from collections.abc import Callable, Mapping, Sequence
from math import floor

from kafka import KafkaProducer

from processors.events import Event
from processors.loop import MINUTE
from processors.vocabulary import Tick
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.history.rehearsal import Crossings, end_of
from streams.servers import broker_access
from streams.topics import ACTIVITY

SLICE_S = 0.05  # real seconds between two runs of ticks where nothing happens
ACKNOWLEDGED_S = 60.0


class Replayer:
    """Ticks stand for one per simulated minute: a run of them is one record (see processors.vocabulary.Tick).

    `settle` waits until the pipeline has drawn all conclusions from what was written; it is given the next offset of each
    partition of the member log. A replay is months in a minute: without it, a signal that takes 50 ms would be hours late.
    """

    def __init__(
        self, bootstrap: str, partitions: int, codec: Codec, settle: Callable[[Mapping[int, int]], None]
    ) -> None:
        self._producer = KafkaProducer(**broker_access.options(bootstrap), acks="all", linger_ms=2)
        self._partitions, self._codec, self._settle = partitions, codec, settle
        self._time = 0.0
        self._last: dict[int, object] = {}  # the future of the last record written, by partition

    def replay(
        self, events: Sequence[Event], crossings: Crossings, speed: float, on_event: Callable[[Event], None]
    ) -> None:
        """Write events (in time order) at no more than `speed` simulated seconds a second, then a day of silence."""
        pace = _Pace(floor(events[0].time / MINUTE) * MINUTE, speed)
        stops = list(reversed(crossings.minutes))
        self._tick(pace.first)
        for number, event in enumerate(events):
            self._pass_time(floor(event.time / MINUTE) * MINUTE, pace, stops)
            pace.wait(event.time)
            self._write(partition_of(event.key.encode(), self._partitions), event)
            on_event(event)
            if number in crossings.events:
                self.settle()
        self._pass_time(end_of(events[-1].time), pace, stops)
        self.settle()

    def settle(self) -> None:
        """Wait until all that is written is acknowledged and folded, and what follows from it too."""
        self._settle({where: sent.get(ACKNOWLEDGED_S).offset + 1 for where, sent in self._last.items()})  # type: ignore[attr-defined]  # kafka-python's future

    def close(self) -> None:
        """Give up the connection."""
        self._producer.close()

    def _pass_time(self, until: float, pace: "_Pace", stops: list[float]) -> None:
        """Write ticks up to the minute `until`, at the pace, with a rest at each minute that has news."""
        while stops and stops[-1] <= until:
            self._run_ticks(stops[-1], pace)
            stops.pop()
            self.settle()
        self._run_ticks(until, pace)

    def _run_ticks(self, until: float, pace: "_Pace") -> None:
        while pace.ahead(until) > SLICE_S:
            time.sleep(SLICE_S)
            self._tick(floor(min(pace.now(), until) / MINUTE) * MINUTE)
        self._tick(until)

    def _tick(self, minute: float) -> None:
        if minute <= self._time:
            return
        since = self._time or None
        for partition in range(self._partitions):
            data = Tick(since=since, step=MINUTE)
            self._write(partition, Event(f"tick/{partition}/{minute:.0f}", "tick", f"@{partition}", minute, data, True))
        self._time = minute

    def _write(self, partition: int, event: Event) -> None:
        value = self._codec.encode(event)
        self._last[partition] = self._producer.send(ACTIVITY, key=event.key.encode(), value=value, partition=partition)


class _Pace:
    """How far a replay may be: `first` is the history's beginning in epoch seconds, `speed` simulated seconds a second."""

    def __init__(self, first: float, speed: float) -> None:
        self.first, self._speed, self._began = first, speed, time.monotonic()

    def now(self) -> float:
        """Return the simulated time that it may be."""
        return self.first + (time.monotonic() - self._began) * self._speed

    def ahead(self, moment: float) -> float:
        """Return how many real seconds it takes until `moment`; negative where it has passed."""
        return (moment - self.now()) / self._speed

    def wait(self, moment: float) -> None:
        """Wait until `moment`."""
        time.sleep(max(0.0, self.ahead(moment)))
