"""What the topics hold for a report: the events of the member log and the decisions."""

from contextlib import suppress

import msgspec

from processors.decisions import Decision, read_decision
from processors.events import Event
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.servers.log_reader import read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS


def recorded(settings: Settings, most: int = 0) -> tuple[list[Event], list[Decision]]:
    """Return events and decisions as they were written, each once; what cannot be read is left out.

    Raises `UserError` where there is no event, or where either are more than `most` (0: any number).
    """
    codec = Codec(settings.control())
    events: dict[tuple[str, str], Event] = {}
    for record in read_topic(settings.bootstrap, ACTIVITY):
        with suppress(UndecodableError):  # it is in the dead letters
            event = codec.decode(record.key, record.value)
            events.setdefault((event.key, event.id), event)
        _bounded(len(events), most)
    decisions: dict[str, Decision] = {}
    for record in read_topic(settings.bootstrap, DECISIONS):
        with suppress(msgspec.DecodeError):
            decision = read_decision(record.key, record.value)
            decisions.setdefault(decision.id, decision)
        _bounded(len(decisions), most)
    if not events:
        raise UserError(
            f"{ACTIVITY} at {settings.bootstrap} holds no event yet; with --history FILE a report is made of a history"
        )
    return list(events.values()), list(decisions.values())


def _bounded(found: int, most: int) -> None:
    if most and found > most:
        raise UserError(
            f"the topics hold more than {most:,} records, too many to count here; run: lotse report, lotse journeys"
        )
