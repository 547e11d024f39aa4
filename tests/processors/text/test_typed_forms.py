"""However a text is typed, what is concluded of it stays the same; all texts are of our own writing."""

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.playbooks.catalog_search import CatalogSearch
from processors.playbooks.resources import Localised, Resource
from processors.text.conflict import HEATED, heat
from processors.text.frustration import frustration
from processors.text.question import QuestionKind, question_kind
from streams.evaluation.likeness import SHIPPED_THRESHOLD, scores
from tests.processors.text import short_questions, test_conflict_words
from tests.processors.text.typed_forms import AROUND, HABITS, SIGNS, is_german

NEEDS = """
What's the best way to clean a paintbrush?|I can't find the page with the exam dates.|How do I change my display name?|Does anyone know when the shop opens on Sundays?
Why won't my recording upload?|My tent doesn't close properly any more, what can I do?|Is there a way to hide finished tasks?|Could someone explain what the blue badge means?
Where's the button for inviting a friend?|Is it possible to play this on an old tablet?|I'm stuck on the third puzzle, any hints?|Am I supposed to water it every day?
What time does the stream begin?|Is the pool open during the holidays?|Who do I ask about a missing parcel?|I've tried restarting it twice but it still won't load my save.
Wie ändere ich meinen Anzeigenamen?|Weiß jemand, wann der Laden sonntags öffnet?|Ich kann die Seite mit den Prüfungsterminen nicht finden.|Warum lädt meine Aufnahme nicht hoch?
Gibt es eine Möglichkeit, erledigte Aufgaben auszublenden?|Kann mir jemand erklären, was das blaue Abzeichen bedeutet?|Wo finde ich den Knopf, um Freunde einzuladen?
Welches Objektiv soll ich für Hallensport kaufen?|Ich brauche Hilfe beim Schnittmuster auf Seite vier.|Kann ich den Aufsatz morgen noch abgeben?|Wann ist die nächste Probe?
Um wie viel Uhr beginnt die Übertragung?|Muss ich die Pflanze täglich gießen?|Welche Größe muss ich bei den Schuhen nehmen?|Brauche ich für die Fähre einen Reisepass?
"""
NO_NEEDS = """
You can't do that without a ticket.|I've finished the second chapter, it's great.|The shop doesn't open on Sundays.|I'd say the blue one's nicer.|Thanks, that fixed it!|What a lovely photo!
Did you try turning it off and on?|Which version do you have?|How are you today?|Isn't that a bit early?|Was the film any good?|If you can't log in, ask the moderators.|That's how it works.
Ohne Karte kommst du da nicht rein.|Danke, jetzt geht es!|Was für ein schönes Bild!|Wenn es regnet, bleiben wir drin.|Hast du es schon neu gestartet?|Welche Version hast du?|Wie geht es dir heute?
Wo ich wohne, schneit es viel.|So funktioniert das.|Mein Kater versteht das auch nicht.|Wie gesagt, das Treffen fällt aus.|Wenn du das auswählst, gibt es keinen Rabatt.|Das kann man so machen.
"""
STUCK = """
I'm completely lost in these settings.|I don't know where to start with this.|I've tried everything and nothing works.|This form is driving me crazy.|I can't figure this out.|I'm so confused by the new menu.
I can't wrap my head around these options.|I'm at my wits' end with this thing.|I'm fed up with this tool.|I've been at this for hours.
Ich bin völlig verwirrt von diesen Einstellungen.|Ich weiß nicht weiter.|Ich habe alles versucht, nichts funktioniert.|Dieses Formular macht mich wahnsinnig.|Ich kriege es nicht hin.
Das ergibt keinen Sinn.|Keine Ahnung, wo ich anfangen soll.|Ich bin total überfordert, ich verstehe gar nichts.|Das ist zum Verzweifeln.
"""
needs, no_needs, stuck = (test_conflict_words.listed(texts) for texts in (NEEDS, NO_NEEDS, STUCK))
attacks = test_conflict_words.listed(test_conflict_words.PLAIN)
calm = test_conflict_words.listed(test_conflict_words.LOOK_ALIKES)
KEPT = SIGNS | HABITS
SEARCH = CatalogSearch(
    Resource(name, "how-to", "faq", {locale: Localised(title, "")})
    for name, locale, title in (
        ("invoice", "en", "How do I download an invoice?"),
        ("avatar", "en", "How do I change my profile picture?"),
        ("rechnung", "de", "Wie kann ich meine Rechnung herunterladen?"),
    )
)


@pytest.mark.parametrize("form", [*KEPT, *AROUND])
def test_a_need_stays_one(form: str) -> None:
    """By keyboards, platforms and habits, and within courtesies."""
    assert [text for text in needs if question_kind((KEPT | AROUND)[form](text)) is not QuestionKind.OWN_NEED] == []


@pytest.mark.parametrize("form", [*KEPT, *AROUND])
def test_what_is_no_need_becomes_none(form: str) -> None:
    """Answers, talk, and questions to somebody else."""
    assert [text for text in no_needs if question_kind((KEPT | AROUND)[form](text)) is QuestionKind.OWN_NEED] == []


@pytest.mark.parametrize("form", [*KEPT, *AROUND])
def test_who_is_lost_stays_so(form: str) -> None:
    """The same kinds, in the same order."""
    assert [text for text in stuck if frustration((KEPT | AROUND)[form](text)) != frustration(text)] == []
    assert all(map(frustration, stuck))


@pytest.mark.parametrize("form", KEPT)
def test_an_attack_stays_one_and_calm_words_stay_calm(form: str) -> None:
    """A bold word or a blank of another kind hides nothing, and makes nothing worse."""
    assert [text for text in attacks if heat(KEPT[form](text)) != HEATED] == []
    assert [text for text in calm if heat(KEPT[form](text)) == HEATED] == []


@pytest.mark.parametrize("form", [*SIGNS, "no apostrophes", "umlauts in two letters", *AROUND])
def test_the_page_that_answers_is_found(form: str) -> None:
    """And none where none answers."""
    typed = (KEPT | AROUND)[form]
    for text, name in (
        ("How can I download my invoice?", "invoice"),
        ("How do I change the profile picture?", "avatar"),
        ("Wie lade ich meine Rechnung herunter?", "rechnung"),
    ):
        found = SEARCH.answer(typed(text))
        assert found is not None, typed(text)
        assert found.resource == name
    assert SEARCH.answer(typed("How do I change my keyboard layout?")) is None


@pytest.mark.parametrize("form", [form for form in (*SIGNS, *AROUND) if form != "a line more"])
def test_the_same_need_stays_the_same_and_another_another(form: str) -> None:
    """Whether one of the two is typed so or both: no greeting makes two questions one."""
    typed = (KEPT | AROUND)[form]
    alike = [*short_questions.ALIKE_BEFORE, *short_questions.ALIKE]
    apart = [*short_questions.APART_BEFORE, *short_questions.APART]
    for pairs, least in ((alike, -2), (apart, -1)):
        plain = _merged(pairs)
        assert _merged([(first, typed(second)) for first, second in pairs]) - plain >= least
        assert _merged([(typed(first), typed(second)) for first, second in pairs]) - plain >= least
    assert _merged([(typed(first), typed(second)) for first, second in apart]) <= _merged(apart) + 1


def _merged(pairs: list[tuple[str, str]]) -> int:
    return sum(score >= SHIPPED_THRESHOLD for score in scores(pairs))


@pytest.mark.parametrize("first", [*needs[::3], *stuck[::4]])
def test_two_forms_at_once_change_nothing_either(first: str) -> None:
    """A platform's signs around a habit."""
    for sign, habit in product(SIGNS.values(), ("no apostrophes", "umlauts in two letters")):
        text = sign(HABITS[habit](first))
        assert question_kind(text) is question_kind(first), text
        assert frustration(text) == frustration(first), text


@given(st.sampled_from(needs), st.randoms(use_true_random=False))
def test_signs_that_are_not_seen_may_stand_anywhere(text: str, dice: Random) -> None:
    """Between any two letters."""
    parts = list(text)
    for _ in range(6):
        parts.insert(dice.randrange(1, len(parts)), "\u200b")
    assert question_kind("".join(parts)) is QuestionKind.OWN_NEED


def test_slips_take_little_away() -> None:
    """One slip a text, wherever it is: nine in ten needs, lost ones and insults are still noticed."""
    for texts, noticed, least in (
        (needs, lambda text: question_kind(text) is QuestionKind.OWN_NEED, 0.85),
        (stuck, lambda text: bool(frustration(text)), 0.8),
        (["You are such an idiot.", "You're a pathetic liar.", "Du bist ein Trottel.", "du dreckiger Lügner"], lambda text: heat(text) == HEATED, 0.6),
    ):  # fmt: skip
        slipped = [slip for text in texts for slip in _slips(text)]
        assert sum(map(noticed, slipped)) >= least * len(slipped)


def _slips(text: str) -> list[str]:
    """Return a text with two letters changed over, one doubled and one left out, in each longer word."""
    found = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        if len(word) >= 6 and word.isalpha():
            middle = at + len(word) // 2
            found += [
                text[:middle] + text[middle + 1] + text[middle] + text[middle + 2 :],
                text[:middle] + text[middle] + text[middle:],
                text[:middle] + text[middle + 1 :],
            ]
    return found


def test_the_fixtures_are_of_both_languages() -> None:
    """Else half of the forms would do nothing."""
    assert 0.3 < sum(map(is_german, needs)) / len(needs) < 0.7
