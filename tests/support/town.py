"""A made-up community for tests of the whole pipeline: events of every kind, the same for the same seed."""

import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from processors.events import Event
from processors.vocabulary import VOCABULARY, WORDS
from streams.agents.records import partition_of
from streams.codec import Codec
from streams.topics import ACTIVITY
from tests.support.chaos import Feeder
from tests.support.pipeline import Pipeline

QUESTIONS = (
    "How do I mount the frobnicator partition under gentoo?",
    "How can I mount my frobnicator partition under gentoo?",
    "How can I print labels from a spreadsheet with borders?",
    "Wie kann ich den Drucker im Netzwerk freigeben?",
    "Does anybody know why the login page shows an empty form?",
)
REMARKS = ("thanks, that helped", "good morning", "you find it in the settings, second page", "Das geht im Menü.")
RATE = float(os.environ.get("CHAOS_RATE", "100"))  # events a second, where things are killed and paused
KINDS = {  # weights of a day in town
    "question.asked": 8, "post.created": 15, "post.replied": 15, "post.read": 25, "reaction.added": 6, "search.performed": 8,
    "community.joined": 6, "link.clicked": 3, "answer.accepted": 3, "preference.snoozed": 2, "preference.opted_out": 1,
    "preference.opted_in": 3, "profile.changed": 2, "absence.announced": 1, "moderator.explained": 1, "community.left": 1,
    "draft.abandoned": 1, "party.thrown": 1,
}  # fmt: skip


class Town:
    """Events of `members` members of the community `name`; `now` gives the time of the n-th event (epoch s)."""

    def __init__(self, seed: int, now: Callable[[int], float], members: int = 300, name: str = "town") -> None:
        self._random, self._now, self._members, self._name = random.Random(seed), now, members, name
        self._seed = seed

    def events(self, count: int) -> Iterator[Event]:
        """Yield events in time order."""
        for number in range(count):
            kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
            moment, member = self._now(number), self._member(kind, number)
            data = VOCABULARY[kind](**self._fields(kind, number, moment)) if kind in VOCABULARY else None
            yield Event(f"e{self._seed}-{number}", kind, member, moment, data)

    def _member(self, kind: str = "", number: int = 0) -> str:
        if kind in ("community.joined", "community.left"):
            return f"{self._name}/new{number // 10}"
        return f"{self._name}/m{int(self._members * self._random.random() ** 1.5)}"

    def _fields(self, kind: str, number: int, moment: float) -> dict[str, Any]:
        threaded = self._random.random() < 0.7
        fields: dict[str, Any] = {"channel": "help"}
        if threaded:
            fields["thread"] = f"t{number if kind == 'question.asked' else max(0, number - self._random.randrange(40))}"
        if kind == "question.asked":
            fields["text"] = self._random.choice(QUESTIONS)
        elif kind in WORDS:
            fields["text"] = self._random.choice((*REMARKS, *QUESTIONS))
        if kind == "post.replied":
            fields["to"] = self._member()
        elif kind == "search.performed":
            fields |= {"query": "labels", "results": self._random.randrange(3)}
        elif kind == "profile.changed":
            fields |= {
                "timezone": self._random.choice(("Europe/Berlin", "UTC")),
                "locale": self._random.choice(("de", "en")),
            }
        elif kind == "absence.announced":
            fields["until"] = moment + 86400.0
        elif kind == "preference.snoozed":
            fields["until"] = moment + 3.0
        return fields


def records(events: Iterator[Event], codec: Codec, partitions: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (partition, key, value) as producers would write them."""
    for event in events:
        key = event.key.encode()
        yield partition_of(key, partitions), key, codec.encode(event)


def load(pipeline: Pipeline, seed: int, seconds: float, per_second: float = RATE) -> Feeder:
    """Return a feeder of a town's events that happen as they are written; not started."""
    began = time.time()
    town = Town(seed, lambda number: began + number / per_second)
    written = records(town.events(int(seconds * per_second)), pipeline.codec, pipeline.settings.partitions)
    return Feeder(pipeline.settings.bootstrap, ACTIVITY, written, per_second)
