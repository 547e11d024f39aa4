"""The due-index: which keys have a timer that may fire, in slots of time; rebuilt from states, never stored."""

import heapq
from collections.abc import Iterable

SLOT = 8  # seconds; a timer fires at the first tick after its slot has passed


class DueIndex:
    """Keys by slot. Entries may be stale: whoever takes one asks the state whether it is armed for that slot."""

    def __init__(self, armed: Iterable[tuple[str, int]] = ()) -> None:
        self._slots: dict[int, list[str]] = {}
        for key, due in armed:
            self._slots.setdefault(due // SLOT, []).append(key)
        self._heap = list(self._slots)
        heapq.heapify(self._heap)

    def add(self, key: str, due: int) -> None:
        """Look at `key` at the first tick after the slot of `due` (epoch seconds)."""
        slot = due // SLOT
        if slot not in self._slots:
            self._slots[slot] = []
            heapq.heappush(self._heap, slot)
        self._slots[slot].append(key)

    def next_fire(self) -> float:
        """Return the earliest time (epoch seconds) at which a tick would fire something; infinity if none."""
        return float((self._heap[0] + 1) * SLOT) if self._heap else float("inf")

    def take(self, now: float) -> list[tuple[int, str]]:
        """Remove and return (slot, key) of every slot that has passed at `now`, in an order that any rebuild gives again."""
        taken = []
        while self._heap and (self._heap[0] + 1) * SLOT <= now:
            slot = heapq.heappop(self._heap)
            taken += [(slot, key) for key in sorted(set(self._slots.pop(slot)))]
        return taken
