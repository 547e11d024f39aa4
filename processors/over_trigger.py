"""Over-triggering as it is told while the log goes by: what members made of a command, and what came out about it later."""

from processors.commands import command_id
from processors.decisions import SAFETY
from processors.events import Event
from processors.member.state import MemberState, Sent
from processors.outputs import Outputs, OverTrigger
from processors.signals import Signal
from processors.vocabulary import OutcomeData

COMMAND_CHARS = 16  # of a command's id, as `Sent` keeps it
PARTS = {
    "outcome.dismissed": "dismissed",
    "outcome.snoozed": "snoozed",
    "outcome.opted_out": "opted_out",
    "outcome.not_helpful": "not_helpful",
    "outcome.wrong_moment": "wrong_moment",
}
ALREADY_SOLVED = "already_solved"  # it came out later that the need was met when the command was given
# Of a command when it is given: the member got the same theme within a week; another playbook's within the hour.
REPEATED, COLLIDED = "repeated", "collided"
REPEAT_S, COLLISION_S = 7 * 86400, 3600


def count(key: str, state: MemberState, event: Event, signals: list[Signal], out: Outputs) -> list[Sent]:
    """Count what this event says about commands given to the member `key`, and return those that were too much.

    One that is not remembered is counted as "unknown".
    """
    blamed: list[Sent] = []
    part = PARTS.get(event.type)
    if part and isinstance(event.data, OutcomeData):
        wanted = event.data.command[:COMMAND_CHARS]
        blamed = [sent for sent in state.sends if sent.command == wanted][:1]
        _add(out, part, blamed[0] if blamed else None)
    for signal in signals:
        if signal.kind == "answered":
            for sent in state.sends:
                late = sent.time >= event.time
                if late and sent.command == command_id(key, sent.playbook, signal.episode)[:COMMAND_CHARS]:
                    _add(out, ALREADY_SOLVED, sent)
                    blamed.append(sent)
    return blamed


def given(state: MemberState, one: Sent, out: Outputs) -> None:
    """Count what a command that is given now adds to those before it; nothing is compared with the safety lane."""
    if one.lane == SAFETY:
        return
    before = [sent for sent in state.sends if sent.lane != SAFETY and one.time - sent.time < REPEAT_S]
    if one.theme and any(sent.theme == one.theme for sent in before):
        _add(out, REPEATED, one)
    if any(sent.playbook != one.playbook and one.time - sent.time < COLLISION_S for sent in before):
        _add(out, COLLIDED, one)


def _add(out: Outputs, part: str, sent: Sent | None) -> None:
    one = OverTrigger(part, "unknown", "unknown")
    if sent:  # of the safety lane only that it was one
        named = (SAFETY, SAFETY) if sent.lane == SAFETY else (sent.playbook, sent.channel or "unknown")
        one = OverTrigger(part, *named)
    out.over_triggers[one] = out.over_triggers.get(one, 0) + 1
