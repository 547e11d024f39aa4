"""The whole core in one function: `step` folds one event into one member's state and decides."""

from processors import facts, over_trigger
from processors.arbiter import Moment, decide, drop, wait
from processors.catalog import CompiledPlaybook
from processors.catalog_answers import concerns, with_answers
from processors.decisions import Reason
from processors.detectors import DETECTORS
from processors.events import Event
from processors.ids import digest, mark
from processors.lifecycle import has_helped
from processors.member import Pending
from processors.outputs import Alert
from processors.signals import SHARP, Signal
from processors.thread_heat import FLAG_KINDS
from processors.threads import ThreadPost
from processors.vocabulary import COMMUNITY, CONTROL, WORDS, Answer, Data, Flag, Reply, Text

CONTRIBUTIONS = WORDS | {"answer.accepted", "moderator.explained", "content.flagged", "content.moderated"}
KINDS = {
    "answer.accepted": "accepted", "moderator.explained": "explained", "content.flagged": "flagged", "content.moderated": "moderated",
}  # fmt: skip
ALERT_TIER = 3


def step(moment: Moment, event: Event) -> None:
    """Fold one event of this member; conclusions go to `moment.out`.

    The state in `moment` is changed in place. An id seen before (within the state's window) changes nothing.
    """
    state, now = moment.state, moment.now
    if state.has_heard(mark(event.id)) if event.type == "signal" else state.remembers(mark(event.id)):
        moment.out.repeats += 1
        facts.wish_again(state, event, now)
        return
    if event.data is None:
        moment.out.unknown_types += 1
        return
    signals: list[Signal] = []
    for detector in DETECTORS:
        signals += detector.observe(state, event, moment.policy, now)
    if concerns(event, signals):
        signals = with_answers(signals, event, state, moment.catalog, now)
    facts.apply(state, event, now)
    if event.type in CONTROL:
        over_trigger.count(moment.key, state, event, signals, moment.out)
    if event.type in CONTRIBUTIONS:
        moment.out.threads.append(_hand_over(event, signals, now, helper=has_helped(state)))
    if state.pending:
        _cancel(moment, event, signals)
    candidates = _candidates(moment, event.type, event, event.id, None) if event.type in COMMUNITY else []
    _conclude(moment, signals, event, candidates)


def on_time(moment: Moment) -> None:
    """Fire the timers that are due: detectors' first, then what waited."""
    state, now = moment.state, moment.now
    signals: list[Signal] = []
    for detector in DETECTORS:
        signals += detector.on_time(state, moment.policy, now)
    due = [one for one in state.pending if one.due <= now]
    if due:
        state.pending = [one for one in state.pending if one.due > now]
    _conclude(moment, signals, None, due)


def _conclude(moment: Moment, signals: list[Signal], event: Event | None, candidates: list[Pending]) -> None:
    for signal in signals:
        _count(moment, signal)
        trigger = f"{signal.kind}/{event.id}" if event else f"{signal.kind}/{signal.episode}"
        candidates += _candidates(moment, f"signal.{signal.kind}", event, trigger, signal)
    if candidates:
        decide(moment, candidates)


def _candidates(moment: Moment, trigger: str, event: Event | None, cause: str, signal: Signal | None) -> list[Pending]:
    """Return what the playbooks of this trigger would do now; those with a wait are put aside with a hold."""
    channel = event.data.channel if event and event.data else None
    found = []
    for playbook in moment.catalog.triggered(trigger, channel):
        known = _facts(playbook, event, signal)
        if not all(condition(moment.state, known, moment.now) for condition in playbook.conditions):
            continue
        candidate = _candidate(moment, playbook, event, cause, signal, known)
        if playbook.spec.matching and not (candidate.resource or playbook.spec.resource):
            drop(moment, candidate, Reason.RESOURCE_MISSING, "a resource that answers this")  # in shadow, too
        elif playbook.spec.wait and _began(moment, event) + playbook.spec.wait > moment.now:
            wait(moment, candidate)
        else:
            found.append(candidate)
    return found


def _candidate(moment: Moment, playbook: CompiledPlaybook, event: Event | None, cause: str, signal: Signal | None,
               known: dict[str, str | float | int]) -> Pending:  # fmt: skip
    spec = playbook.spec
    episode = "once" if spec.once_per == "member" else signal.episode if signal else cause
    thread = str(
        (signal.evidence.get("thread") if signal else "") or (event.data.thread if event and event.data else "") or ""
    )
    began = _began(moment, event)
    found = signal.evidence if signal and spec.matching else {}
    resource, locale = str(found.get("resource", "")), str(found.get("locale", ""))
    return Pending(spec.id, episode, int(began), int(began + spec.wait), 0, thread, known, cause, resource, locale)


def _began(moment: Moment, event: Event | None) -> float:
    """When the trigger happened: event time, never later than the log's."""
    return min(event.time, moment.now) if event else moment.now


def _facts(playbook: CompiledPlaybook, event: Event | None, signal: Signal | None) -> dict[str, str | float | int]:
    """Return only the facts that the playbook's texts and conditions read."""
    known: dict[str, str | float | int] = {}
    for path in playbook.needs:
        scope, _, name = path.partition(".")
        value = None
        if scope == "signal" and signal:
            value = signal.score if name == "score" else signal.evidence.get(name)
        elif scope in ("event", "channel") and event and event.data:
            value = getattr(event.data, "channel" if scope == "channel" else name, None)
        if isinstance(value, str | int | float):
            known[path] = value
    return known


def _cancel(moment: Moment, event: Event, signals: list[Signal]) -> None:
    """Drop what waits and is no longer needed: its exit happened, its goal is reached, its question answered, its member gone."""
    solved = {signal.episode for signal in signals if signal.kind == "answered"}
    kept = []
    for one in moment.state.pending:
        spec = moment.catalog.playbooks.get(one.playbook)
        exits = (*spec.spec.unless, *spec.spec.goal) if spec else ()
        if one.episode in solved:
            drop(moment, one, Reason.ALREADY_SOLVED, "an open need")
        elif event.type in exits and event.id != one.trigger:
            drop(moment, one, Reason.EXIT_MET, f"no {event.type} before then")
        elif moment.state.left:
            drop(moment, one, Reason.AUDIENCE_EXCLUDED, "still a member")
        else:
            kept.append(one)
    moment.state.pending = kept


def _count(moment: Moment, signal: Signal) -> None:
    out = moment.out
    out.detections[signal.kind] = out.detections.get(signal.kind, 0) + 1
    tier = signal.evidence.get("tier")
    if signal.kind == "distress" and isinstance(tier, int) and tier >= ALERT_TIER:
        kinds = tuple(str(signal.evidence.get("kinds", "")).split(","))
        out.alerts.append(Alert(digest("alert", moment.key, signal.episode), moment.key, moment.now, tier, kinds))


def _hand_over(event: Event, signals: list[Signal], now: float, *, helper: bool) -> ThreadPost:
    """Return what the community stage needs to know of these words."""
    data = event.data
    kind = KINDS.get(event.type, "post")
    asked = next((signal for signal in signals if signal.kind == "asked"), None)
    return ThreadPost(
        id=event.id,
        kind=kind,  # type: ignore[arg-type]  # one of the literals above
        member=event.key,
        channel=(data.channel if data else None) or "",
        thread=(data.thread if data else None) or "",
        text="" if kind in FLAG_KINDS else data.text if isinstance(data, Text | Flag) else "",
        time=min(event.time, now),
        question=asked is not None,
        to=_addressee(data),
        replay=event.replay,
        heat=next((int(signal.score) for signal in signals if signal.kind == SHARP), 0),
        about=(data.post if isinstance(data, Text | Flag) else None) or "",
        resource=str(asked.evidence.get("resource", "")) if asked else "",
        locale=str(asked.evidence.get("locale", "")) if asked else "",
        helper=helper,
    )


def _addressee(data: Data | None) -> str:
    """Return the key of the member whom these words answer, or whose words they are about; empty where nobody is named."""
    if isinstance(data, Reply):
        return data.to or ""
    if isinstance(data, Answer):
        return data.by or ""
    return (data.author or "") if isinstance(data, Flag) else ""
