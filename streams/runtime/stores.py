"""Where the states of a partition are kept: the protocol, and the store in memory."""

from collections.abc import Iterable
from typing import Protocol

from streams.runtime.stage import States


class Store(Protocol):
    """The states of one partition by key, without the engine's prefixes."""

    states: States  # what a stage sees

    def hold(self, changed: dict[bytes, bytes], deleted: Iterable[bytes]) -> None:
        """Make changes visible; they become durable, all together, with the next `close`."""

    def close(self, position: bytes) -> None:
        """Make what is held durable, with the position that belongs to it, in one step."""

    def position(self) -> bytes | None:
        """Return the position of the last `close`, or None where this store remembers nothing over a restart."""

    def clear(self) -> None:
        """Forget everything, as if new."""

    def release(self) -> None:
        """Give the store up; the object is not used afterwards."""


class MemoryStore:
    """A plain dict: nothing beside key and value is kept per member."""

    def __init__(self) -> None:
        self._data: dict[bytes, bytes] = {}
        self.states: States = self._data

    def hold(self, changed: dict[bytes, bytes], deleted: Iterable[bytes]) -> None:
        """Apply the changes."""
        self._data.update(changed)
        for key in deleted:
            self._data.pop(key, None)

    def close(self, position: bytes) -> None:
        """Do nothing: memory does not outlive the process."""

    def position(self) -> bytes | None:
        """Return None: a new process reads the whole changelog."""
        return None

    def clear(self) -> None:
        """Forget everything."""
        self._data.clear()

    def release(self) -> None:
        """Free the memory."""
        self.clear()
