"""What the console follows: decisions, the member log and content gaps into its store; what people are asked to look at into another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from processors.community.content_gaps import Gap
from processors.decisions import Decision, read_decision
from processors.events import Event
from processors.outputs import Alert
from processors.reviews import Review
from processors.vocabulary import ERASED
from streams.agents.records import caused_by
from streams.codec import Codec, UndecodableError
from streams.console.follower import members
from streams.console.reviews import Item, Reviews, from_alert, from_review
from streams.console.store import Store
from streams.topics import ACTIVITY, DECISIONS, GAPS, REVIEW, SAFETY

Offsets = Mapping[tuple[str, int], int]
_GAP = msgspec.json.Decoder(Gap)
_REVIEW, _ALERT = msgspec.json.Decoder(Review), msgspec.json.Decoder(Alert)


class Story:
    """Decisions first, so that an outcome in the member log finds its decision."""

    topics: tuple[str, ...] = (DECISIONS, ACTIVITY, GAPS)

    def __init__(
        self, store: Store, codec: Codec, forget: Callable[[Iterable[str]], None] = lambda _keys: None
    ) -> None:
        self._store, self._codec, self._forget = store, codec, forget

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read, by topic and partition."""
        return self._store.offsets()

    def take(self, topic: str, records: Sequence[Any], offsets: Offsets) -> None:
        """Keep what the store shows; whoever is erased is forgotten in the other file too."""
        if topic == DECISIONS:
            self._store.take(decisions=_decisions(records), offsets=offsets)
        elif topic == GAPS:
            self._store.take(gaps=_gaps(records), offsets=offsets)
        else:
            events = list(self._events(records))
            self._forget([one.key for one in events if one.type == ERASED])
            self._store.take(events=events, offsets=offsets)

    def _events(self, records: Iterable[Any]) -> Iterable[Event]:
        for record in members(records):
            with suppress(UndecodableError):
                yield self._codec.decode(record.key, record.value)


class Asked:
    """One topic of items; each is followed by itself, for whoever may not read safety.v1 may well read the other."""

    def __init__(self, reviews: Reviews, topic: str) -> None:
        self.topics: tuple[str, ...] = (topic,)
        self._reviews = reviews

    def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read, by topic and partition."""
        return self._reviews.offsets()

    def take(self, topic: str, records: Sequence[Any], offsets: Offsets) -> None:
        """Keep the items; a tombstone takes one away."""
        gone = [record.key.decode(errors="replace") for record in records if topic == REVIEW and not record.value]
        self._reviews.take(_items(topic, records), offsets, gone)


def _items(topic: str, records: Iterable[Any]) -> Iterable[Item]:
    for record in records:
        partition, offset = caused_by(record.headers)
        with suppress(msgspec.DecodeError):
            if topic == SAFETY:
                yield from_alert(_ALERT.decode(record.value or b""), record.timestamp / 1000, partition, offset)
            elif record.value:
                yield from_review(_REVIEW.decode(record.value), record.timestamp / 1000, partition, offset)


def _gaps(records: Iterable[Any]) -> Iterable[tuple[str, Gap | None]]:
    for record in records:
        key = (record.key or b"").decode(errors="replace")
        with suppress(msgspec.DecodeError):
            yield key, _GAP.decode(record.value) if record.value else None


def _decisions(records: Iterable[Any]) -> Iterable[Decision]:
    for record in records:
        with suppress(msgspec.DecodeError):
            yield read_decision(record.key, record.value)
