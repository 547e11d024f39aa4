"""Dead letters, and which of them may be written back: each once, and only what would be folded or delivered now."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec
from kafka import KafkaProducer

from processors.commands import Command
from processors.events import AHEAD_MAX, LATE_MAX
from processors.vocabulary import Tick
from sinks.delivery_record import UNKNOWN
from streams.agents.records import CUT_FROM, home_of
from streams.codec import Codec, UndecodableError
from streams.delivery.reading import read_delivery
from streams.servers import broker_access
from streams.servers.log_reader import partition_count, read_last, read_partition, read_topic
from streams.topics import ACTIVITY, DELIVERY, TOPICS, dead_letters

REPLAYED = "lotse-replayed"  # header of a record that was written back: topic/partition/offset of its letter
LETTER_TOPICS = tuple(spec.name for spec in TOPICS if spec.name.endswith(".dlq"))
TIMEOUT_S = 20.0
_DELIVERY = {dead_letters(name): name for name in DELIVERY.values()}
Fate = Literal["ready", "skipped", "still_undecodable", "other_topic", "expired", "unknown"]


class Letter(msgspec.Struct, frozen=True):
    """What becomes of one letter when letters are replayed; `why` says it in a few words, never with its content."""

    letter: str  # topic/partition/offset
    fate: Fate
    why: str


class _Log:
    """What the member log says since a time: which letters were written back already, and how late it is."""

    def __init__(self, bootstrap: str, codec: Codec, since_ms: int | None) -> None:
        self.replayed: set[str] = set()
        self.time: dict[int, float] = defaultdict(float)  # log time by partition, epoch s; 0 before a first tick
        if since_ms is None:
            return
        for record in read_topic(bootstrap, ACTIVITY, since_ms):
            marker = headers_of(record).get(REPLAYED)
            if marker is not None:
                self.replayed.add(marker)
            if (record.key or b"").startswith(b"@"):
                self._tick(record, codec)

    def _tick(self, record: Any, codec: Codec) -> None:
        try:
            event = codec.decode(record.key, record.value)
        except UndecodableError:
            return
        if isinstance(event.data, Tick):
            self.time[record.partition] = max(self.time[record.partition], event.time)


def letters(bootstrap: str) -> Iterator[tuple[str, Any]]:
    """Yield (topic, record) of every dead letter."""
    for topic in LETTER_TOPICS:
        for record in read_topic(bootstrap, topic):
            yield topic, record


def newest_letters(bootstrap: str, count: int) -> list[Any]:
    """Return the newest dead letters, at most `count` of each partition, the newest first."""
    return sorted(read_last(bootstrap, LETTER_TOPICS, count), key=lambda one: -int(one.timestamp))


def letter(bootstrap: str, topic: str, partition: int, offset: int) -> Any | None:
    """Return one dead letter, None where it is not there any more."""
    if topic not in LETTER_TOPICS:
        return None
    return next(iter(read_partition(bootstrap, topic, partition, offset + 1, offset)), None)


def headers_of(record: Any) -> dict[str, str]:
    """Return a record's headers as text."""
    return {name: value.decode(errors="replace") for name, value in record.headers or ()}


def name_of(topic: str, record: Any) -> str:
    """Return topic/partition/offset."""
    return f"{topic}/{record.partition}/{record.offset}"


def replay(bootstrap: str, codec: Codec, *, dry_run: bool, unknown: bool = False) -> list[Letter]:
    """Write letters of the member log and of the delivery topics back, key and value as they came; say what became of each.

    A letter that was written back before is skipped: what was written carries its name, so that this holds even when
    a replay is cut short. So is an event that the log's time would refuse again, and a command that has expired. With
    `unknown` also commands of which nobody can tell whether they were delivered: they may then come twice.
    """
    found = list(letters(bootstrap))
    mine = [record for topic, record in found if topic == dead_letters(ACTIVITY)]
    log = _Log(bootstrap, codec, min((record.timestamp for record in mine), default=None))
    count = partition_count(bootstrap, ACTIVITY)
    before = {
        marker
        for topic in {one for one, _ in found} & _DELIVERY.keys()
        for record in read_topic(bootstrap, _DELIVERY[topic])
        if (marker := headers_of(record).get(REPLAYED))
    }
    judged = [
        _judge_command(topic, record, before, unknown=unknown)
        if topic in _DELIVERY
        else _judge(topic, record, codec, log, count)
        for topic, record in found
    ]
    if not dry_run:
        ready = [where for one, where in zip(judged, found, strict=True) if one.fate == "ready"]
        _write(bootstrap, ready)
    return judged


def _judge_command(topic: str, record: Any, before: set[str], *, unknown: bool) -> Letter:
    name, headers, read = name_of(topic, record), headers_of(record), read_delivery(record.value)
    if name in before:
        return Letter(name, "skipped", "was written back before")
    if CUT_FROM in headers or isinstance(read, UndecodableError):
        return Letter(name, "still_undecodable", headers.get("lotse-reason", "unknown"))
    detail = headers.get("lotse-detail", "")
    if isinstance(read, Command) and read.expires <= time.time():
        return Letter(name, "expired", f"its time is over; it had failed with {detail}")
    if detail == UNKNOWN and not unknown:
        return Letter(name, "unknown", "it may have been delivered; --unknown sends it again")
    return Letter(name, "ready", f"had failed with {detail}")


def _judge(topic: str, record: Any, codec: Codec, log: _Log, partitions: int) -> Letter:
    name, headers = name_of(topic, record), headers_of(record)
    if topic != dead_letters(ACTIVITY):
        return Letter(name, "other_topic", "only letters of the member log and of deliveries are written back")
    if name in log.replayed:
        return Letter(name, "skipped", "was written back before")
    if CUT_FROM in headers:
        return Letter(name, "still_undecodable", "size: only its beginning was kept")
    try:
        event = codec.decode(record.key, record.value)
    except UndecodableError as error:
        return Letter(name, "still_undecodable", f"{error.reason}: {error.detail}")
    now, reason = log.time[home_of(record.key, partitions)], headers.get("lotse-reason", "unknown")
    refused = not -LATE_MAX <= event.time - now <= AHEAD_MAX if now else reason == "clock"  # no tick: as late as it was
    if refused:
        return Letter(name, "still_undecodable", "clock: its time is still too far from the log's")
    return Letter(name, "ready", f"was {reason}")


def _write(bootstrap: str, found: Iterable[tuple[str, Any]]) -> None:
    producer = KafkaProducer(**broker_access.options(bootstrap), acks="all", max_request_size=2 << 20)
    counts: dict[str, int] = {}
    try:
        for topic, record in found:
            back = topic.removesuffix(".dlq")
            counts.setdefault(back, partition_count(bootstrap, back))
            marker = name_of(topic, record).encode()
            where = home_of(record.key, counts[back])
            producer.send(back, key=record.key, value=record.value, partition=where, headers=[(REPLAYED, marker)]).get(
                TIMEOUT_S
            )
    finally:
        producer.close()
