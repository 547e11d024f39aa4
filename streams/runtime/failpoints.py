"""Named points where a test may kill or pause the worker, in the order of a cut."""

import os
import signal
import time
from collections.abc import Sequence
from typing import Literal

POINTS = (
    "claimed",  # opening: the claim is written, nothing folded
    "recovering",  # opening: part of the changelog is read
    "folded",  # a chunk is folded and its outputs are on their way; no cut yet
    "proved",  # step 1 done: membership proved, states encoded, nothing of the cut written
    "half",  # half of the states written
    "states",  # step 2 done: outputs and states acknowledged
    "closed",  # step 3 done: closing record acknowledged
    "committed",  # step 4 done
)


class Failpoints:
    """At most one point armed: the process kills or pauses itself there, once, after a time."""

    def __init__(
        self, point: str | None, after_s: float, action: Literal["kill", "stop"], points: Sequence[str] = POINTS
    ) -> None:
        if point is not None and point not in points:
            raise ValueError(f"unknown failpoint {point!r}; known are {', '.join(points)}")
        self._point, self._due, self._action = point, time.monotonic() + after_s, action

    def armed(self, name: str) -> bool:
        """Tell whether this point is due."""
        return name == self._point and time.monotonic() >= self._due

    def reached(self, name: str) -> None:
        """Kill or pause the process if this point is armed and due."""
        if name == self._point and self.armed(name):
            self._point = None
            os.kill(os.getpid(), signal.SIGKILL if self._action == "kill" else signal.SIGSTOP)
