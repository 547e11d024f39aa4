"""One partition of the member stage: the fold of its log, with the time and the catalog that its members share."""

from collections.abc import Callable, Iterable, Mapping
from math import ceil, floor
from typing import NamedTuple, Protocol

import msgspec

from processors.announcements import PORTION, Walk
from processors.arbiter import Counts, Moment
from processors.community.pulse import DAY, Pulse
from processors.detectors.drop_off import early_odds
from processors.events import AHEAD_MAX, LATE_MAX, Event
from processors.member.children import TELLS, bare, is_child
from processors.member.due_index import DueIndex, passed, slot_of
from processors.member.index import MemberIndex, profile_of
from processors.member.state import NEVER, MemberState, armed_time, decode_state, encode_state, is_armed
from processors.outputs import Outputs
from processors.pipeline import on_time, step
from processors.playbooks.catalog import EMPTY, Catalog
from processors.playbooks.resources import Policy
from processors.routes import Route, routes
from processors.staff_budget import StaffBudget
from processors.threads import ThreadPost
from processors.usefulness import NOTHING_LEARNT, Usefulness
from processors.vocabulary import CONTROL, Activation, Announcement, Erasure, Profile, Tick
from processors.volume import Volumes, enough

BLANK = MemberState()  # in the place of a state that was erased, until a cut has deleted it
# Members whose timers one tick fires; the others' fire at the next. After a long pause hundreds of thousands may be due, and
# between two records nothing is delivered, cut or committed: a tick must not take longer than a fraction of a second.
TIMERS_MAX = 500
CACHE_MAX = 10_000  # decoded states kept in each of two generations
WATERMARK_EVERY = 10.0  # seconds of log time between two hand-overs of time to the community stage


class ClosedStates(Protocol):
    """The encoded states as of the last cut, by key."""

    def get(self, key: bytes, /) -> bytes | None:
        """Return the encoded state, or None."""

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Iterate over (key, encoded state)."""


class Shared(msgspec.Struct, array_like=True):
    """What the members of a partition share: log time and catalog, the last time handed over, announcements under way,
    the pulses of communities, how useful resources proved in each, and how much playbooks send.

    `watched` is what playbooks wait for (processors.playbooks.watches); where that changed, `looking` is true until all members were
    looked at, `looked` being the last.
    """

    time: float = 0.0
    catalog: str = ""
    handed: float = 0.0
    walk: Walk = msgspec.field(default_factory=Walk)
    pulses: dict[str, Pulse] = {}
    usefulness: dict[str, Usefulness] = {}
    watched: str = ""
    looking: bool = False
    looked: str = ""
    volumes: Volumes = msgspec.field(default_factory=Volumes)
    staff: StaffBudget = msgspec.field(default_factory=StaffBudget)


class _Rules(NamedTuple):
    """What the members of a community share under the catalog in force, found once."""

    policy: Policy
    learnt: Usefulness
    pulse: Pulse
    routes: Mapping[str, Route]


class MemberPartition:
    """Folds events in log order. `catalogs` gives the compiled catalog of a hash; it must hold each hash the log names.

    `partitions` is how many the log has.
    """

    def __init__(
        self,
        number: int,
        states: ClosedStates,
        shared: bytes | None,
        catalogs: Callable[[str], Catalog],
        partitions: int = 1,
    ) -> None:
        self.number = number
        self.shared = msgspec.msgpack.decode(shared, type=Shared) if shared else Shared()
        self._counts = Counts(self.shared.volumes, self.shared.staff, enough(partitions), partitions)
        self.out = Outputs()
        self._states, self._catalogs = states, catalogs
        self._catalog = catalogs(self.shared.catalog) if self.shared.catalog else EMPTY
        self._rules: dict[str, _Rules] = {}  # by community
        self._touched: dict[str, MemberState] = {}
        self._closing: dict[str, MemberState] = {}  # of the cut under way: newer than what is stored
        self._young: dict[str, MemberState] = {}
        self._old: dict[str, MemberState] = {}
        self._index: MemberIndex | None = None  # built for the first announcement
        self._profiled = False  # the index knows profiles too: from the first announcement that asks for some
        timers = ((key, armed_time(stored)) for key, stored in states.items() if is_armed(stored))
        self._due = DueIndex(timers)

    def apply(self, event: Event) -> str | None:
        """Fold one event: time, catalog, or something about a member. Return why it is refused, None if it is not."""
        if event.type in CONTROL:
            return self._control(event)
        now = self.shared.time
        if now and not -LATE_MAX <= event.time - now <= AHEAD_MAX:
            return "clock"
        self._fold(event)
        return None

    def _control(self, event: Event) -> str | None:
        data = event.data
        if isinstance(data, Tick):
            self.tick(event.time, data.since, data.step, replay=event.replay)
        elif isinstance(data, Activation):
            self.activate(data.hash)
        elif isinstance(data, Announcement):
            return None if self.shared.walk.begin(event, data) else "announcements_full"
        elif isinstance(data, Erasure):
            self._erase(event)
        else:
            self._fold(event)
        return None

    def tick(self, now: float, since: float | None = None, every: float = 60.0, *, replay: bool = False) -> None:
        """Let time pass: fire each timer at its tick. `since` makes it a run of ticks, on the multiples of `every`.

        The tick of a timer follows from the timer's own due (`processors.member.due_index`), whatever else the member waits for; only where more
        than `TIMERS_MAX` members are due at once some have to wait for the next tick.
        """
        if now <= self.shared.time:
            return
        while since is not None and self.next_fire() <= now:
            fire = max(ceil(max(self.next_fire(), since) / every), floor(self.shared.time / every) + 1) * every
            if fire > now:
                break
            self._fire(float(fire), replay=replay)
        if now > self.shared.time:
            self._fire(now, replay=replay)
        if now - self.shared.handed >= WATERMARK_EVERY:
            self.shared.handed = now
            self.out.threads.append(
                ThreadPost(
                    f"w/{self.number}/{now:.3f}", "watermark", "", "", "", "", now, False, "", self.number, replay
                )
            )

    def activate(self, content_hash: str) -> None:
        """Let the catalog of this hash rule from here on."""
        self._catalog, self.shared.catalog = self._catalogs(content_hash), content_hash
        self._rules.clear()
        watched = self._catalog.watches.key
        if watched != self.shared.watched:  # members who are silent now must be woken in time, too
            self.shared.watched, self.shared.looking, self.shared.looked = watched, bool(watched), ""

    def next_fire(self) -> float:
        """Return the earliest time (epoch s) at which a tick would do something; infinity if none."""
        if self.shared.walk.under_way or self.shared.looking:
            return self.shared.time + 0.001  # any next tick tells the next members
        return self._due.next_fire()

    def take_touched(self) -> list[tuple[bytes, bytes | None]]:
        """Encode the states touched since the last call."""
        self._closing, self._touched = self._touched, {}
        return [(key.encode(), None if state == BLANK else encode_state(state)) for key, state in self._closing.items()]

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
            state = decode_state(stored) if stored else self._new(key)
        elif state == BLANK:  # erased, and here again
            state = self._new(key)
        if len(self._young) >= CACHE_MAX:
            self._old, self._young = self._young, {}
        self._young[key] = state
        return state

    def members(self) -> Iterable[tuple[str, MemberState]]:
        """Iterate over all members with their decoded states; for a look at all of them, not for the fold."""
        newer = {**self._closing, **self._touched}
        yield from newer.items()
        for key, stored in self._states.items():
            if key.decode() not in newer:
                yield key.decode(), decode_state(stored)

    def _new(self, key: str) -> MemberState:
        if self._index is not None:
            self._index.add(key.encode())
        return MemberState()

    def _erase(self, event: Event) -> None:
        """Forget a member: the next cut deletes the state. The community stage is told to do the same."""
        key = event.key
        self._young.pop(key, None)
        self._old.pop(key, None)
        self._touched[key] = MemberState()
        if self._index is not None:
            self._index.remove(key.encode())
        self.out.threads.append(
            ThreadPost(event.id, "erased", key, time=self.shared.time or event.time, replay=event.replay)
        )

    def _forget_child(self, event: Event, state: MemberState) -> None:
        """Keep of a child that they are one, and let the community stage forget what they wrote."""
        known = bare(state)
        self._erase(event)
        self._touched[event.key] = self._young[event.key] = known

    def _is_known(self, key: str) -> bool:
        """Tell whether there is a state that was not erased."""
        state = self._young.get(key) or self._old.get(key) or self._touched.get(key) or self._closing.get(key)
        return state != BLANK if state is not None else self._states.get(key.encode()) is not None

    def rest(self, community: str, now: float) -> int:
        """Return how long (seconds) the community has rested up to the day of `now`, as this partition sees it."""
        return self._rested(self._rules_of(community).pulse, now)

    def _rested(self, pulse: Pulse, now: float) -> int:
        day = int(now) // DAY
        if day > pulse.day and self.shared.time:  # before the first tick a clock concerns its own member only
            pulse.roll(day)
        return pulse.rest

    def _rules_of(self, community: str) -> _Rules:
        rules = self._rules.get(community)
        if rules is None:
            shared, catalog = self.shared, self._catalog
            pulse = shared.pulses.setdefault(community, Pulse())
            learnt = shared.usefulness.setdefault(community, Usefulness()) if catalog.learns else NOTHING_LEARNT
            policy = catalog.policy(community)
            rules = self._rules[community] = _Rules(policy, learnt, pulse, routes(policy, catalog))
        return rules

    def _fold(self, event: Event) -> None:
        # Only ticks move the log's time. Before the first one an event is its own now, and no other member's.
        moment = self._moment(event.key, self.shared.time or event.time, replay=event.replay)
        state = moment.state
        if state.birth_year and is_child(state.birth_year, moment.now) and event.type != TELLS:
            return
        known = state.rhythm.last if state.rhythm is not None else 0
        step(moment, event)
        if state.birth_year and is_child(state.birth_year, moment.now):
            self._forget_child(event, state)
            return
        if state.rhythm is not None and state.rhythm.last > known and self.shared.time:
            self.shared.pulses[moment.community].came(state.rhythm.last)
        self._arm(event.key, state)
        if self._profiled and self._index is not None and isinstance(event.data, Profile):
            self._index.profile(event.key.encode(), state)

    def _moment(self, key: str, now: float, *, replay: bool) -> Moment:
        community, state = key.partition("/")[0], self._young.get(key) or self.member(key)
        policy, learnt, pulse, routes_of = self._rules.get(community) or self._rules_of(community)
        rest = pulse.rest if now < (pulse.day + 1) * DAY else self._rested(pulse, now)
        if state.rest != rest:
            state.rest = rest
        return Moment(
            key,
            community,
            state,
            now,
            policy,
            self._catalog,
            self.out,
            replay,
            learnt,
            self._counts,
            routes_of,
        )

    def _arm(self, key: str, state: MemberState, stored_key: bytes | None = None) -> None:
        self._touched[key] = state
        due = state.due()
        if due < state.armed:
            state.armed = due
            self._due.add(stored_key or key.encode(), due)

    def _fire(self, now: float, *, replay: bool) -> None:
        self.shared.time, due_until = max(self.shared.time, now), passed(now)
        for stored_key in self._due.take(now, TIMERS_MAX, self._is_armed):
            key = stored_key.decode()
            state = self.member(key)
            state.armed = NEVER
            if state.due() <= due_until:
                moment = self._moment(key, now, replay=replay)
                self._compare(moment, due_until)
                on_time(moment, due_until)
            self._arm(key, state, stored_key)
        walk = self.shared.walk
        if walk.under_way:
            walk.portion(self._members(profiled=walk.asks_for_profiles()), self._fold)
        if self.shared.looking:
            self._look_on(now)

    def _compare(self, moment: Moment, due_until: int) -> None:
        """Let a silence that is looked at early be compared with those of its community, and count it among them."""
        odds, rhythm = early_odds(moment.state, due_until), moment.state.rhythm
        if odds is not None and rhythm is not None:
            pulse = self._rules[moment.community].pulse
            rhythm.half = pulse.half()
            pulse.looked(odds)

    def _is_armed(self, slot: int, stored_key: bytes) -> bool:
        key = stored_key.decode()
        return self._is_known(key) and slot_of(self.member(key).armed) == slot

    def _look_on(self, now: float) -> None:
        """Look at the next members, `PORTION` at most, who were there before what is waited for was."""
        keys = self._members(profiled=False).following(self.shared.looked.encode(), PORTION)
        for stored_key in keys:
            key = stored_key.decode()
            state = self.member(key)
            self._catalog.watches.begin(state, self._catalog.policy(key.partition("/")[0]), now)
            self._arm(key, state, stored_key)
        if not keys and not self.shared.looked and not self._profiled and not self.shared.walk.under_way:
            self._index = None  # nobody was there: each newcomer to come would be put into its place
        self.shared.looking = len(keys) == PORTION
        self.shared.looked = keys[-1].decode() if keys else ""

    def _members(self, *, profiled: bool) -> MemberIndex:
        """Return the index, built where it is not there yet; the first that needs profiles reads each state once."""
        if self._index is not None and self._profiled >= profiled:
            return self._index
        newer = {key.encode(): state for key, state in (self._closing | self._touched).items()}
        if self._index is None:
            closed = [key for key, _ in self._states.items() if key not in newer]  # the keys of the store, no copies
            self._index = MemberIndex([*closed, *(key for key, state in newer.items() if state != BLANK)])
        if profiled:
            self._profiled = True
            for key, stored in self._states.items():
                self._index.profile(key, profile_of(stored))
            for key, state in newer.items():  # of those who are gone: that there is nothing
                self._index.profile(key, state)
        return self._index
