"""What happened is said in words, in both languages, for each event and signal that a member's page can show."""

from processors.signals import KINDS
from processors.vocabulary import VOCABULARY
from streams.console.happenings import EVENTS, SIGNALS, occasions, said
from streams.console.taking import UNTOLD
from tests.support.stories import playbook

OF_NOBODY = {"announcement", "catalog.activated", "member.erased", "signal", "tick"}  # no member's page shows them


def test_each_event_and_signal_has_its_words() -> None:
    """Of distress nothing is told, so it has none."""
    assert set(EVENTS) == set(VOCABULARY) - OF_NOBODY
    assert set(SIGNALS) == set(KINDS) - UNTOLD
    assert all(english and german and english != german for english, german in (*EVENTS.values(), *SIGNALS.values()))


def test_what_stands_beside_it() -> None:
    """Of an outcome the playbook; of a signal its name and score; what is of a later version is named by its type."""
    assert said("outcome.dismissed", "welcome", "en") == ("Dismissed it", "welcome")
    assert said("signal", "unanswered 24.00", "de") == ("Eine Frage bleibt ohne Antwort", "unanswered, Maß 24.00")
    assert said("of.later", "", "en") == ("of.later", "")
    assert said("signal", "of_later 1.00", "en") == ("of_later", "of_later, score 1.00")
    assert occasions(playbook("p", "signal.lost"), "en") == SIGNALS["lost"][0]
    assert occasions(playbook("p", "community.joined"), "de") == EVENTS["community.joined"][1]
