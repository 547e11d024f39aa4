"""Onboarding and other journeys: joined and not started; a step begun and not finished, taken up again, done."""

from processors.events import Event
from processors.ids import mark
from processors.member.state import NEVER, MemberState, Progress
from processors.playbooks.journeys import Journey, concerned
from processors.playbooks.resources import Policy
from processors.signals import Signal
from processors.vocabulary import VOCABULARY, WORDS

NAME, VERSION = "onboarding", "2"
OBSERVES = frozenset(VOCABULARY)  # a journey may name any type
NUDGES_MAX = 2  # of one journey, ever: whoever was reminded twice and did nothing does not want to
JOINED = "community.joined"
_STARTED = WORDS | {"community.left"}  # or never will
SOLVED_MAX = 8


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Start the clocks at joining and at the beginning of a journey; what is done stops them."""
    kind = event.type
    if kind in _STARTED:
        if state.start_at != NEVER:
            state.start_at = NEVER
    elif kind == JOINED and not state.posts and not any(JOINED in one.begins for one in policy.journeys):
        state.start_at = int(event.time + policy.onboarding_after)
    signals: list[Signal] = []
    for journey, begins, does in concerned(policy.journeys, kind) if policy.journeys else ():
        progress = state.journeys.get(journey.id)
        if progress is not None and does & ~progress.done and (done := journey.done_by(event) & ~progress.done):
            signals += _advance(state, journey, progress, done, int(min(event.time, now)))
        elif begins and journey.is_begun_by(event):
            _begin(state, journey, progress, int(min(event.time, now)))
    return signals


def concerns(kind: str, journeys: tuple[Journey, ...]) -> bool:
    """Tell whether events of this type are anything to it where these are the journeys."""
    return kind in _STARTED or kind == JOINED or bool(concerned(journeys, kind))


def on_time(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    """Conclude, once, that the member joined and did not start; once a step, that a journey is stuck there."""
    signals = _not_started(state, policy, now)
    if state.stuck_at <= now:
        known = {journey.id: journey for journey in policy.journeys}
        state.journeys = {name: one for name, one in state.journeys.items() if name in known}
        for name, progress in state.journeys.items():
            if progress.due <= now and state.left:
                progress.due = NEVER
            elif progress.due <= now:
                signals.append(_stuck(known[name], progress, now))
        _arm(state)
    return signals


def _not_started(state: MemberState, policy: Policy, now: float) -> list[Signal]:
    if state.start_at > now:
        return []
    state.start_at = NEVER
    if state.posts or state.left:
        return []
    hours, days = round(policy.onboarding_after / 3600), round((now - state.joined) / 86400)
    return [Signal("not_started", NAME, f"joined/{state.joined}", 1.0, {"hours": hours, "days": days})]


def _begin(state: MemberState, journey: Journey, progress: Progress | None, time: int) -> None:
    """Set out, again where the journey was done before; beginning what is under way changes nothing."""
    if progress is not None and journey.next_step(progress.done) < len(journey.steps):
        return
    nudges = progress.nudges if progress else 0
    due = int(time + journey.steps[0].usual) if nudges < NUDGES_MAX else NEVER
    state.journeys = {**state.journeys, journey.id: Progress(time, time, due, 0, 0, nudges)}
    _arm(state)


def _advance(state: MemberState, journey: Journey, progress: Progress, done: int, time: int) -> list[Signal]:
    before = journey.next_step(progress.done)
    was_stuck = progress.nudged >> before & 1
    for number, step in enumerate(journey.steps):
        if done >> number & 1:
            episode = _episode(journey, progress, step.id)
            state.solved = (state.solved + mark(episode))[-8 * SOLVED_MAX :]
    progress.done |= done
    progress.since = time
    following = journey.next_step(progress.done)
    finished = following >= len(journey.steps)
    open_to_nudge = not finished and not progress.nudged >> following & 1 and progress.nudges < NUDGES_MAX
    progress.due = int(time + journey.steps[following].usual) if open_to_nudge else NEVER
    _arm(state)
    evidence: dict[str, str | float | int] = {"journey": journey.id, "theme": journey.theme}
    if finished and (was_stuck or len(journey.steps) > 1):
        return [Signal("journey_done", NAME, f"{journey.id}/done/{progress.begun}", 1.0, evidence)]
    if was_stuck:
        return [Signal("resumed", NAME, f"{journey.id}/resumed/{time}", 1.0, evidence)]
    return []


def _stuck(journey: Journey, progress: Progress, now: float) -> Signal:
    number = journey.next_step(progress.done)
    step = journey.steps[number]
    progress.nudged |= 1 << number
    progress.nudges += 1
    progress.due = NEVER
    evidence: dict[str, str | float | int] = {
        "journey": journey.id, "theme": journey.theme, "title": journey.title or journey.id, "step": step.id,
        "step_title": step.title or step.id, "steps_done": progress.done.bit_count(), "days": int(now - progress.since) // 86400,
    }  # fmt: skip
    return Signal("stuck", NAME, _episode(journey, progress, step.id), 1.0, evidence)


def _episode(journey: Journey, progress: Progress, step: str) -> str:
    return f"{journey.id}/{step}/{progress.begun}"


def _arm(state: MemberState) -> None:
    due = NEVER
    for one in state.journeys.values():
        if one.due < due:
            due = one.due
    if state.stuck_at != due:
        state.stuck_at = due
