"""What the catalog has for a question or a request for help, as evidence of the signal that tells of it."""

import msgspec

from processors.catalog import Catalog
from processors.catalog_search import Match
from processors.events import Event
from processors.signals import Signal
from processors.vocabulary import HELP_REQUESTED, Text

NAME = "repeated_question"


def with_answers(signals: list[Signal], event: Event, catalog: Catalog) -> list[Signal]:
    """Return the signals of an event; a question knows the resource that answers it, a request for help what was found."""
    if not isinstance(event.data, Text):
        return signals
    if event.type == HELP_REQUESTED:
        return [*signals, _requested(event, event.data.text, catalog)]
    match = catalog.search.answer(event.data.text)
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


def _requested(event: Event, words: str, catalog: Catalog) -> Signal:
    matches = catalog.search.find(words)
    known: dict[str, str | float | int] = {"found": len(matches), "titles": _titles(matches, catalog) or "-"}
    if matches:
        known |= evidence(matches[0].resource, matches[0].locale)
    return Signal("help_requested", NAME, f"help/{event.id}", matches[0].score / 1000 if matches else 0.0, known)


def _titles(matches: list[Match], catalog: Catalog) -> str:
    return " · ".join(catalog.resources[one.resource].locales[one.locale].title for one in matches)
