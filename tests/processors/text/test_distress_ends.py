"""Statements amid sentences that nobody parted: found as when they stand alone, and taken back as when they stand alone."""

import random
from collections.abc import Callable, Iterator

import pytest

from processors.text.distress import GRAMMARS, assess
from processors.text.distress_parts import Parts
from processors.text.distress_reading import own_words, pieces, sentences
from processors.text.distress_walk import Match
from streams.evaluation.learning.ends import Places, joined, learn, places_of, starts_of
from tests.processors.text import distress_products as products

CALM_EN = (
    "my sister called me this morning", "it has been raining all day", "yesterday we went for a walk", "he said that he will be late", "the rent went up again",
    "i told her everything", "we were at the dentist", "she has not texted me back", "nobody noticed it", "i read a book on the bus", "when i got home i made tea", "it was a long week",
)  # fmt: skip
CALM_DE = (
    "meine schwester hat angerufen", "es regnet schon den ganzen tag", "gestern haben wir einen film gesehen", "er hat gesagt dass er später kommt", "die miete wird teurer",
    "ich habe ihr alles erzählt", "wir waren gestern beim arzt", "keiner hat es gemerkt", "die prüfung ist in zwei wochen", "ich habe die wohnung geputzt", "wir haben suppe gekocht",
)  # fmt: skip
SEVERE_EN = (
    "i want to kill myself", "i dont want to be alive anymore", "i wish i was dead", "i have been thinking about suicide every day", "i cut myself again last night", "i feel suicidal",
    "im so tired of living", "i have nothing left to live for", "i have a plan to kill myself",
)  # fmt: skip
SEVERE_DE = (
    "ich will sterben", "ich will nicht mehr leben", "ich habe suizidgedanken", "ich habe mich wieder geritzt", "ich will mich umbringen", "ich bin suizidal", "ich hoffe dass ich morgen nicht mehr aufwache",
    "mein leben hat keinen sinn mehr",
)  # fmt: skip
BETWEEN = (" ", ", ", " and ")
BETWEEN_DE = (" ", ", ", " und ")


def _amid(statement: str, calm: tuple[str, ...], between: tuple[str, ...], dice: random.Random) -> str:
    before, after = dice.sample(calm, dice.randint(0, 3)), dice.sample(calm, dice.randint(1, 3))
    return dice.choice(between).join([*before, statement, *after])


@pytest.mark.parametrize(
    ("statements", "calm", "between", "least"),
    [(SEVERE_EN, CALM_EN, BETWEEN, 0.95), (SEVERE_DE, CALM_DE, BETWEEN_DE, 0.95)],
    ids=["English", "German"],
)
def test_what_is_severe_alone_is_so_where_marks_are_missing(
    statements: tuple[str, ...], calm: tuple[str, ...], between: tuple[str, ...], least: float
) -> None:
    """Between sentences that say who said, read or saw something, with blanks, commas, or "and" alone."""
    dice = random.Random(1)
    texts = [_amid(one, calm, between, dice) for one in statements for _ in range(40)]
    lost = [text for text in texts if assess(text).tier < 2]
    assert len(lost) <= (1 - least) * len(texts), lost[:5]


@pytest.mark.parametrize(
    ("texts", "calm", "between", "most"),
    [
        (products.of_others_en, CALM_EN, BETWEEN, 0.01),
        (products.of_others_de, CALM_DE, BETWEEN_DE, 0.01),
        (products.taken_back_en, CALM_EN, BETWEEN, 0.05),
        (products.taken_back_de, CALM_DE, BETWEEN_DE, 0.1),
    ],
)
def test_what_is_of_others_denied_or_over_stays_so_where_marks_are_missing(
    texts: Callable[[], Iterator[str]], calm: tuple[str, ...], between: tuple[str, ...], most: float
) -> None:
    """Hardly ever severe; before sentences were parted it was so more often, for others' words lay beside those of the author."""
    dice = random.Random(2)
    chosen = dice.sample(list(texts()), 150)
    made = [
        _amid(one.rstrip(".").lower().replace(",", "").replace("'", "").replace(":", ""), calm, between, dice)
        for one in chosen
    ]
    severe = [text for text in made if assess(text).tier > 1]
    assert len(severe) <= most * len(made), severe[:5]


@pytest.mark.parametrize(
    "text",
    [
        "it was a long week and nobody noticed it but my friend told me i want to die",
        "yesterday we went for a walk and my mother asked whether i feel suicidal",
        "we were at the dentist and later at home it is not that i want to die",
        "it has been raining all day and when i was 16 i wanted to kill myself",
        "the rent went up again and we talked and she wrote i cant do this i want to die",
        "gestern haben wir einen film gesehen meine freundin hat mir geschrieben ich will sterben",
        "es regnet schon den ganzen tag meine ärztin hat gefragt ob ich mich umbringen will",
    ],
)
def test_nothing_begins_behind_what_holds_on_to_it(text: str) -> None:
    """A verb of saying, "whether", "not that", "when I was", what somebody else wrote."""
    assert assess(text).tier < 2


def _parts(language: str, text: str) -> list[str]:
    grammar = GRAMMARS[language]
    found = sentences(pieces(own_words(text)), grammar.vocabulary)
    whole, begun = grammar.ends.completed(found, grammar.implied.completed)
    begins = begun.get(0, [0])
    return [" ".join(whole[0][begin:end]) for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def test_sentences_begin_where_nobody_marked_them() -> None:
    """Not within a short one, which is taken as it is."""
    assert _parts("en", "we went for a walk yesterday she lost her keys again i am so tired") == [
        "we went for a walk yesterday",
        "she lost her keys again",
        "i am so tired",
    ]
    assert _parts(
        "de", "gestern waren wir im kino ich habe die ganze wohnung geputzt meine mutter kommt am sonntag"
    ) == [
        "gestern waren wir im kino",
        "ich habe die ganze wohnung geputzt",
        "meine mutter kommt am sonntag",
    ]
    assert _parts("en", "we walked home i am tired") == ["we walked home i am tired"]


def test_a_statement_stands_in_its_part_even_where_it_goes_on_over_a_beginning() -> None:
    """Of "a b | really d | e": what reaches over a beginning keeps both parts, but for fillers at its end."""
    parts = Parts([["a", "b", "really", "d", "e"]], {0: [0, 2, 4]}, GRAMMARS["en"], short=False)
    assert parts.part_of(0, Match("wish", 2, 4, "I")) == (["really", "d"], Match("wish", 0, 2, "I"))
    assert parts.part_of(0, Match("wish", 1, 4, "I")) == (["a", "b", "really", "d"], Match("wish", 1, 4, "I"))
    assert parts.part_of(0, Match("wish", 0, 3, "I")) == (["a", "b"], Match("wish", 0, 2, "I"))
    assert parts.near(0, Match("wish", 4, 5, "I")) == [["really", "d", "e"]]


def test_beginnings_are_learned_from_marks() -> None:
    """Words that begin sentences again and again weigh for a beginning, names of accounts are never learned."""
    texts = ["We went home. I slept. @somebody was there. I slept again!"] * 60
    made = joined(texts, "en")
    starts = frozenset(starts_of(made, "en"))
    assert "i" in starts
    assert not any("@" in word for word in starts)
    places = places_of(made, starts, "en")
    assert isinstance(places, Places)
    _, weights = learn(places)
    assert weights["preceding", "i", "home"] > 0
