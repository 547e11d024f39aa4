"""What was sent is followed: its goal and its end are noticed, and what is no longer needed is called back."""

from processors.arbiter import Moment
from processors.commands import Recall, recall_id
from processors.decisions import Reason
from processors.events import Event
from processors.ids import mark
from processors.member.state import WELCOME, Open, Pending
from processors.policy.case import Case
from processors.policy.stages import consent
from processors.signals import SOLVING, Signal
from processors.vocabulary import OutcomeData, types_of

ENDS = frozenset({"outcome.failed", "outcome.recalled", "outcome.withdrawn"})
GONE = frozenset(
    {"outcome.dismissed", "outcome.snoozed", "outcome.opted_out", "outcome.not_helpful", "outcome.wrong_moment"}
)
WISHES = frozenset(
    {"preference.opted_out", "preference.snoozed", "consent.withdrawn", "outcome.opted_out", "outcome.snoozed"}
)
_TELLING = WISHES | types_of(OutcomeData)  # what may end any of them, whatever its playbook


def follow(moment: Moment, event: Event, signals: list[Signal]) -> None:
    """Look at what is open in the light of an event: its goal, its end, or that nobody needs it any more.

    Most events are none of these; then only what nobody follows any longer is forgotten.
    """
    state, now = moment.state, moment.now
    if not signals and event.type not in _TELLING and event.type not in moment.catalog.ending and not state.left:
        for one in state.open:
            if one.until <= now and not one.timed:
                state.open = [other for other in state.open if other.until > now or other.timed]
                break
        return
    solved = {mark(signal.episode) for signal in signals if signal.kind in SOLVING}
    kept = []
    for one in state.open:
        if (one.until <= now and not one.timed) or _ended(one, event):
            continue
        reason = _no_longer(moment, one, event, solved)
        if reason is None:
            kept.append(one)
        else:
            call_back(moment, one, reason)
    state.open = kept


def on_time(moment: Moment, due_until: int) -> None:
    """Take back what stands somewhere until a time that has come by `due_until`."""
    due = [one for one in moment.state.open if one.timed and one.until <= due_until]
    if due:
        moment.state.open = [one for one in moment.state.open if one not in due]
        for one in due:
            call_back(moment, one, Reason.EVENT_STALE)


def call_back(moment: Moment, one: Open, reason: Reason) -> None:
    """Write the recall of a command, unless it was delivered where nothing can be taken back."""
    if one.delivered and not one.vanishes:
        return
    moment.out.recalls.append(
        Recall(
            recall_id(one.command),
            one.command,
            one.target or moment.key,
            moment.key,
            moment.community,
            one.channel,
            one.playbook,
            str(reason),
            moment.now,
            withdraw=one.vanishes,
            replay=moment.replay,
        )
    )


def _ended(one: Open, event: Event) -> bool:
    """Take an outcome down; tell whether nothing is left to follow."""
    data = event.data
    if not isinstance(data, OutcomeData) or data.command != one.command:
        return False
    if event.type in ENDS:
        return True
    if event.type == "outcome.delivered":
        one.delivered = True
    return event.type in GONE and not one.timed  # what others see, one member does not send away


def _no_longer(moment: Moment, one: Open, event: Event, solved: set[bytes]) -> Reason | None:
    playbook = moment.catalog.playbooks.get(one.playbook)
    if one.episode in solved:
        return Reason.ALREADY_SOLVED
    if playbook and event.time > one.since:
        spec = playbook.spec
        if event.type in spec.goal and event.time <= one.since + (spec.goal_within or spec.expires):
            _reached(moment, one)
            return Reason.EXIT_MET
        if event.type in playbook.ends:
            return Reason.EXIT_MET
    if moment.state.left:
        return Reason.AUDIENCE_EXCLUDED
    if playbook and event.type in WISHES:
        about = Pending(one.playbook, "", one.since, 0, 0, "", {})
        ruling = consent.rule(
            Case(
                moment.key,
                moment.community,
                moment.state,
                about,
                playbook,
                moment.policy,
                moment.catalog,
                moment.now,
                playbook.spec.lane,
            )
        )
        return ruling.reason if ruling else None
    return None


def _reached(moment: Moment, one: Open) -> None:
    """Note that a message came to its goal."""
    for sent in moment.state.sends:
        if one.command.startswith(sent.command) and sent.response != WELCOME:
            sent.response = WELCOME
            moment.count(one.playbook, sent.lane, welcome=1)
