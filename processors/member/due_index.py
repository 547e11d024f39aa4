"""The due-index: which keys have a timer that may fire, in slots of time; rebuilt from states, never stored."""

import heapq
from collections.abc import Callable, Iterable
from math import floor

SLOT = 10  # seconds; a timer fires at the first tick that comes when its slot has passed


def passed(now: float) -> int:
    """Return the end of the last slot that has passed at `now`: what is due by then fires, and nothing else.

    Slots end at multiples of ten seconds. So a tick at a whole minute, as a replay has them, fires all that is due by its own time.
    """
    return floor(now / SLOT) * SLOT


def slot_of(due: int) -> int:
    """Return the number of the slot in which `due` lies; its end belongs to it."""
    return (due - 1) // SLOT


class DueIndex:
    """Keys by slot, as they are stored: no second copy of a million. Entries may be stale: whoever takes some says which are armed."""

    def __init__(self, armed: Iterable[tuple[bytes, int]] = ()) -> None:
        self._slots: dict[int, list[bytes]] = {}
        for key, due in armed:
            self._slots.setdefault(slot_of(due), []).append(key)
        self._heap = list(self._slots)
        heapq.heapify(self._heap)

    def add(self, key: bytes, due: int) -> None:
        """Look at `key` at the first tick after the slot of `due` (epoch seconds)."""
        slot = slot_of(due)
        if slot not in self._slots:
            self._slots[slot] = []
            heapq.heappush(self._heap, slot)
        self._slots[slot].append(key)

    def next_fire(self) -> float:
        """Return the earliest time (epoch seconds) at which a tick would fire something; infinity if none."""
        return float((self._heap[0] + 1) * SLOT) if self._heap else float("inf")

    def take(self, now: float, at_most: int, is_armed: Callable[[int, bytes], bool]) -> list[bytes]:
        """Remove the next keys that are armed for a slot that has passed at `now`, as any rebuild would; return them in order.

        `is_armed(slot, key)` asks the state; a stale entry is dropped and does not count, for a rebuild would not have it.
        What is beyond `at_most` keys, the latest slots first, stays for the next call. The order is that of the keys, whatever
        their slots are: an earlier entry for something else must not put a member before others.
        """
        taken: list[bytes] = []
        while self._heap and (self._heap[0] + 1) * SLOT <= now:
            slot = heapq.heappop(self._heap)
            keys = sorted(self._slots.pop(slot))  # nearly in order where some were left, which is cheap
            for number, key in enumerate(keys):
                if len(taken) == at_most:
                    self._slots[slot] = keys[number:]
                    heapq.heappush(self._heap, slot)
                    return sorted(taken)
                if (not number or key != keys[number - 1]) and is_armed(slot, key):
                    taken.append(key)
        return sorted(taken)
