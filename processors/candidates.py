"""Candidates: what playbooks would do for a member: how they arise, what they offer, what ends them while they wait."""

from datetime import datetime

from processors.arbiter import Moment, drop, wait
from processors.decisions import Reason
from processors.events import Event
from processors.local_time import local
from processors.member.facts import Facts
from processors.member.state import MemberState, Pending
from processors.playbooks.catalog import Catalog
from processors.playbooks.compiled_playbook import CompiledPlaybook
from processors.signals import SOLVING, Signal
from processors.usefulness import NOTHING_LEARNT, Usefulness, best
from processors.vocabulary import Item

Values = dict[str, str | float | int]
_PLAIN = (str, int, float)  # what a fact may be


def arising(moment: Moment, trigger: str, event: Event | None, cause: str, signal: Signal | None) -> list[Pending]:
    """Return what the playbooks of this trigger would do now; those with a wait are put aside with a hold."""
    found = []
    for playbook in moment.catalog.triggered(trigger, event, signal, moment.state):
        if playbook.spec.matching and not _has_something(playbook, signal):
            continue  # asked first: most questions are answered by no page, and a playbook with nothing to offer does not fire
        known = _facts(moment, playbook, event, signal) if playbook.reads else {}
        if not playbook.holds(moment.state, known, moment.now):
            continue
        candidate = _candidate(moment, playbook, event, cause, signal, known)
        if candidate is None:
            continue
        if playbook.spec.before:
            _replace(moment, candidate)
        if (playbook.spec.wait or playbook.spec.before) and candidate.due > moment.now:
            wait(moment, candidate)
        else:
            go_on(moment, candidate)
            found.append(candidate)
    return found


def go_on(moment: Moment, candidate: Pending) -> None:
    """Let the next step of a sequence wait for its time, once this one has come to its own."""
    playbook = moment.catalog.playbooks.get(candidate.playbook)
    if playbook is None or not playbook.spec.following or candidate.held not in ("", Reason.WAIT):
        return
    following = moment.catalog.playbooks.get(playbook.spec.following)
    if following is None or any(
        one.playbook == following.spec.id and one.episode == candidate.episode for one in moment.state.pending
    ):
        return
    began = int(moment.now + following.spec.after)
    facts = {path: candidate.facts[path] for path in following.needs if path in candidate.facts}
    wait(
        moment,
        Pending(following.spec.id, candidate.episode, began, began, 0, candidate.thread, facts, candidate.trigger),
    )


def choose(moment: Moment, candidate: Pending) -> None:
    """Fill in what is offered where that depends on the member: a variant, or the best of several."""
    playbook = moment.catalog.playbooks.get(candidate.playbook)
    if playbook is not None and (playbook.variants or playbook.spec.best_of) and not playbook.spec.matching:
        candidate.resource = offered_to(
            playbook, moment.catalog, moment.state, candidate.facts, moment.now, moment.learnt
        )


def offered_to(
    playbook: CompiledPlaybook,
    catalog: Catalog,
    state: MemberState,
    facts: Facts,
    now: float,
    learnt: Usefulness = NOTHING_LEARNT,
) -> str:
    """Return the resource that a playbook offers this member: its variant's, the best of several, else the one it names."""
    variant = playbook.variant(state, facts, now)
    if variant and variant.resource:
        return variant.resource
    if not playbook.spec.best_of:
        return playbook.spec.resource
    usable = {
        one.id for name in playbook.spec.best_of if (one := catalog.resources.get(name)) is not None
        and not one.retired and not 0 < one.expires <= now
    }  # fmt: skip
    return best(playbook.spec.best_of, usable, [sent.resource for sent in state.sends], learnt)


def cancel(moment: Moment, event: Event, signals: list[Signal]) -> None:
    """Drop what waits and is no longer needed: its exit happened, its goal is reached, its question answered, its member gone.

    Of a sequence, what ends one step lets the next wait for its time; what ends the whole ends it.
    """
    if not signals and event.type not in moment.catalog.ending and not moment.state.left:
        return
    solved = {signal.episode for signal in signals if signal.kind in SOLVING}
    waiting, moment.state.pending = moment.state.pending, []
    kept, skipped = [], []
    for one in waiting:
        playbook = moment.catalog.playbooks.get(one.playbook)
        if one.episode in solved:
            drop(moment, one, Reason.ALREADY_SOLVED, "an open need")
        elif playbook and event.type in playbook.ends and event.id != one.trigger:
            drop(moment, one, Reason.EXIT_MET, f"no {event.type} before then")
            if playbook.spec.following and event.type not in playbook.stops:
                skipped.append(one)
        elif moment.state.left:
            drop(moment, one, Reason.AUDIENCE_EXCLUDED, "still a member")
        else:
            kept.append(one)
    moment.state.pending = kept
    for one in skipped:
        go_on(moment, one)


def _has_something(playbook: CompiledPlaybook, signal: Signal | None) -> bool:
    """Tell whether there is something to offer: what answers the question of the signal, or what stands in for it."""
    return bool(playbook.spec.resource) or (signal is not None and bool(signal.evidence.get("resource")))


def _candidate(
    moment: Moment, playbook: CompiledPlaybook, event: Event | None, cause: str, signal: Signal | None, known: Values
) -> Pending | None:
    """Return the candidate; None where what it would be early for has begun already."""
    spec = playbook.spec
    thread = str(
        (signal.evidence.get("thread") if signal else "") or (event.data.thread if event and event.data else "") or ""
    )
    began = min(event.time, moment.now) if event else moment.now  # event time, never later than the log's
    episode = _episode(moment, playbook, event, cause, signal, thread)
    if spec.before:
        starts = event.data.starts if event and isinstance(event.data, Item) else None
        if starts is None or starts <= moment.now:
            return None
        began = max(began, starts - spec.before)
    found = signal.evidence if signal and spec.matching else {}
    resource, locale = str(found.get("resource", "")), str(found.get("locale", ""))
    return Pending(spec.id, episode, int(began), int(began + spec.wait), 0, thread, known, cause, resource, locale)


def _episode(
    moment: Moment, playbook: CompiledPlaybook, event: Event | None, cause: str, signal: Signal | None, thread: str
) -> str:
    """Return what the candidate is about: what is served once is served once for each of these."""
    match playbook.spec.once_per:
        case "member":
            return "once"
        case "day" | "week" | "month" as period:
            return _period(period, local(moment.now, moment.state.timezone or moment.policy.timezone))
        case "thread" if thread:
            return f"thread/{thread}"
        case "channel" if event and event.data and event.data.channel:
            return f"channel/{event.data.channel}"
    if playbook.spec.before and event and isinstance(event.data, Item):
        return f"event/{event.data.name}/{int(event.data.starts or 0)}"
    return signal.episode if signal else cause


def _period(period: str, day: datetime) -> str:
    if period == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    date = day.date().isoformat()
    return date if period == "day" else date[:7]


def _replace(moment: Moment, candidate: Pending) -> None:
    """Drop the reminder of an event that is announced anew for another time (or the same once more)."""
    about = candidate.episode.rpartition("/")[0]
    moved = [
        one
        for one in moment.state.pending
        if one.playbook == candidate.playbook and one.episode.rpartition("/")[0] == about
    ]
    moment.state.pending = [one for one in moment.state.pending if one not in moved]
    for one in moved:
        drop(moment, one, Reason.EXIT_MET, "the same time")


def _facts(moment: Moment, playbook: CompiledPlaybook, event: Event | None, signal: Signal | None) -> Values:
    """Return only the facts that the playbook's texts and conditions read."""
    known: Values = {}
    data = event.data if event else None
    for path, scope, name in playbook.reads:
        value = None
        if scope == "signal" and signal:
            value = signal.score if name == "score" else signal.evidence.get(name)
        elif scope in ("event", "channel") and data:
            value = getattr(data, "channel" if scope == "channel" else name, None)
        elif scope == "community":
            value = moment.community if name == "name" else getattr(moment.policy, name, None)
        if isinstance(value, _PLAIN):
            known[path] = value
    return known
