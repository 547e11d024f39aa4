"""Writes a history into the member log at a pace, with the ticks of its own time; the log's time is now for everybody."""

import time
from collections.abc import Callable, Sequence
from math import ceil, floor

from kafka import KafkaProducer

from processors.events import Event
from processors.vocabulary import Tick
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.topics import ACTIVITY

MINUTE, SETTLE = 60.0, 86400.0
SLICE_S = 0.05  # real seconds between two runs of ticks where nothing happens


class Replayer:
    """Ticks stand for one per simulated minute: a run of them is one record (see processors.vocabulary.Tick)."""

    def __init__(self, bootstrap: str, partitions: int, codec: Codec) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5)
        self._partitions, self._codec = partitions, codec
        self._time = 0.0

    def replay(self, events: Sequence[Event], speed: float, on_event: Callable[[Event], None]) -> None:
        """Write events (in time order) at `speed` simulated seconds a second, then a day of silence."""
        began, first = time.monotonic(), floor(events[0].time / MINUTE) * MINUTE
        self._tick(first)
        for event in events:
            self._pass_time(event.time, began, first, speed)
            self._tick(floor(event.time / MINUTE) * MINUTE)
            key = event.key.encode()
            self._producer.send(
                ACTIVITY, key=key, value=self._codec.encode(event), partition=partition_of(key, self._partitions)
            )
            on_event(event)
        self._pass_time(events[-1].time + SETTLE, began, first, speed)
        self._tick(ceil((events[-1].time + SETTLE) / MINUTE) * MINUTE)
        self._producer.flush(60)

    def close(self) -> None:
        """Give up the connection."""
        self._producer.close()

    def _pass_time(self, until: float, began: float, first: float, speed: float) -> None:
        """Sleep until the pace allows `until`, writing ticks on the way."""
        while (ahead := (until - first) / speed - (time.monotonic() - began)) > SLICE_S:
            time.sleep(min(SLICE_S, ahead))
            now = first + (time.monotonic() - began) * speed
            self._tick(floor(min(now, until) / MINUTE) * MINUTE)

    def _tick(self, minute: float) -> None:
        if minute <= self._time:
            return
        since = self._time or None
        for partition in range(self._partitions):
            event = Event(
                f"tick/{partition}/{minute:.0f}", "tick", f"@{partition}", minute, Tick(since=since, step=MINUTE), True
            )
            self._producer.send(ACTIVITY, key=event.key.encode(), value=self._codec.encode(event), partition=partition)
        self._time = minute
