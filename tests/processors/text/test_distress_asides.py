"""Asides are taken out, and a question that is answered of oneself is a statement."""

import pytest

from processors.text.distress import GRAMMARS, assess
from processors.text.distress_asides import Asides

ASIDES = Asides(
    {
        "said": "as the title says | (no/not a) joke",
        "answers": "i do | that is me",
        "denials": "i do not",
        "heads": "(do/does) (you/anyone) (/ever) = i ; are you = i am",
        "words": "you | anyone = i ; your = my ; without you = without me",
    },
    frozenset({"often", "every day"}),
    frozenset({"when"}),
)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("as the title says , i am tired", "i am tired"),
        ("no joke i am tired", "i am tired"),
        ("the title is a joke", "the title is a joke"),
        ("do you ever cry ? | i do", "i cry | i do"),
        ("does anyone think they live without you ? | i do every day", "i think they live without me | i do every day"),
        ("are you tired of your life ? | that is me", "i am tired of my life | that is me"),
        ("do you cry , because that is me", "i cry , because that is me"),
        ("do you cry ? | i do think so", "do you cry ? | i do think so"),
        ("do you cry ? | often", "do you cry ? | often"),
        ("do you cry ? | i do not when it rains", "i do not when it rains"),
        ("he asked me why then do you cry ? | i do", "he asked me why then i cry | i do"),
        ("he asked me the day before why do you cry ? | i do", "he asked me the day before why do you cry ? | i do"),
    ],
)
def test_asides_go_and_questions_are_answered(said: str, read: str) -> None:
    """What is no aside, no question at the beginning or no answer stays as it is."""
    assert ASIDES.read([one.split() for one in said.split(" | ")]) == [one.split() for one in read.split(" | ")]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_an_aside_leaves_of_nothing_is_nothing(language: str) -> None:
    """A sentence that is nothing but an aside goes, and nothing is left of a text of such."""
    assert GRAMMARS[language].asides.read([["update", ":"]]) == []


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("TW: suicide. I want to kill this process.", 0),
        ("Update: I want to die.", 2),
        ("As the title says, I want to die.", 2),
        ("Ehrlich gesagt mag ich nicht mehr leben.", 2),
        ("Do you ever want to die? because I do", 2),
        ("Do you ever want to die? Just curious.", 0),
        ("Does anyone know how to kill a process? I do", 0),
        ("Kennt ihr das, wenn man sich das Leben nehmen will? So geht es mir.", 3),
        ("Kennt ihr das, wenn man sterben will? Mir geht es nicht so.", 0),
        ("Do you ever?", 0),
    ],
)
def test_a_message_is_read_without_them(text: str, tier: int) -> None:
    """Warnings and titles say nothing, answers do."""
    assert assess(text).tier == tier
