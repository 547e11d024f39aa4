"""What the engine tells about its work: once per chunk, cut, recovery or batch, never per record."""

from typing import Protocol


class EngineObserver(Protocol):
    """Told by the engine, on its event loop; must return at once and not raise."""

    def chunk_folded(self, stage: str, partition: int, records: int, seconds: float, last_timestamp_ms: int) -> None:
        """Report that a run of records was folded."""

    def cut_closed(self, stage: str, partition: int, states: int, size: int, seconds: float) -> None:
        """Report a closed cut: `size` is the bytes of its states, `seconds` from its beginning to its offset commit."""

    def recovered(self, stage: str, partition: int, states: int, seconds: float) -> None:
        """Report an opened partition: `states` changelog records were read for it."""

    def delivered(self, topic: str, count: int, size: int, seconds: float) -> None:
        """Report an acknowledged batch of outputs, ticks or changelog records."""

    def rebalanced(self, assigned: int) -> None:
        """Report that the group gave this worker `assigned` source partitions."""


class SilentObserver:
    """An observer that does nothing."""

    def chunk_folded(self, stage: str, partition: int, records: int, seconds: float, last_timestamp_ms: int) -> None:
        """Do nothing."""

    def cut_closed(self, stage: str, partition: int, states: int, size: int, seconds: float) -> None:
        """Do nothing."""

    def recovered(self, stage: str, partition: int, states: int, seconds: float) -> None:
        """Do nothing."""

    def delivered(self, topic: str, count: int, size: int, seconds: float) -> None:
        """Do nothing."""

    def rebalanced(self, assigned: int) -> None:
        """Do nothing."""
