"""Follows decisions and the member log into the store; how far it read is kept in the same transaction as what it read."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from processors.decisions import Decision, read_decision
from processors.events import Event
from streams.codec import Codec, UndecodableError
from streams.console.store import Store
from streams.errors import UserError
from streams.log_reader import connect
from streams.topics import ACTIVITY, DECISIONS

BATCH = 5_000  # records
PAUSE_S, AGAIN_S = 0.3, 2.0
log = logging.getLogger("lotse.console")


class Follower:
    """Reads in rounds: decisions first, then the member log up to where it ended before, so that an outcome finds its decision."""

    def __init__(self, bootstrap: str, store: Store, codec: Codec) -> None:
        self._bootstrap, self._store, self._codec = bootstrap, store, codec
        self._stop = threading.Event()
        self.behind: int | None = None  # records of both topics that are not read yet, as of the last round
        self.fault = "not begun"  # why it does not read; empty while it does
        self.read_at = 0.0  # epoch s of the last round

    def start(self) -> None:
        """Read on, as a daemon thread, until stopped."""
        threading.Thread(target=self._follow, name="console-follower", daemon=True).start()

    def stop(self) -> None:
        """End after the batch under way."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                with closing(connect(self._bootstrap, patient=True)) as consumer:
                    self._read_on(consumer)
            except (KafkaError, OSError, UserError, sqlite3.Error) as error:
                self.fault = str(error) if isinstance(error, UserError) else type(error).__name__
                log.warning("the log is read again in %.0f s (%s)", AGAIN_S, type(error).__name__)
                self._stop.wait(AGAIN_S)

    def _read_on(self, consumer: KafkaConsumer) -> None:
        while not self._stop.is_set():
            self.round(consumer)
            self._stop.wait(PAUSE_S)

    def round(self, consumer: KafkaConsumer) -> None:
        """Read both topics up to where they end now. Raises `UserError` where one is missing."""
        ends = {topic: _ends(consumer, topic, self._bootstrap) for topic in (ACTIVITY, DECISIONS)}
        ends[DECISIONS] = _ends(consumer, DECISIONS, self._bootstrap)  # after the other's
        self._note(ends)
        for topic in (DECISIONS, ACTIVITY):
            self._topic(consumer, topic, ends[topic], ends)
        self.fault, self.read_at = "", time.time()

    def _topic(
        self,
        consumer: KafkaConsumer,
        topic: str,
        ends: dict[TopicPartition, int],
        every: dict[str, dict[TopicPartition, int]],
    ) -> None:
        consumer.assign(list(ends))
        known, begins = self._store.offsets(), consumer.beginning_offsets(list(ends))
        for where, end in ends.items():
            at = known.get((topic, where.partition), 0)
            # Beyond its end means that the topic was made anew; before its beginning, that retention has cut it.
            consumer.seek(where, begins[where] if at > end else max(at, begins[where]))
        while not self._stop.is_set() and any(consumer.position(where) < end for where, end in ends.items()):
            found = [one for records in consumer.poll(500, max_records=BATCH).values() for one in records]
            offsets = {(topic, where.partition): consumer.position(where) for where in ends}
            if topic == DECISIONS:
                self._store.take(decisions=_decisions(found), offsets=offsets)
            else:
                self._store.take(events=self._events(found), offsets=offsets)
            self._note(every)

    def _events(self, records: Iterable[Any]) -> Iterable[Event]:
        for record in records:
            if (record.key or b"@").startswith(b"@"):
                continue  # time and catalogs concern no member
            with suppress(UndecodableError):
                yield self._codec.decode(record.key, record.value)

    def _note(self, ends: dict[str, dict[TopicPartition, int]]) -> None:
        known = self._store.offsets()
        left = (
            max(0, end - known.get((one.topic, one.partition), 0))
            for part in ends.values()
            for one, end in part.items()
        )
        self.behind = sum(left)


def _decisions(records: Iterable[Any]) -> Iterable[Decision]:
    for record in records:
        with suppress(msgspec.DecodeError):
            yield read_decision(record.key, record.value)


def _ends(consumer: KafkaConsumer, topic: str, bootstrap: str) -> dict[TopicPartition, int]:
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise UserError(f"topic {topic} does not exist on {bootstrap}; run: lotse topics apply")
    ends: dict[TopicPartition, int] = consumer.end_offsets([TopicPartition(topic, one) for one in sorted(found)])
    return ends
