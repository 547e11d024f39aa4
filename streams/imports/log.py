"""An imported history into the member log of a deployment: marked as a replay, so that nobody is messaged because of it."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.events import LATE_MAX, Event
from processors.vocabulary import ANNOUNCED
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.errors import UNREACHABLE, UserError
from streams.history.lines import HistoryError
from streams.history.reader import read_history
from streams.servers import broker_access
from streams.servers.log_reader import probe
from streams.settings import Settings
from streams.topics import ACTIVITY

MARGIN_S = 3600.0  # before the log's own bound, so that nothing is too late by the time it is folded
ACKNOWLEDGED_S = 30.0


class Written(NamedTuple):
    """How many events were acknowledged, and how many are older than a running deployment takes."""

    written: int
    too_old: int
    announcements: int


def write_history(settings: Settings, history: Path, community: str, report: Callable[[int], None]) -> Written:
    """Write a history's events in time order; ids are those of their lines, so that to write it again changes nothing.

    Announcements are left out: they would reach people today. Raises `UserError`.
    """
    codec, since = Codec(settings.control()), time.time() - LATE_MAX + MARGIN_S
    probe(settings.bootstrap)
    try:
        events = read_history(history, community)
    except HistoryError as error:
        raise UserError(str(error)) from None
    own = [event for event in events if event.type not in ANNOUNCED or "/" in event.key]
    fresh = [msgspec.structs.replace(event, replay=True) for event in own if event.time >= since]
    try:
        _send(settings, codec, fresh, report)
    except KafkaError as error:
        raise UserError(
            f"the broker did not take it all ({type(error).__name__}); run it again: what is written counts once",
            UNREACHABLE,
        ) from None
    return Written(len(fresh), len(own) - len(fresh), len(events) - len(own))


def _send(settings: Settings, codec: Codec, events: Iterable[Event], report: Callable[[int], None]) -> None:
    with closing(KafkaProducer(**broker_access.options(settings.bootstrap), acks="all", linger_ms=20)) as producer:
        waiting = []
        for number, event in enumerate(events, 1):
            key = event.key.encode()
            where = partition_of(key, settings.partitions)
            waiting.append(producer.send(ACTIVITY, key=key, value=codec.encode(event, "/import"), partition=where))
            if len(waiting) >= 1000:
                waiting = _acknowledged(waiting)
            report(number)
        _acknowledged(waiting)


def _acknowledged(waiting: list[object]) -> list[object]:
    for one in waiting:
        one.get(ACKNOWLEDGED_S)  # type: ignore[attr-defined]  # kafka-python's future
    return []
