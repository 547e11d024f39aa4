"""Clauses: whose they are, and what takes a statement back; held by products of plain parts, and by what stays severe."""

from collections.abc import Callable, Iterator

import pytest

from processors.text.distress import GRAMMARS, assess
from tests.processors.text import distress_products as products


@pytest.mark.parametrize(
    "texts", [products.of_others_en, products.of_others_de, products.taken_back_en, products.taken_back_de]
)
def test_what_is_of_others_denied_or_over_is_never_severe(texts: Callable[[], Iterator[str]]) -> None:
    """Third persons, told and quoted speech, denial, past, advice: each with each statement."""
    assert [text for text in texts() if assess(text).tier > 1] == []


@pytest.mark.parametrize("texts", [products.own_en, products.own_de])
def test_the_same_of_oneself_and_now_is_severe(texts: Callable[[], Iterator[str]]) -> None:
    """With time words, hedges, reasons and other people in the same sentence, whatever the apostrophes."""
    assert [text for text in texts() if assess(text).tier < 2] == []


@pytest.mark.parametrize(
    "text",
    [
        "I no longer want to live.",
        "I have no desire to continue living.",
        "I don't think I want to be alive anymore.",
        "She makes me want to jump off a bridge.",
        "My mother died last year and I want to die.",
        "My brother is everything to me, but I'm going to kill myself.",
        "Part of me wants to jump in front of a train.",
        "He texted me and now I want to end my life.",
        "I haven't stopped thinking about suicide.",
        "Since 2015 I have wanted to die, and I want to die now.",
        "Ich will nicht mehr leben.",
        "Ein Teil von mir will sterben.",
        "Ich kann nicht aufhören, daran zu denken, mich umzubringen.",
        "Meine Mutter fehlt mir so, ich will nicht mehr leben.",
        "Ich habe keine Kraft mehr, ich will mich umbringen.",
        "ich will sterben ich kann nicht mehr",
        "Er hat mich verlassen und ich bringe mich um.",
        "Ich glaube, dass mich niemand vermissen würde.",
        "Früher war ich glücklich, jetzt will ich nur noch sterben.",
        "My friends texted me, but I want to kill myself.",
    ],
)
def test_others_and_denials_beside_it_take_nothing_from_it(text: str) -> None:
    """Who else is named, what is denied of life, and what was said before."""
    assert assess(text).tier >= 2


def _whose(text: str, language: str, words: str) -> bool:
    """Tell whether words within a text are of somebody else."""
    tokens, said = text.split(), words.split()
    begin = next(place for place in range(len(tokens)) if tokens[place : place + len(said)] == said)
    return GRAMMARS[language].clauses.is_of_others(tokens, begin, begin + len(said))


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("my tenant wants to jump", "jump", True),
        ("part of me wants to jump", "jump", False),
        ("someone i know wants to jump", "jump", True),
        ("she makes me want to jump", "jump", False),
        ("my brother left , i want to jump", "jump", False),
        ("the voices say jump", "jump", False),
    ],
)
def test_an_english_clause_is_of_who_was_named_last(text: str, words: str, *, others: bool) -> None:
    """Persons and names with a verb, described or not; parts and voices of oneself are the author."""
    assert _whose(text, "en", words) == others


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("ich weiss , dass meine chefin springen will", "springen", True),
        ("meine chefin weiss , dass ich springen will", "springen", False),
        ("mein onkel denkt daran , zu springen", "springen", True),
        ("ich will zu meiner mutter , springen", "springen", False),
        ("ich kenne jemanden , der springen will", "springen", True),
        ("ein teil von mir will springen", "springen", False),
    ],
)
def test_a_german_clause_is_of_its_subject_or_of_that_before(text: str, words: str, *, others: bool) -> None:
    """The verb may stand last; a clause without a subject has that of the clause before."""
    assert _whose(text, "de", words) == others
