"""Follows topics into a file of the console; how far it read is kept in the same transaction as what it read."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.errors import UserError
from streams.servers.log_reader import connect

BATCH = 5_000  # records
PAUSE_S, AGAIN_S = 0.3, 2.0
log = logging.getLogger("lotse.console")


class Followed(Protocol):
    """What takes the records of some topics."""

    topics: tuple[str, ...]

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read, by topic and partition."""

    def take(self, topic: str, records: Sequence[Any], offsets: Mapping[tuple[str, int], int]) -> None:
        """Take records, and note how far the topic was read: all or nothing."""


class Follower:
    """Reads in rounds: the first topic to its end, then the others up to where they ended before.

    So an outcome in the member log finds the decision that it is about.
    """

    def __init__(self, bootstrap: str, into: Followed) -> None:
        self._bootstrap, self._into = bootstrap, into
        self._stop = threading.Event()
        self.behind: int | None = None  # records of all topics that are not read yet, as of the last round
        self.fault = "not begun"  # why it does not read; empty while it does
        self.read_at = 0.0  # epoch s of the last round

    def start(self) -> None:
        """Read on, as a daemon thread, until stopped."""
        threading.Thread(target=self._follow, name=f"console-{self._into.topics[0]}", daemon=True).start()

    def stop(self) -> None:
        """End after the batch under way."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                with closing(connect(self._bootstrap, patient=True)) as consumer:
                    self._read_on(consumer)
            except (KafkaError, OSError, UserError, sqlite3.Error) as error:
                fault = str(error) if isinstance(error, UserError) else type(error).__name__
                if fault != self.fault:
                    log.warning("%s is read again every %.0f s (%s)", self._into.topics[0], AGAIN_S, fault)
                self.fault = fault
                self._stop.wait(AGAIN_S)

    def _read_on(self, consumer: KafkaConsumer) -> None:
        while not self._stop.is_set():
            self.round(consumer)
            self._stop.wait(PAUSE_S)

    def round(self, consumer: KafkaConsumer) -> None:
        """Read all topics up to where they end now. Raises `UserError` where one is missing."""
        first, *others = self._into.topics
        ends = {topic: _ends(consumer, topic, self._bootstrap) for topic in others}
        ends[first] = _ends(consumer, first, self._bootstrap)  # after the others'
        self._note(ends)
        for topic in self._into.topics:
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
        known, begins = self._into.offsets(), consumer.beginning_offsets(list(ends))
        for where, end in ends.items():
            at = known.get((topic, where.partition), 0)
            # Beyond its end means that the topic was made anew; before its beginning, that retention has cut it.
            consumer.seek(where, begins[where] if at > end else max(at, begins[where]))
        while not self._stop.is_set() and any(consumer.position(where) < end for where, end in ends.items()):
            found = [one for records in consumer.poll(500, max_records=BATCH).values() for one in records]
            self._into.take(topic, found, {(topic, where.partition): consumer.position(where) for where in ends})
            self._note(every)

    def _note(self, ends: dict[str, dict[TopicPartition, int]]) -> None:
        known = self._into.offsets()
        left = (
            max(0, end - known.get((one.topic, one.partition), 0))
            for part in ends.values()
            for one, end in part.items()
        )
        self.behind = sum(left)


def members(records: Iterable[Any]) -> Iterable[Any]:
    """Yield the records of a log that concern a member; time and catalogs concern none."""
    return (record for record in records if not (record.key or b"@").startswith(b"@"))


def _ends(consumer: KafkaConsumer, topic: str, bootstrap: str) -> dict[TopicPartition, int]:
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise UserError(f"topic {topic} does not exist on {bootstrap}; run: lotse topics apply")
    ends: dict[TopicPartition, int] = consumer.end_offsets([TopicPartition(topic, one) for one in sorted(found)])
    return ends
