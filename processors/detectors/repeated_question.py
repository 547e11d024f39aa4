"""Questions, as seen in the member's own log: what was asked, and what the community stage found out about it."""

from processors.events import Event
from processors.ids import mark
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.signals import ACCEPTED, OF_HEAT, Signal
from processors.text.question import QuestionKind, question_kind
from processors.vocabulary import WORDS, SignalData, Text, types_of

NAME, VERSION = "repeated_question", "10"
OBSERVES = WORDS | types_of(SignalData)
SOLVED_MAX = 8


def observe(state: MemberState, event: Event, policy: Policy, now: float) -> list[Signal]:
    """Tell a question of the member's own; pass on what the community stage concluded."""
    if isinstance(event.data, SignalData):
        return [] if event.data.kind in OF_HEAT or event.data.kind == ACCEPTED else _concluded(state, event.data)
    if event.type in WORDS and isinstance(event.data, Text) and is_question(event):
        state.questions += 1
        return [Signal("asked", NAME, f"asked/{event.id}")]
    return []


def is_question(event: Event) -> bool:
    """Tell whether the event asks for something of the author's own need."""
    if event.type == "question.asked":
        return True
    return isinstance(event.data, Text) and question_kind(event.data.asked()) is QuestionKind.OWN_NEED


def _concluded(state: MemberState, data: SignalData) -> list[Signal]:
    if data.kind == "answered":
        state.solved = (state.solved + mark(data.episode))[-8 * SOLVED_MAX :]
    return [Signal(data.kind, NAME, data.episode, data.score, data.evidence)]
