"""The funnel of journeys: who set out, which steps were done and when, where they stopped; counted over a history."""

from collections.abc import Iterable
from statistics import median

import msgspec

from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.journeys import Journey, concerned


class StepCount(msgspec.Struct, frozen=True):
    """One step: how many did it, how long after setting out (median, s; None if nobody), and who has it as their first open one.

    `stopped` are those who are over its usual time, `under_way` those who are not yet.
    """

    step: str
    title: str
    done: int
    median_s: float | None
    stopped: int
    under_way: int


class Funnel(msgspec.Struct, frozen=True):
    """One journey. `begun` counts each time that somebody set out; `drop_off` is the step at which most stopped, empty if nobody did."""

    journey: str
    title: str
    begun: int
    members: int
    finished: int
    steps: list[StepCount]
    drop_off: str


class _Run(msgspec.Struct):
    begun: float
    since: float
    done: int = 0


class Funnels:
    """Counts events in time order. A journey that is done may be begun again; one that is under way is not begun twice."""

    def __init__(self, journeys: tuple[Journey, ...]) -> None:
        self._journeys = journeys
        self._runs: dict[tuple[str, str], list[_Run]] = {}
        self._took: dict[tuple[str, int], list[float]] = {}

    def take(self, event: Event) -> None:
        """Take an event of a member."""
        for journey, _, _ in concerned(self._journeys, event.type):
            runs = self._runs.get((journey.id, event.key), [])
            under_way = runs and journey.next_step(runs[-1].done) < len(journey.steps)
            done = journey.done_by(event) & ~runs[-1].done if runs else 0
            if under_way and done:
                self._advance(journey, runs[-1], done, event.time)
            elif journey.is_begun_by(event) and not under_way:
                self._runs.setdefault((journey.id, event.key), runs).append(_Run(event.time, event.time))

    def at(self, now: float) -> list[Funnel]:
        """Return the funnels as they stand at `now` (epoch s), in the order of the journeys."""
        return [self._funnel(journey, now) for journey in self._journeys]

    def _advance(self, journey: Journey, run: _Run, done: int, time: float) -> None:
        for number in range(len(journey.steps)):
            if done >> number & 1:
                self._took.setdefault((journey.id, number), []).append(max(time - run.begun, 0.0))
        run.done |= done
        run.since = max(run.since, time)

    def _funnel(self, journey: Journey, now: float) -> Funnel:
        own = [runs for (name, _), runs in self._runs.items() if name == journey.id]
        every = [run for runs in own for run in runs]
        finished = sum(journey.next_step(run.done) == len(journey.steps) for run in every)
        steps = [self._step(journey, number, every, now) for number in range(len(journey.steps))]
        worst = max(steps, key=lambda one: one.stopped, default=None)
        drop_off = worst.step if worst and worst.stopped else ""
        return Funnel(journey.id, journey.title or journey.id, len(every), len(own), finished, steps, drop_off)

    def _step(self, journey: Journey, number: int, runs: Iterable[_Run], now: float) -> StepCount:
        step = journey.steps[number]
        open_here = [run for run in runs if journey.next_step(run.done) == number]
        stopped = sum(run.since + step.usual <= now for run in open_here)
        took = self._took.get((journey.id, number), [])
        return StepCount(
            step.id, step.title or step.id, len(took), median(took) if took else None, stopped, len(open_here) - stopped
        )


def journeys_of(catalog: Catalog, events: list[Event]) -> dict[str, Journey]:
    """Return the journeys that the policies of these events' communities name, by id."""
    communities = dict.fromkeys(event.community for event in events)
    return {journey.id: journey for community in communities for journey in catalog.policy(community).journeys}


def funnels(catalog: Catalog, events: list[Event]) -> list[Funnel]:
    """Return the funnels of the journeys that the policies of these events' communities name, as of the last event."""
    counting = Funnels(tuple(journeys_of(catalog, events).values()))
    for event in events:
        counting.take(event)
    return counting.at(events[-1].time) if events else []
