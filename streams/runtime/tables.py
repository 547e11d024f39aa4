"""The Faust table of a stage: it names the changelog and keeps the assignor co-partitioned; its data is a Shard."""

from collections.abc import Iterable
from typing import Any

from faust.tables.table import Table

NOTHING_TO_RECOVER = (1 << 62) - 1


class StateTable(Table):  # type: ignore[misc]
    """A table whose recovery is the engine's own (ownership.py), so that Faust finds nothing to recover.

    Faust's recovery loses chunks that a second rebalance cuts short, and knows no end but the log's: the engine reads
    up to its own claim instead.
    """

    def persisted_offset(self, tp: Any) -> int:  # noqa: ARG002
        """Tell Faust that all is known."""
        return NOTHING_TO_RECOVER

    def apply_changelog_batch(self, batch: Iterable[Any]) -> None:
        """Ignore what Faust reads."""
