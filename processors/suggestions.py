"""What a person made of a suggestion that waits: send it, send it in other words, or leave it."""

from processors.arbiter import Moment, drop
from processors.commands import command_id
from processors.decisions import Reason
from processors.events import Event
from processors.member.state import Pending
from processors.vocabulary import SuggestionAnswer


def answered(moment: Moment, event: Event) -> list[Pending]:
    """Return the suggestion that somebody approved, to be decided now by all other stages; one that is dropped ends.

    An answer to what no longer waits changes nothing.
    """
    data, state = event.data, moment.state
    if not isinstance(data, SuggestionAnswer):
        return []
    found = next((one for one in state.pending if is_about(moment.key, one, data.command)), None)
    if found is None:
        return []
    state.pending = [one for one in state.pending if one is not found]
    if event.type == "suggestion.dropped":
        drop(moment, found, Reason.SUGGESTION_DECLINED, "another answer of the team")
        return []
    found.approved, found.text = True, data.text
    return [found]


def is_about(member: str, pending: Pending, command: str) -> bool:
    """Tell whether this is the suggestion whose command would have that id."""
    waits = pending.held == Reason.SUGGESTION_WAITS
    return waits and command_id(member, pending.playbook, pending.episode) == command
