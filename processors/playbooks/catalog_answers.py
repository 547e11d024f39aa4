"""What the catalog has for a question, a request for help or a resource that helped, as evidence of the signal that tells of it."""

import msgspec

from processors.events import Event
from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from processors.playbooks.catalog_search import Match
from processors.signals import Signal
from processors.vocabulary import HELP_REQUESTED, HELP_WORD, OutcomeData, Reply, Text

NAME = "repeated_question"
HELPFUL = "outcome.helpful"
COMMAND_CHARS = 16  # of a command's id, as `Sent` keeps it
ASKING = frozenset(
    {HELP_REQUESTED, HELPFUL}
)  # types of events about which the catalog may say something unasked by a signal
TITLES_MAX = 3


def as_request(event: Event) -> Event:
    """Return a member's words that begin with `/help` as the request that they are: no post, and no question to people."""
    data = event.data
    if not isinstance(data, Text) or not data.text.startswith(HELP_WORD):
        return event
    head, _, words = data.text.partition(" ")
    if head.strip() != HELP_WORD:
        return event
    asked = Text(channel=data.channel, thread=data.thread, text=words.strip(), post=data.post)
    return msgspec.structs.replace(event, type=HELP_REQUESTED, data=asked)


def concerns(event: Event, signals: list[Signal]) -> bool:
    """Tell whether the catalog has something to say about this event."""
    return event.type in ASKING or any(signal.kind == "asked" for signal in signals)


def with_answers(signals: list[Signal], event: Event, state: MemberState, catalog: Catalog, now: float) -> list[Signal]:
    """Return the signals of an event: a question knows the resource that answers it, a request for help what was found.

    What helped and has something deeper behind it is a signal of its own. `now` in epoch seconds: what has expired answers nothing.
    """
    data = event.data
    if isinstance(data, OutcomeData):
        return [*signals, *_deeper(state, data, catalog)]
    if not isinstance(data, Text):
        return signals
    if event.type == HELP_REQUESTED:
        return [*signals, _requested(event, data.text, catalog, now)]
    title, expired = None if isinstance(data, Reply) else data.title, catalog.expired(now)
    match = (catalog.search.answer(title, expired) if title else None) or catalog.search.answer(data.text, expired)
    if match is None:
        return signals
    found = {**evidence(match.resource, match.locale), "match": match.score / 1000}
    return [
        msgspec.structs.replace(one, evidence={**one.evidence, **found}) if one.kind == "asked" else one
        for one in signals
    ]


def evidence(resource: str, locale: str) -> dict[str, str | float | int]:
    """Return the evidence that names a resource; nothing where there is none."""
    return {"resource": resource, "locale": locale} if resource else {}


def _requested(event: Event, words: str, catalog: Catalog, now: float) -> Signal:
    """Tell what was found; the best of it is what is offered."""
    matches = catalog.search.find(words, catalog.expired(now), TITLES_MAX)
    known: dict[str, str | float | int] = {"found": len(matches)}
    if matches:
        known |= {"titles": _titles(matches, catalog), **evidence(matches[0].resource, matches[0].locale)}
    return Signal("help_requested", NAME, f"help/{event.id}", matches[0].score / 1000 if matches else 0.0, known)


def _titles(matches: list[Match], catalog: Catalog) -> str:
    return " · ".join(catalog.resources[one.resource].locales[one.locale].title for one in matches)


def _deeper(state: MemberState, data: OutcomeData, catalog: Catalog) -> list[Signal]:
    """Tell a resource that helped and the one that goes on where it ends.

    The state knows what was sent, but not what answered a request: of that the press says which resource it was.
    """
    wanted = data.command[:COMMAND_CHARS]
    helped = next((sent.resource for sent in reversed(state.sends) if sent.command == wanted), data.resource)
    resource = catalog.resources.get(helped)
    if resource is None or not resource.deeper:
        return []
    known = {**evidence(catalog.current(resource.deeper), ""), "after": helped}
    return [Signal("helped", NAME, f"deeper/{helped}", 1.0, known)]
