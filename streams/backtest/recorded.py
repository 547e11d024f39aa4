"""The deployment's recorded log, as a backtest reads it."""

import time
from collections import deque

from processors.events import Event
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.history.cloud_events import is_history
from streams.servers.log_reader import read_topic
from streams.topics import ACTIVITY

DAY_S = 86400.0


def recorded(bootstrap: str, codec: Codec, days: int, newest: int | None = None) -> list[Event]:
    """Return the events of the last days of the member log in time order, at most the `newest` so many where it says so.

    Raises `UserError` where there are none, or no broker.
    """
    since = time.time() - days * DAY_S
    kept = (
        event
        for record in read_topic(bootstrap, ACTIVITY)
        if (event := _decoded(codec, record)) and event.time >= since
    )
    found = list(kept) if newest is None else list(deque(kept, newest))
    if not found:
        raise UserError(f"{ACTIVITY} at {bootstrap} holds no event of the last {days} days")
    return sorted(found, key=lambda event: event.time)


def _decoded(codec: Codec, record: object) -> Event | None:
    try:
        event = codec.decode(record.key, record.value)  # type: ignore[attr-defined]  # a record of kafka-python
    except UndecodableError:
        return None  # it is in the dead letters, and was not folded then either
    return event if is_history(event) else None
