"""The fold of the member stage alone, bytes to bytes in one process: its speed, and what members and playbooks cost it.

Before the clock runs, every member has a state of the same size: `DONORS` members live through the mix once, and their
encoded states are handed out to all. Small and large take turns; each figure is the median of the turns.
"""

import time
from functools import cache
from itertools import cycle
from statistics import median
from typing import NamedTuple

from processors.outputs import Outputs
from processors.playbooks.catalog import Catalog
from streams.agents.member import MemberStagePartition
from streams.codec import Codec
from streams.runtime.garbage import spare_states
from tests.benchmarks.catalogs import KEY, bundle, with_playbooks
from tests.benchmarks.figures import Figures
from tests.benchmarks.reference_mix import PER_SECOND, member_key, records

CUT, CHUNK = 5_000, 500
DONORS, LIVES = 2_000, 30  # members whose states are handed out, and events of each
FEW, MANY, WARM, EVENTS, TURNS = 10_000, 1_000_000, 20_000, 60_000, 3
BEGIN = 1.76e9


class Row(NamedTuple):
    """A record as the engine gives it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


class Silent:
    """Counts nothing."""

    def concluded(self, stage: str, out: Outputs, timestamp_ms: int) -> None:
        """Do nothing."""

    def dead(self, topic: str, reason: str) -> None:
        """A record of the mix must not be poison."""
        raise AssertionError(f"{topic}: {reason}")


class One:
    """A catalog under any hash."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def get(self, _hash: str) -> Catalog:
        """Return it."""
        return self._catalog


def opened(catalog: Catalog, states: dict[bytes, bytes]) -> MemberStagePartition:
    """Return the only partition of a member stage over these states, with the catalog in force."""
    stage = MemberStagePartition(0, 1, states, None, One(catalog), Codec(KEY.encode()), Silent())
    stage.core.activate(catalog.hash)
    return stage


def fold(stage: MemberStagePartition, states: dict[bytes, bytes], rows: list[tuple[bytes, bytes]]) -> float:
    """Fold rows with a cut each `CUT` events; return the CPU-seconds."""
    made = [Row("a", 0, number, 0, *pair) for number, pair in enumerate(rows)]
    began = time.process_time()
    for start in range(0, len(made), CHUNK):
        stage.fold(made[start : start + CHUNK])
        stage.take_outputs()
        if (start + CHUNK) % CUT == 0 or start + CHUNK >= len(made):
            states.update((key, value) for key, value in stage.take_touched() if value is not None)
    return time.process_time() - began


def lived_states(members: int, until: float = BEGIN) -> dict[bytes, bytes]:
    """Return a state for each member: those of donors who lived through the mix up to `until` (epoch s), handed out in turn."""
    donated = cycle(_donated(min(DONORS, members), until))  # each member a copy of its own, as in a store
    return {member_key(rank).encode(): bytes(bytearray(next(donated))) for rank in range(members)}


@cache
def _donated(donors: int, until: float) -> list[bytes]:
    count, states = donors * LIVES, dict[bytes, bytes]()
    rows = records(count, donors, until - count / PER_SECOND, Codec(KEY.encode()), seed=9)
    fold(opened(Catalog(bundle()), states), states, rows)
    return list(states.values())


class _Subject:
    """One of the two sizes that take turns."""

    def __init__(self, members: int, catalog: Catalog, warm: int, events: int, turns: int) -> None:
        self._rows = records(warm + turns * events, members, BEGIN, Codec(KEY.encode()))
        self._states = lived_states(members)
        self._stage, self._at, self._events = opened(catalog, self._states), warm, events
        fold(self._stage, self._states, self._rows[:warm])

    def turn(self) -> float:
        """Return the CPU-seconds per event of the next events."""
        spare_states()
        rows = self._rows[self._at : self._at + self._events]
        self._at += len(rows)
        return fold(self._stage, self._states, rows) / len(rows)


def growth(small: _Subject, large: _Subject, turns: int) -> tuple[float, float]:
    """Return (CPU-seconds per event of the small one, what the large one costs more: 0.1 is 10 %)."""
    pairs = [(small.turn(), large.turn()) for _ in range(turns)]
    return median(one for one, _ in pairs), median(more / one - 1 for one, more in pairs)


def measure(few: int = FEW, many: int = MANY, warm: int = WARM, events: int = EVENTS, turns: int = TURNS) -> Figures:
    """Return the fold's speed at `few` members, and both growth figures."""
    catalog = Catalog(bundle())
    base = _Subject(few, catalog, warm, events, turns)
    seconds, members = growth(base, _Subject(many, catalog, warm, events, turns), turns)
    tens = _Subject(few, with_playbooks(10), warm, events, turns)
    _, playbooks = growth(tens, _Subject(few, with_playbooks(1000), warm, events, turns), turns)
    return {
        "fold_per_cpu_s": round(1 / seconds),
        "growth_cost_members": round(members, 3),
        "growth_cost_playbooks": round(playbooks, 3),
    }
