"""What the topics hold for a report: the events of the member log and the decisions."""

from contextlib import suppress

import msgspec

from processors.decisions import Decision, read_decision
from processors.events import Event
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.log_reader import read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS


def recorded(settings: Settings, most: int = 0) -> tuple[list[Event], list[Decision]]:
    """Return events and decisions as they were written; what cannot be read is left out.

    Raises `UserError` where there is no event, or where either are more than `most` (0: any number).
    """
    codec = Codec(settings.control())
    events, decisions = list[Event](), list[Decision]()
    for record in read_topic(settings.bootstrap, ACTIVITY):
        with suppress(UndecodableError):  # it is in the dead letters
            events.append(codec.decode(record.key, record.value))
        _bounded(events, most)
    for record in read_topic(settings.bootstrap, DECISIONS):
        with suppress(msgspec.DecodeError):
            decisions.append(read_decision(record.key, record.value))
        _bounded(decisions, most)
    if not events:
        raise UserError(
            f"{ACTIVITY} at {settings.bootstrap} holds no event yet; with --history FILE a report is made of a history"
        )
    return events, decisions


def _bounded(found: list[Event] | list[Decision], most: int) -> None:
    if most and len(found) > most:
        raise UserError(
            f"the topics hold more than {most:,} records, too many to count here; run: lotse report, lotse journeys"
        )
