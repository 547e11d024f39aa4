"""What a message as a whole denies: death is not wished for, hardship is not had."""

import pytest

from processors.text.distress import GRAMMARS, assess
from processors.text.distress_whole import disowned, hardships

EN = GRAMMARS["en"]


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to die, and I'm not suicidal. I only think about death a lot. On bridges I sometimes imagine letting go.",
        "i dont want to die im not suicidal i just think about death every night",
        "I keep thinking that I shouldn't be here. I have never tried or considered suicide.",
        "ich bin nicht suizidal ich frage mich nur wie es wäre tot zu sein",
        "Ich will nicht sterben. Ich denke nur jeden Tag an den Tod.",
    ],
)
def test_who_does_not_want_to_die_is_noticed_and_not_severe(text: str) -> None:
    """Thoughts of death beside a plain denial are T1."""
    assert assess(text).tier == 1


@pytest.mark.parametrize(
    "text",
    [
        "I'm not suicidal but I wish I was dead.",
        "i keep telling everyone im not suicidal but i want to kill myself every night",
        "I don't want to die but I am going to kill myself tonight.",
        "Ich will nicht sterben, aber ich denke jeden Tag an Selbstmord.",
    ],
)
def test_a_denial_takes_nothing_from_what_follows_a_but_nor_from_a_plan(text: str) -> None:
    """Nor where it is what one tells others."""
    assert assess(text).tier >= 2


@pytest.mark.parametrize(
    "text",
    ["I am not sad and not lonely.", "i'm not sad and i'm not lonely today", "Ich bin nicht traurig und nicht einsam."],
)
def test_hardship_that_is_denied_is_none(text: str) -> None:
    """A keyword beside "not" is nothing to notice."""
    assert assess(text).tier == 0


def test_denied_words_of_hardship_are_not_counted_unless_they_are_said_again() -> None:
    """A filler or "feel" may stand between; "cannot stop" denies nothing of what follows."""
    assert hardships(EN, [["not", "lonely"], ["not", "so", "depressed"], ["anxiety"]]) == 1
    assert hardships(EN, [["not", "lonely"], ["lonely"], ["anxiety"]]) == 2
    assert hardships(EN, [["can", "not", "stop", "crying"], ["anxiety"]]) == 2


def test_a_denial_is_the_authors_and_told_to_nobody() -> None:
    """The sentence and the place behind it; none where somebody says so."""
    assert disowned(EN, [["well"], ["i", "do", "not", "want", "to", "die"]]) == [(1, 6)]
    assert disowned(EN, [["she", "does", "not", "want", "to", "die"]]) == []
    assert disowned(EN, [["i", "say", "i", "am", "not", "suicidal"]]) == []
