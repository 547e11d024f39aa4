"""What members make of what they got: kept with what was sent, and counted for its playbook."""

from processors import over_trigger
from processors.arbiter import Moment
from processors.events import Event
from processors.member.chosen_time import was_wrong
from processors.member.state import FAILED, UNWELCOME, WELCOME
from processors.over_trigger import COMMAND_CHARS
from processors.signals import Signal
from processors.vocabulary import OutcomeData

KINDS = {
    "outcome.clicked": WELCOME, "outcome.helpful": WELCOME, "outcome.failed": FAILED, "outcome.recalled": FAILED,
}  # fmt: skip


def take(moment: Moment, event: Event, signals: list[Signal]) -> None:
    """Take down an outcome, or that a message came too late for its need."""
    for sent in over_trigger.count(moment.key, moment.state, event, signals, moment.out):
        if sent.response != UNWELCOME:
            sent.response = UNWELCOME
            moment.count(sent.playbook, sent.lane, unwelcome=1)
        if event.type == "outcome.wrong_moment":
            was_wrong(moment.state, sent.channel, moment.now, moment.policy.timezone)
    kind, data = KINDS.get(event.type), event.data
    if kind is None or not isinstance(data, OutcomeData):
        return
    wanted = data.command[:COMMAND_CHARS]
    for sent in moment.state.sends:
        if sent.command == wanted and not sent.response:
            sent.response = kind
            if kind == WELCOME:
                moment.count(sent.playbook, sent.lane, welcome=1)
