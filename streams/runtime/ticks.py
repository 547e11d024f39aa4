"""Time in the log: the owner of a source partition writes a tick into it each interval."""

import time
from collections.abc import Callable

from streams.runtime.checkpoint import Checkpointer
from streams.runtime.outputs import Writer

# topic, partition, now in seconds -> key, value; None for a topic that gets its time otherwise
MakeTick = Callable[[str, int, float], tuple[bytes, bytes] | None]


class TickWriter:
    """Writes a tick into each owned source partition; none where the last one still waits to be sent."""

    def __init__(self, writer: Writer, checkpointer: Checkpointer, make_tick: MakeTick) -> None:
        self._writer, self._checkpointer, self._make_tick = writer, checkpointer, make_tick

    def write(self) -> None:
        """Write one tick per owned partition."""
        now = time.time()
        for topic, partition in self._checkpointer.runs:
            tick = None if self._writer.lane(topic, partition).waiting else self._make_tick(topic, partition, now)
            if tick is not None:
                self._writer.put(topic, partition, [(*tick, ())])
