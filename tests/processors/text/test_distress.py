"""Distress: sincere, of the author, now; everything else is calm."""

import pytest

from processors.text.distress import assess


@pytest.mark.parametrize(
    "text",
    [
        "This bug is killing me",
        "kill the process with signal 9, then it is dead",
        "I want to die, three hours of rebasing lol",
        "> I feel hopeless\nhe wrote about his build",
        "I am not depressed, only tired",
        "Years ago I felt hopeless, I got help",
        'the song goes "I don\'t want to live on this planet"',
        "Mein Rechner will sterben",
    ],
)
def test_what_is_no_distress(text: str) -> None:
    """Idiom, jest, quotes, negation, past, titles and machines stay below every tier."""
    assert assess(text).tier == 0


@pytest.mark.parametrize("text", ["I feel completely hopeless tonight.", "Ich fühle mich so hoffnungslos."])
def test_a_sincere_statement_is_an_offer(text: str) -> None:
    """First person, present, meant: tier two, about oneself."""
    assert (assess(text).tier, assess(text).about) == (2, "self")


def test_worry_about_somebody_else_is_no_tier() -> None:
    """Concern for another is told apart and never severe."""
    assessment = assess("My best friend says that he wants to die.")
    assert (assessment.tier, assessment.about) == (0, "other")


def test_a_long_text_is_read_to_a_bound() -> None:
    """What stands beyond the bound is not read."""
    assert assess("fine " * 2000 + "I feel hopeless").tier == 0


@pytest.mark.parametrize("text", ["I can't go on internet since the update", "I feel hopeless at writing docs"])
def test_the_same_words_about_a_task_are_no_distress(text: str) -> None:
    """What follows the words decides: a thing that does not work, a skill one lacks."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    "text",
    [
        "I can’t go on like this.",
        "I don’t want to be here any more.",
        "Ich habe seit Wochen Suizidgedanken.",
        "ich kann einfach nicht mehr",
    ],
)
def test_the_gate_lets_spelling_variants_through(text: str) -> None:
    """Typographic apostrophes and words in between do not close the gate before the patterns are asked."""
    assert assess(text).tier >= 1


@pytest.mark.parametrize("text", ["My brother wants to kill himself", "Meine Freundin denkt an Selbstmord"])
def test_the_gate_lets_worry_about_others_through(text: str) -> None:
    """Words about him, her or them reach the third-person rule."""
    assert (assess(text).tier, assess(text).about) == (0, "other")
