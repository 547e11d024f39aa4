"""Journeys: steps that members take one after the other, and what happened to one of them."""

from typing import NamedTuple

import msgspec

from processors.events import Event


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step is done by an event of one of these types (and names, where there are any); `usual` is the time it takes (s)."""

    id: str
    done: tuple[str, ...]
    names: tuple[str, ...] = ()
    title: str = ""
    usual: float = 3 * 86400.0


class Journey(msgspec.Struct, frozen=True, omit_defaults=True):
    """Steps in their usual order; any may be done first. `begins` are the event types that set out on it."""

    id: str
    begins: tuple[str, ...]
    steps: tuple[Step, ...]
    names: tuple[str, ...] = ()
    title: str = ""
    theme: str = "onboarding"

    def is_begun_by(self, event: Event) -> bool:
        """Tell whether this event sets out on the journey."""
        return event.type in self.begins and (not self.names or _named(event, self.names))

    def done_by(self, event: Event) -> int:
        """Return the steps that this event does, as bits."""
        bits = 0
        for number, step in enumerate(self.steps):
            if event.type in step.done and (not step.names or _named(event, step.names)):
                bits |= 1 << number
        return bits

    def next_step(self, done: int) -> int:
        """Return the number of the first step that is not done; the number of steps where all are."""
        return (~done & (done + 1)).bit_length() - 1


def _named(event: Event, names: tuple[str, ...]) -> bool:
    return getattr(event.data, "name", None) in names


class Concern(NamedTuple):
    """What an event of one type may be to a journey: its beginning; the steps (as bits) that it may do. Its name decides."""

    journey: Journey
    begins: bool
    does: int


_BY_TYPE: dict[int, tuple[tuple[Journey, ...], dict[str, tuple[Concern, ...]]]] = {}
_MEMO_MAX = 256  # policies


def concerned(journeys: tuple[Journey, ...], event_type: str) -> tuple[Concern, ...]:
    """Return the journeys that an event of this type may begin or move; remembered by identity: hashing them costs more."""
    known = _BY_TYPE.get(id(journeys))
    if known is None or known[0] is not journeys:
        if len(_BY_TYPE) >= _MEMO_MAX:
            _BY_TYPE.clear()
        known = _BY_TYPE[id(journeys)] = (journeys, _by_type(journeys))
    return known[1].get(event_type, ())


def _by_type(journeys: tuple[Journey, ...]) -> dict[str, tuple[Concern, ...]]:
    index: dict[str, tuple[Concern, ...]] = {}
    for journey in journeys:
        for name in dict.fromkeys((*journey.begins, *(one for step in journey.steps for one in step.done))):
            does = sum(1 << number for number, step in enumerate(journey.steps) if name in step.done)
            index[name] = (*index.get(name, ()), Concern(journey, name in journey.begins, does))
    return index
