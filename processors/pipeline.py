"""The whole core in one function: `step` folds one event into one member's state and decides."""

from collections.abc import Sequence

from processors import recalls, responses, reviews, suggestions
from processors.arbiter import Moment, decide
from processors.candidates import arising, cancel, choose, go_on
from processors.community import troubles
from processors.community.lively_threads import AWAY, title_of
from processors.community.peers import is_peer
from processors.community.pulse import DAY
from processors.community.thread_heat import FLAG_KINDS
from processors.detector import Observe
from processors.detectors import TIMED
from processors.events import Event
from processors.ids import digest, mark
from processors.member import changes, chosen_time
from processors.member.lifecycle import has_helped
from processors.member.state import Pending
from processors.outputs import Alert
from processors.playbooks.catalog_answers import as_request, concerns, with_answers
from processors.playbooks.watches import Occurrence
from processors.signals import SHARP, Signal
from processors.threads import Kind, ThreadPost
from processors.vocabulary import (
    Answer,
    Flag,
    OutcomeData,
    Reaction,
    Reply,
    Text,
)

KINDS: dict[str, Kind] = {
    "answer.accepted": "accepted", "moderator.explained": "explained", "content.flagged": "flagged", "content.moderated": "moderated",
}  # fmt: skip
REACTED = "reaction.added"
ALERT_TIER = 3
PRIVATE = "private"  # the tag (channels.yaml) of channels whose threads are told of to nobody


def step(moment: Moment, event: Event) -> None:
    """Fold one event of this member; conclusions go to `moment.out`.

    The state in `moment` is changed in place. An id seen before (within the state's window) changes nothing.
    """
    state, now = moment.state, moment.now
    if state.has_heard(mark(event.id)) if event.type == "signal" else state.remembers(mark(event.id)):
        moment.out.repeats += 1
        changes.wish_again(state, event, now)
        return
    if event.data is None:
        moment.out.unknown_types += 1
        return
    kind, catalog = event.type, moment.catalog
    observers, changing, words, control, contribution, triggers, asking = moment.routes[kind]
    if words and (request := as_request(event)) is not event:
        event, kind = request, request.type
        observers, changing, words, control, contribution, triggers, asking = moment.routes[kind]
    last_visit, watch, watches = state.last, state.watch, catalog.watches
    if watch is not None and watch.day < watch.ahead and watch.day < now // DAY:
        watches.catch_up(state, watch, moment.policy, now)
    signals = _observed(moment, event, observers, asking=asking)
    if changing or not state.joined:
        changes.apply(state, event, now)
    if control:
        _of_control(moment, event, signals)
    if contribution:
        moment.out.threads.append(_hand_over(moment, event, signals))
    if catalog.tells_missed and (kind == REACTED or state.last - last_visit >= AWAY):
        _tell_missed(moment, event, last_visit)
    let_go = _of_waiting(moment, event, signals, last_visit) if state.open or state.pending else []
    candidates = arising(moment, kind, event, event.id, None) + let_go if triggers else let_go
    came_about = watches.observe(state, event, moment.policy, now, last_visit) if watches.key else ()
    candidates += _watched(moment, event, came_about) if came_about else ()
    if signals or candidates:
        _conclude(moment, signals, event, candidates)


def _watched(moment: Moment, event: Event, came_about: Sequence[Occurrence]) -> list[Pending]:
    """Return what arises from an event by what the member was before it, and is now."""
    candidates: list[Pending] = []
    for trigger, signal in came_about:
        candidates += arising(moment, trigger, event, f"{trigger}/{event.id}", signal)
    return candidates


def _observed(moment: Moment, event: Event, observers: tuple[Observe, ...], *, asking: bool) -> list[Signal]:
    """Return what those detectors conclude that look at events of this type, questions with their answer in the catalog."""
    state, policy, now = moment.state, moment.policy, moment.now
    signals: list[Signal] = []
    for observe in observers:
        found = observe(state, event, policy, now)
        if found:
            signals += found
    if (signals or asking) and concerns(event, signals):
        return with_answers(signals, event, state, moment.catalog, now)
    return signals


def on_time(moment: Moment, due_until: int) -> None:
    """Fire the timers that are due up to `due_until` (epoch s), and no others: detectors' first, then what waited.

    What a timer decides, and when, follows from its own due: another one that fires earlier must not take it along.
    """
    state = moment.state
    signals: list[Signal] = []
    for detector in TIMED:
        signals += detector.on_time(state, moment.policy, due_until)
    due = [one for one in state.pending if one.due <= due_until]
    if due:
        state.pending = [one for one in state.pending if one.due > due_until]
        for one in due:
            go_on(moment, one)
    if state.watch is not None:
        for trigger, signal in moment.catalog.watches.on_time(state, moment.policy, due_until):
            due += arising(moment, trigger, None, f"{trigger}/{signal.episode}", signal)
    if state.open:
        recalls.on_time(moment, due_until)
    _conclude(moment, signals, None, due)


def _of_waiting(moment: Moment, event: Event, signals: list[Signal], last_visit: int) -> list[Pending]:
    """Call back and drop what is no longer needed; return what waited for this event."""
    state = moment.state
    if state.open:
        recalls.follow(moment, event, signals)
    if not state.pending:
        return []
    cancel(moment, event, signals)
    return [*suggestions.answered(moment, event), *chosen_time.released(state, event, last_visit)]


def _of_control(moment: Moment, event: Event, signals: list[Signal]) -> None:
    """Learn from what became of commands."""
    responses.take(moment, event, signals)
    if moment.catalog.learns and isinstance(event.data, OutcomeData):
        moment.learnt.learn(moment.state, event.type, event.data)


def _conclude(moment: Moment, signals: list[Signal], event: Event | None, candidates: list[Pending]) -> None:
    for signal in signals:
        _count(moment, signal, event)
        if signal.kind in troubles.OF_SIGNAL:
            _trouble(moment, signal, event)
        trigger = f"{signal.kind}/{event.id}" if event else f"{signal.kind}/{signal.episode}"
        candidates += arising(moment, f"signal.{signal.kind}", event, trigger, signal)
    if candidates:
        for one in candidates:
            choose(moment, one)
        decide(moment, candidates)


def _count(moment: Moment, signal: Signal, event: Event | None) -> None:
    out = moment.out
    out.detections[signal.kind] = out.detections.get(signal.kind, 0) + 1
    tier = signal.evidence.get("tier")
    if signal.kind == "distress" and isinstance(tier, int) and tier >= ALERT_TIER:
        kinds = tuple(str(signal.evidence.get("kinds", "")).split(","))
        name = digest("alert", moment.key, signal.episode)
        out.alerts.append(Alert(name, moment.key, moment.now, tier, kinds, moment.replay))
    review = reviews.wanted(signal, moment.key, event, moment.now, replay=moment.replay)
    if review is not None:
        out.reviews.append(review)


def _trouble(moment: Moment, signal: Signal, event: Event | None) -> None:
    """Tell the community stage of a trouble, so that a place where many have it is found."""
    post = troubles.told(signal, event, moment.key, moment.state, moment.catalog, moment.now, replay=moment.replay)
    if post is not None:
        moment.out.threads.append(post)


def _tell_missed(moment: Moment, event: Event, last_visit: int) -> None:
    """Tell the community stage of what lively threads are known by, and of who is back to hear of them."""
    if last_visit and moment.state.last - last_visit >= AWAY:
        moment.out.threads.append(_back(event, moment.state.last, last_visit))
    if event.type == REACTED:
        _reacted(moment, event)


def _back(event: Event, now: int, last_visit: int) -> ThreadPost:
    """Tell the community stage of a return, to hear what was missed."""
    name = digest("returned", event.key, str(last_visit))
    return ThreadPost(name, "returned", event.key, time=float(now), since=float(last_visit), replay=event.replay)


def _reacted(moment: Moment, event: Event) -> None:
    """Tell the community stage who liked something in a thread; a platform that names no thread names the post that opened it."""
    data = event.data
    thread = (data.thread or data.post or "") if isinstance(data, Reaction) else ""
    if thread:
        moment.out.threads.append(
            ThreadPost(event.id, "reacted", event.key, "", thread, "", moment.now, False, "", 0, event.replay)
        )


def _hand_over(moment: Moment, event: Event, signals: list[Signal]) -> ThreadPost:
    """Return what the community stage needs to know of these words."""
    data, state, now = event.data, moment.state, moment.now
    kind: Kind = KINDS.get(event.type, "post")
    asked = sharp = None
    for signal in signals:
        if signal.kind == "asked":
            asked = signal
        elif signal.kind == SHARP:
            sharp = signal
    text = addressee = about = title = ""
    if isinstance(data, Text):
        text, about = data.asked() if asked is not None else data.text, data.post or ""
        if isinstance(data, Reply):
            addressee = data.to or ""
        if data.title:
            title = _title(moment, data, signals)
    elif isinstance(data, Flag):
        text, addressee, about = data.text, data.author or "", data.post or ""
    elif isinstance(data, Answer):
        addressee = data.by or ""
    return ThreadPost(  # by position: msgspec looks each name up among all fields, and so many take ten times as long
        event.id,
        kind,
        event.key,
        (data.channel if data is not None else None) or "",
        (data.thread if data is not None else None) or "",
        "" if kind in FLAG_KINDS else text,
        event.time if event.time < now else now,
        asked is not None,
        addressee,
        0,  # no watermark: from no partition
        event.replay,
        int(sharp.score) if sharp else 0,
        about,
        str(asked.evidence.get("resource", "")) if asked else "",
        str(asked.evidence.get("locale", "")) if asked else "",
        has_helped(state),
        is_peer(state),
        title,
    )


def _title(moment: Moment, data: Text, signals: list[Signal]) -> str:
    """Return the title of a thread that others may be told of: not of a private channel, nor over words of distress or worry."""
    private = PRIVATE in moment.catalog.definitions.tagged(moment.community, data.channel or "")
    if isinstance(data, Reply) or private or any(one.kind in ("distress", "concern") for one in signals):
        return ""
    return title_of(data.title or "")
