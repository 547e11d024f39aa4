"""One partition of the member stage: the fold of its log, with the time and the catalog that its members share."""

from collections.abc import Callable, Iterable
from math import ceil
from typing import Protocol

import msgspec

from processors.arbiter import Moment
from processors.catalog import EMPTY, Catalog
from processors.due_index import SLOT, DueIndex
from processors.events import Event
from processors.member import NEVER, MemberState, armed_time, decode_state, encode_state, is_armed
from processors.outputs import Outputs
from processors.pipeline import on_time, step
from processors.threads import ThreadPost
from processors.vocabulary import CONTROL, Activation, Tick

# An event's clock may differ from the log's by this much (seconds); beyond it is refused, not believed.
LATE_MAX, AHEAD_MAX = 28 * 86400.0, 3600.0
CACHE_MAX = 20_000  # decoded states kept in each of two generations
WATERMARK_EVERY = 10.0  # seconds of log time between two hand-overs of time to the community stage


class ClosedStates(Protocol):
    """The encoded states as of the last cut, by key."""

    def get(self, key: bytes, /) -> bytes | None:
        """Return the encoded state, or None."""

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Iterate over (key, encoded state)."""


class Shared(msgspec.Struct, array_like=True):
    """What the members of a partition share: log time and catalog, and the last time handed over."""

    time: float = 0.0
    catalog: str = ""
    handed: float = 0.0


class MemberPartition:
    """Folds events in log order. `catalogs` gives the compiled catalog of a hash; it must hold each hash the log names."""

    def __init__(
        self, number: int, states: ClosedStates, shared: bytes | None, catalogs: Callable[[str], Catalog]
    ) -> None:
        self.number = number
        self.shared = msgspec.msgpack.decode(shared, type=Shared) if shared else Shared()
        self.out = Outputs()
        self._states, self._catalogs = states, catalogs
        self._catalog = catalogs(self.shared.catalog) if self.shared.catalog else EMPTY
        self._touched: dict[str, MemberState] = {}
        self._closing: dict[str, MemberState] = {}  # of the cut under way: newer than what is stored
        self._young: dict[str, MemberState] = {}
        self._old: dict[str, MemberState] = {}
        timers = ((key.decode(), armed_time(stored)) for key, stored in states.items() if is_armed(stored))
        self._due = DueIndex(timers)

    def apply(self, event: Event) -> str | None:
        """Fold one event: time, catalog, or something about a member. Return why it is refused, None if it is not."""
        data = event.data
        if isinstance(data, Tick):
            self.tick(event.time, data.since, data.step, replay=event.replay)
        elif isinstance(data, Activation):
            self.activate(data.hash)
        elif (
            event.type not in CONTROL
            and self.shared.time
            and not -LATE_MAX <= event.time - self.shared.time <= AHEAD_MAX
        ):
            return "clock"
        else:
            self._fold(event)
        return None

    def tick(self, now: float, since: float | None = None, every: float = 60.0, *, replay: bool = False) -> None:
        """Let time pass: fire each timer at its tick. `since` makes it a run of ticks, on the multiples of `every`."""
        if now <= self.shared.time:
            return
        while since is not None and self._due.next_fire() <= now:
            fire = ceil(max(self._due.next_fire(), since) / every) * every
            if fire > now:
                break
            self._fire(float(fire), replay=replay)
        self._fire(now, replay=replay)
        if now - self.shared.handed >= WATERMARK_EVERY:
            self.shared.handed = now
            self.out.threads.append(
                ThreadPost(f"w/{self.number}/{now:.3f}", "watermark", time=now, source=self.number, replay=replay)
            )

    def activate(self, content_hash: str) -> None:
        """Let the catalog of this hash rule from here on."""
        self._catalog, self.shared.catalog = self._catalogs(content_hash), content_hash

    def next_fire(self) -> float:
        """Return the earliest time (epoch s) at which a tick would fire a timer; infinity if none."""
        return self._due.next_fire()

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the states touched since the last call."""
        self._closing, self._touched = self._touched, {}
        return [(key.encode(), encode_state(state)) for key, state in self._closing.items()]

    def take_outputs(self) -> Outputs:
        """Return what arose since the last call."""
        out, self.out = self.out, Outputs()
        return out

    def encode_shared(self) -> bytes:
        """Encode time and catalog for the closing record."""
        return msgspec.msgpack.encode(self.shared)

    def holds(self, key: str) -> bool:
        """Tell whether a member's decoded state is at hand; cheap, where a look among all stored states is not."""
        return key in self._young

    def member(self, key: str) -> MemberState:
        """Return the decoded state of a member; a new one where there is none."""
        state = self._young.get(key)
        if state is not None:
            return state
        state = self._old.get(key) or self._touched.get(key) or self._closing.get(key)
        if state is None:
            stored = self._states.get(key.encode())
            state = decode_state(stored) if stored else MemberState()
        if len(self._young) >= CACHE_MAX:
            self._old, self._young = self._young, {}
        self._young[key] = state
        return state

    def _fold(self, event: Event) -> None:
        # Only ticks move the log's time. Before the first one an event is its own now, and no other member's.
        moment = self._moment(event.key, self.shared.time or event.time, replay=event.replay)
        step(moment, event)
        self._arm(event.key, moment.state)

    def _moment(self, key: str, now: float, *, replay: bool) -> Moment:
        community = key.partition("/")[0]
        catalog = self._catalog
        return Moment(key, community, self.member(key), now, catalog.policy(community), catalog, self.out, replay)

    def _arm(self, key: str, state: MemberState) -> None:
        self._touched[key] = state
        due = state.due()
        if due < state.armed:
            state.armed = due
            self._due.add(key, due)

    def _fire(self, now: float, *, replay: bool) -> None:
        self.shared.time = max(self.shared.time, now)
        for slot, key in self._due.take(now):
            state = self.member(key)
            if state.armed // SLOT != slot:
                continue
            state.armed = NEVER
            if state.due() <= now:
                on_time(self._moment(key, now, replay=replay))
            self._arm(key, state)
