"""Folds a history with the playbooks tried as if they were live, and once more as things are, to see the difference."""

from collections import Counter
from collections.abc import Callable, Sequence
from time import perf_counter, process_time

import msgspec

from processors.decisions import Decision
from processors.detectors import prepare
from processors.events import Event
from processors.loop import Loop
from processors.measures import Measures
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from streams.backtest.report import Difference, Report
from streams.backtest.tally import Tally
from streams.history.rehearsal import end_of

Progress = Callable[[int], None]  # told how many events more were folded
STEP = 200  # events between two words of progress


def backtest(events: Sequence[Event], bundle: Bundle, tried: frozenset[str], on_events: Progress) -> Report:
    """Try playbooks (ids that the bundle holds) on events in time order.

    `on_events` counts an event twice where something is tried that does not run now, else once.
    """
    trial = as_if_live(bundle, tried)
    tally, measures = Tally(tried), Measures()

    def decided(decision: Decision) -> None:
        tally.decided(decision)
        measures.decision(decision)

    prepare(trial.policies.values())  # once a process, as in a worker: not what an event costs
    began, used = perf_counter(), process_time()
    loop = Loop(Catalog(trial), decided, tally.commanded)
    _fold(events, loop, on_events)
    seconds, used = perf_counter() - began, process_time() - used
    for event in events:
        measures.event(event)
    now = _as_it_is(events, bundle, on_events) if trial != bundle else tally
    own = Counter(one.playbook for one in tally.sent if one.playbook in tried)
    faults = measures.over_trigger(tried)
    return Report(
        tried=sorted(tried),
        events=len(events),
        seconds=round(seconds, 3),
        events_per_s=int(len(events) / max(used, 1e-6)),
        members=len(measures.members),
        begins=events[0].time,
        ends=events[-1].time,
        sends=own.total(),
        all_sends=len(tally.sent),
        sends_per_member_week_max=measures.sends_per_member_week_max(),
        by_playbook=dict(sorted(own.items())),
        reasons=tally.reasons(),
        over_trigger_rate=round(1000 * faults["sends_at_fault"] / own.total(), 1) if own else None,
        over_trigger=faults,
        playbooks=tally.playbooks(),
        difference=_difference(tally, now),
        days=tally.days(),
        member_weeks=tally.member_weeks(),
        samples=tally.samples(),
    )


def as_if_live(bundle: Bundle, tried: frozenset[str]) -> Bundle:
    """Return the bundle with these playbooks live."""
    playbooks = tuple(
        msgspec.structs.replace(one, maturity="live") if one.id in tried else one for one in bundle.playbooks
    )
    return msgspec.structs.replace(bundle, playbooks=playbooks)


def _as_it_is(events: Sequence[Event], bundle: Bundle, on_events: Progress) -> Tally:
    tally = Tally(frozenset())
    _fold(events, Loop(Catalog(bundle), tally.decided, tally.commanded), on_events)
    return tally


def _fold(events: Sequence[Event], loop: Loop, on_events: Progress) -> None:
    for begin in range(0, len(events), STEP):
        part = events[begin : begin + STEP]
        for event in part:
            loop.feed(event)
        on_events(len(part))
    loop.advance(end_of(events[-1].time))


def _difference(trial: Tally, now: Tally) -> Difference:
    new, old = trial.sends(), now.sends()
    return Difference(_by_playbook(new - old), _by_playbook(old - new))


def _by_playbook(sends: set[tuple[str, str, str]]) -> dict[str, int]:
    return dict(sorted(Counter(playbook for playbook, _, _ in sends).items()))
