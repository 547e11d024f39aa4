"""The rehearsal names exactly the moments at which the community stage has news for members."""

from dataclasses import dataclass

import pytest

from processors.events import Event
from processors.loop import MINUTE
from processors.playbooks.catalog import Catalog
from processors.vocabulary import Reply, Text
from resource_catalog.loader import SHIPPED, load
from streams.history.rehearsal import Crossings, end_of, rehearse

CATALOG = Catalog(load(SHIPPED).bundle)
NOON = 1_767_614_400.0  # 2026-01-05 12:00 UTC
HOUR = 3600.0


@dataclass
class Asked:
    """When a question is answered, in hours; None: never."""

    answered: float | None
    ends: float  # of the log, in hours


def log(case: Asked) -> list[Event]:
    """Return a question, its answer perhaps, and a last post."""
    events = [post("ann", 0, "How do I change the colour of the header?", "t1")]
    if case.answered is not None:
        events.append(post("bob", case.answered * HOUR, "In the theme's settings, under header.", "t1", replied=True))
    return [*events, post("cem", case.ends * HOUR, "Good evening.", "t2")]


def post(author: str, after: float, text: str, thread: str, *, replied: bool = False) -> Event:
    """Return a post of a member."""
    kind = "post.replied" if replied else "question.asked" if text.endswith("?") else "post.created"
    data = (Reply if replied else Text)(channel="help", thread=thread, text=text)
    return Event(f"{author}/{after}", kind, f"c/{author}", NOON + after, data, True)


def test_a_question_that_stays_open_brings_news_at_a_minute_without_event() -> None:
    """The signal comes with a tick, long after the question and before the log's end."""
    found = rehearse(log(Asked(answered=None, ends=72)), CATALOG)
    assert not found.events
    assert len(found.minutes) == 1
    assert NOON + HOUR < found.minutes[0] < NOON + 72 * HOUR
    assert found.minutes[0] % MINUTE == 0


def test_an_answer_brings_its_news_with_itself_and_no_minute_after_it() -> None:
    """The asker's state learns of the answer (the second event) at once; nothing is open afterwards."""
    assert rehearse(log(Asked(answered=0.5, ends=72)), CATALOG) == Crossings(frozenset({1}), ())


def test_words_without_a_question_bring_none() -> None:
    """Nothing comes back, so that a replay need not rest."""
    assert rehearse(log(Asked(answered=None, ends=72))[1:], CATALOG) == Crossings(frozenset(), ())


def test_the_silence_after_the_last_event_is_rehearsed_too() -> None:
    """A log that ends soon after the question still brings its news, within the silence that follows."""
    events = log(Asked(answered=None, ends=1))
    found = rehearse(events, CATALOG)
    assert found.minutes
    assert all(minute <= end_of(events[-1].time) for minute in found.minutes)


def test_an_empty_history_has_no_crossing() -> None:
    """Nothing to fold is no error."""
    assert rehearse([], CATALOG) == Crossings(frozenset(), ())


@pytest.mark.parametrize("last", [0.0, 59.9, 60.0])
def test_the_end_is_a_whole_minute(last: float) -> None:
    """Ticks are whole minutes, a day after the last event at least."""
    assert end_of(last) % MINUTE == 0
    assert end_of(last) >= last + 86400
