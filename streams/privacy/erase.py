"""Forgetting a person: an event in their log, so that every fold of it forgets too; then the stores; and a receipt.

The log itself is cut by time alone: what it holds of a person goes with its retention, and the receipt says when.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import NamedTuple, Protocol

from kafka import KafkaProducer
from redis.asyncio import Redis

from processors.commands import Command
from processors.events import Event
from processors.ids import digest
from processors.vocabulary import ERASED, Erasure
from streams.agents.community import CommunityStage
from streams.agents.member import MemberStage
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.errors import UserError
from streams.privacy.kept_in_redis import KeptInRedis
from streams.privacy.people import Person, find_person
from streams.privacy.traces import Trace, commands, everywhere, in_topic, names
from streams.proof.snapshot import restore
from streams.servers import broker_access
from streams.servers.log_reader import Bounds, bounds, partition_count, read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, DAY_MS, DELIVERY, GAPS, REVIEW, THREADS, TOPICS, TopicSpec

TIMEOUT_S = 20.0  # for an acknowledgement
LOOK_S = 0.5  # between two looks at how far the workers are
ROUNDS = 3  # a delivery that was under way told its outcome after the event: then there is a state again


class Row(NamedTuple):
    """One store of a receipt. What is `left` goes by itself until `gone_by` (ISO date, UTC), or is said in `note`."""

    store: str
    found: int
    erased: int
    gone_by: str = ""
    note: str = ""

    @property
    def left(self) -> int:
        """How much is still there."""
        return self.found - self.erased


class OtherStore(Protocol):
    """A store of another process, such as a console's."""

    name: str

    async def count(self, keys: Sequence[str]) -> int:
        """Return how many entries name one of the keys."""

    async def erase(self, keys: Sequence[str]) -> None:
        """Delete them."""


class Receipt(NamedTuple):
    """What an erasure found and did. `new` tells whether there was anything but what goes by retention."""

    person: Person
    rows: tuple[Row, ...]

    @property
    def new(self) -> bool:
        """Whether this run erased something."""
        return any(row.erased for row in self.rows)

    @property
    def left(self) -> tuple[Row, ...]:
        """The stores that still hold something."""
        return tuple(row for row in self.rows if row.left)


class Eraser:
    """One deployment's stores. Without a Redis those on Kafka alone are looked at."""

    def __init__(
        self, settings: Settings, redis: Redis | None, others: Sequence[OtherStore] = (), wait_s: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._settings, self._redis, self._others = settings, redis, others
        self._codec, self._wait_s, self._clock = Codec(settings.control()), wait_s, clock
        self._kept = KeptInRedis(redis, settings.app) if redis is not None else None

    async def erase(self, member: str) -> Receipt:
        """Erase a person everywhere. Raises `UserError` without a broker, `RedisError` without a store."""
        person = await find_person(self._redis, self._settings.app, member)
        states = self._states(person)
        before, folded, ended = sum(states.values()), True, 0
        for _ in range(ROUNDS):
            if not sum(states.values()) and not self._has_news(person):
                break
            folded = self._write(person)
            ended += await self._end_deliveries(person)
            states = self._states(person)
        traces = everywhere(self._settings.bootstrap, person.keys)
        made = list(commands(traces, person.keys))
        rows = [
            *self._state_rows(before, states, folded=folded), *self._compacted(traces),
            *await self._in_redis(person, made, ended), *[await self._other(one, person) for one in self._others],
            *(self._kept_by_time(trace) for trace in traces if trace.topic not in (REVIEW, GAPS)),
        ]  # fmt: skip
        return Receipt(person, tuple(rows))

    def _has_news(self, person: Person) -> bool:
        """Tell whether the log holds something of a person that no erasure follows."""
        last: dict[str, bool] = {}
        for record in in_topic(self._settings.bootstrap, ACTIVITY, person.keys).records:
            key = (record.key or b"").decode(errors="replace")
            if key in person.keys:
                last[key] = f'"{ERASED}"'.encode() in (record.value or b"")
        return not all(last.values())

    def _write(self, person: Person) -> bool:
        """Write the event for each key and wait until both stages have folded it; tell whether they have."""
        now, ends = self._clock(), dict[int, int]()
        with closing(KafkaProducer(**broker_access.options(self._settings.bootstrap), acks="all")) as producer:
            for key in person.keys:
                event = Event(digest(ERASED, key, repr(now)), ERASED, key, now, Erasure())
                home = partition_of(key.encode(), partition_count(self._settings.bootstrap, ACTIVITY))
                sent = producer.send(ACTIVITY, key=key.encode(), value=self._codec.encode(event), partition=home)
                ends[home] = sent.get(TIMEOUT_S).offset + 1
        until = self._clock() + self._wait_s
        if not self._wait(ACTIVITY, ends, until):
            return False
        ends = {number: found.end for number, found in self._bounds(THREADS).items()}
        return self._wait(THREADS, ends, until)

    def _wait(self, topic: str, ends: dict[int, int], until: float) -> bool:
        while True:
            found = self._bounds(topic)
            if all(number in found and found[number].committed >= end for number, end in ends.items()):
                return True
            if self._clock() >= until:
                return False
            time.sleep(LOOK_S)

    def _bounds(self, topic: str) -> dict[int, Bounds]:
        try:
            return bounds(self._settings.bootstrap, topic, self._settings.app)
        except UserError as error:
            if "no worker" in str(error):
                return {}
            raise

    def _states(self, person: Person) -> dict[str, int]:
        """Count the closed states that are a person's, or name them, by stage."""
        return {stage: len(found) for stage, found in read_states(self._settings, person).items()}

    def _state_rows(self, before: int, states: dict[str, int], *, folded: bool) -> list[Row]:
        note = (
            "old values go when Kafka compacts, from a worker's disk (LOTSE_STORE=rocksdb) within three days"
            if folded
            else "no worker has folded the erasure yet: start one, and run this again"
        )
        left = sum(states.values())
        return [Row("states and their changelogs", max(before, left), max(before, left) - left, note=note)]

    def _compacted(self, traces: Iterable[Trace]) -> list[Row]:
        """Write a tombstone in the place of each entry that names a person, in the topics that keep the last of a key."""
        rows = []
        for trace in traces:
            if trace.topic not in (REVIEW, GAPS):
                continue
            live = _live(trace, self._settings.bootstrap)
            with closing(KafkaProducer(**broker_access.options(self._settings.bootstrap), acks="all")) as producer:
                for key, partition in live:
                    producer.send(trace.topic, key=key, value=None, partition=partition).get(TIMEOUT_S)
            rows.append(Row(trace.topic, len(live), len(live)))
        return rows

    async def _end_deliveries(self, person: Person) -> int:
        """End what was made before the stages forgot them; return of how many deliveries something was kept."""
        if self._kept is None:
            return 0
        traces = [in_topic(self._settings.bootstrap, topic, person.keys) for topic in DELIVERY.values()]
        return await self._kept.end(list(commands(traces, person.keys)), self._wait_s)

    async def _in_redis(self, person: Person, made: list[Command], ended: int) -> list[Row]:
        if self._kept is None:
            return [Row("Redis", 0, 0, note="LOTSE_REDIS names none: not looked at")]
        before = await self._kept.found(person, made)
        before["deliveries"] += ended
        await self._kept.erase(person, made, self._wait_s)
        after = await self._kept.found(person._replace(links={}, addresses=()), made)
        return [
            Row(f"Redis: {kind}", count, count - after[kind], note="being delivered now" if after[kind] else "")
            for kind, count in before.items()
        ]

    async def _other(self, store: OtherStore, person: Person) -> Row:
        before = await store.count(person.keys)
        await store.erase(person.keys)
        return Row(store.name, before, before - await store.count(person.keys))

    def _kept_by_time(self, trace: Trace) -> Row:
        spec = next(one for one in TOPICS if one.name == trace.topic)
        return Row(trace.topic, len(trace.records), 0, gone_by(spec, trace.newest) if trace.records else "")


def read_states(settings: Settings, person: Person) -> dict[str, dict[bytes, bytes]]:
    """Return the closed states, by stage, that are a person's or name them; none where no worker has run yet."""
    found: dict[str, dict[bytes, bytes]] = {MemberStage.name: {}, CommunityStage.name: {}}
    try:
        count = partition_count(settings.bootstrap, ACTIVITY)
        for number in {partition_of(key.encode(), count) for key in person.keys}:
            states = restore(settings.bootstrap, settings.app, MemberStage.name, number)[1]
            found[MemberStage.name] |= {key: value for key, value in states.items() if key.decode() in person.keys}
        number = partition_of(person.community.encode(), partition_count(settings.bootstrap, THREADS))
        states = restore(settings.bootstrap, settings.app, CommunityStage.name, number)[1]
        found[CommunityStage.name] = {key: value for key, value in states.items() if names(value, person.keys)}
    except UserError as error:
        if "does not exist" not in str(error):
            raise
    return found


def gone_by(spec: TopicSpec, newest: float) -> str:
    """Return the date (UTC) by which a record written at `newest` is cut off: its segment may be open for a day."""
    return time.strftime("%Y-%m-%d", time.gmtime(newest + (spec.days + 1) * DAY_MS / 1000))


def _live(trace: Trace, bootstrap: str) -> list[tuple[bytes, int]]:
    """Return key and partition of those entries of a trace that no later record has replaced."""
    if not trace.records:
        return []
    last = {(one.key, one.partition): one.offset for one in read_topic(bootstrap, trace.topic)}
    mine = {(one.key or b"", one.partition): one.offset for one in trace.records if one.value is not None}
    return [where for where, offset in mine.items() if last.get(where) == offset]
