"""Frames around a statement: what was told, read or over before a sentence turns to the author no longer holds."""

from collections.abc import Callable, Iterator

import pytest

from processors.text.distress import GRAMMARS, assess
from tests.processors.text import distress_frames as frames


@pytest.mark.parametrize("texts", [frames.own_en, frames.own_de])
def test_what_is_severe_alone_is_so_in_frames_of_every_day(texts: Callable[[], Iterator[str]]) -> None:
    """Apologies, questions to readers, hedges, reasons, what others say, titles, warnings; each with each statement."""
    assert [text for text in texts() if assess(text).tier < 2] == []


@pytest.mark.parametrize("texts", [frames.calm_en, frames.calm_de])
def test_what_is_not_severe_is_not_so_in_the_same_frames(texts: Callable[[], Iterator[str]]) -> None:
    """Others, denials, the past, suppositions, films, machines, idioms."""
    assert [text for text in texts() if assess(text).tier > 1] == []


@pytest.mark.parametrize(
    ("language", "text", "word", "turn"),
    [
        ("en", "he says it passes but i want", "want", "i"),
        ("en", "he left me two years ago and now i want", "want", "now"),
        ("en", "i read it and i want", "want", "i"),
        ("en", "they told me to post here , i want", "want", "i"),
        ("en", "they told everyone my secret , i want", "want", "i"),
        ("en", "they told my mother , i want", "want", ""),
        ("en", "he thinks i am weak and i want", "want", ""),
        ("en", "he wrote that he is tired and i want", "want", ""),
        ("en", "when he calls and i want", "want", ""),
        ("en", "years ago i was ill but i wanted", "wanted", ""),
        ("en", "years ago i was well , now i want", "want", "now"),
        ("en", "he said , i want", "want", ""),
        ("de", "sie sagt es geht vorbei , aber ich will", "will", "ich"),
        ("de", "letztes jahr ging es und jetzt will ich", "will", "jetzt"),
        ("de", "frueher war es gut , aber ich wollte", "wollte", ""),
        ("de", "sie sagt dass es vorbeigeht und ich will", "will", ""),
    ],
)
def test_a_sentence_turns_to_the_author_behind_a_whole_clause(language: str, text: str, word: str, turn: str) -> None:
    """Not within what somebody says, supposes or thinks, and not where the statement is of the time that was named."""
    tokens = text.split()
    begun = GRAMMARS[language].turns.begun(tokens, tokens.index(word), own=False)
    assert (tokens[begun] if begun else "") == turn


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("Nothing helped me so far, I want to die.", 2),
        ("Therapy helped for a while but I want to die.", 2),
        ("I wanted to die, but therapy helped me.", 0),
        ("Things got better for a bit but now I want to die.", 2),
        ("You're not alone, I want to die too.", 2),
        ("You're not alone, it gets better, I wanted to die too.", 0),
        ("There's no point in me being here any more, everyone would be better off.", 2),
        ("You might think I want to die.", 0),
        ("I want to die, he said he doesn't care.", 2),
        ("Nichts hat mir geholfen, ich will sterben.", 2),
        ("Sie ist gegangen, seitdem will ich sterben.", 2),
        ("Ich habe meiner Familie nicht gesagt, dass ich sterben will.", 2),
        ("Ich habe nie gesagt, dass ich sterben will.", 0),
        ("Es hat keinen Sinn mehr, dass ich lebe.", 2),
        ("Ich wäre lieber tot, als für den Verein zu spielen.", 0),
        ("Ich glaube, meine Therapeutin ist krank, ich will sterben.", 2),
        ("Meine Therapeutin sagt, ich will sterben.", 0),
    ],
)
def test_help_comfort_and_persons_hold_as_far_as_they_are_said_to(text: str, tier: int) -> None:
    """Help that is denied or was for a while, comfort by who feels the same, persons who are named and say nothing."""
    assert assess(text).tier == tier
