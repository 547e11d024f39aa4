"""Lines of a history that are CloudEvents, as the member log holds them."""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from processors.events import Event
from processors.vocabulary import ANNOUNCED, COMMUNITY, OUTCOMES, VOCABULARY
from streams.history.lines import HistoryError

OUTCOME_TYPES = frozenset(f"outcome.{kind}" for kind in OUTCOMES)


class _Line(msgspec.Struct):
    specversion: Literal["1.0"]
    id: str
    type: str
    time: datetime
    subject: str
    data: dict[str, Any] = {}


def cloud_event(path: Path, number: int, row: dict[str, Any]) -> list[Event]:
    """Return the event of a line; none for what a replay makes itself (ticks, signals) and for types outside the vocabulary.

    The subject of an announcement is its community. Raises `HistoryError` where the line is no such CloudEvent.
    """
    try:
        line = msgspec.convert(row, _Line)
        if not _is_history(line.type):
            return []
        if line.time.tzinfo is None or ("/" not in line.subject and line.type not in ANNOUNCED):
            raise msgspec.ValidationError("expected a time with zone, and a subject <community>/<member>")
        data = msgspec.convert(line.data, VOCABULARY[line.type])
    except msgspec.ValidationError as error:
        raise HistoryError(f"{path}:{number}: no event ({error}); see streams/schemas") from None
    return [Event(line.id, line.type, line.subject, line.time.timestamp(), data, True)]


def is_history(event: Event) -> bool:
    """Tell whether a replay needs to be given this: what members did, and what became of messages to them."""
    return _is_history(event.type)


def _is_history(kind: str) -> bool:
    return kind in COMMUNITY or kind in OUTCOME_TYPES
