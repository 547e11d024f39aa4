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
        "the song goes \"I don't want to live on this planet\"",
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
