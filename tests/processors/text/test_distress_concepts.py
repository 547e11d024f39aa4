"""What adds up: many small words of suffering of the author, and little of anything else."""

import pytest

from processors.text.distress import LANGUAGES, assess
from processors.text.distress_concepts import ENOUGH, TOKENS_MAX, WORTHS, Concepts

NOTHING: tuple[str, ...] = ()
FELT = ["i", "feel", "so", "lonely", "every", "night"]


@pytest.mark.parametrize(
    "text",
    [
        "i have this lump in my throat all day and my heart feels so heavy",
        "been stuck in bed with this sadness for days",
        "i keep waking up at night with this awful dread in my stomach",
        "i sit in my room every evening and cry and i feel so ashamed of myself",
        "ich werd langsam wahnsinnig vor Einsamkeit in dieser Wohnung",
        "ich hab den ganzen Tag so einen Kloß im Hals und könnte nur weinen",
        "ich zieh mich nur noch zurück und schäme mich so für mich selbst",
    ],
)
def test_small_words_of_suffering_add_up_to_strain(text: str) -> None:
    """Nothing of it is said in a certain way; no more than T1 comes of it."""
    assert assess(text).tier == 1


@pytest.mark.parametrize(
    "text",
    [
        "i have this awful bug in my build all day and my laptop feels so slow",
        "been stuck in level nine with this sword for days",
        "he sits in his room every evening and cries and feels so ashamed of himself",
        "i am not sad, i sleep well every night",
        "i was so lonely and so sad back then",
        "you must feel so lonely and so sad, i am sorry",
        "lol i was crying so hard, that was the saddest song of my life",
        "so tired, going to bed",
        "ich hab den ganzen Tag so einen Fehler im Code und könnte nur schreien",
        "ich bin nicht traurig, ich schlafe jede Nacht gut",
        "damals war ich so einsam und so traurig",
        "bin müde, ich geh ins Bett",
        "du bist sicher so traurig und so einsam, das tut mir leid",
    ],
)
def test_of_things_others_jest_and_the_past_it_does_not(text: str) -> None:
    """Nor where it is denied, or but a little of it."""
    assert assess(text).tier == 0


def test_words_of_anything_else_count_against_it() -> None:
    """The more of them, the less is left."""
    concepts = Concepts("en", NOTHING, NOTHING, NOTHING)
    assert concepts.adds_up([FELT]) == (0, 0)
    assert concepts.adds_up([[*FELT, "near", "xylem", "quartz", "basalt", "gneiss"]]) is None


def test_a_long_message_is_not_added_up() -> None:
    """It says it in more ways than one, which are looked for elsewhere."""
    times = TOKENS_MAX // len(FELT)
    concepts = Concepts("en", NOTHING, NOTHING, NOTHING)
    assert concepts.adds_up([FELT] * times) is not None
    assert concepts.adds_up([FELT] * (times + 1)) is None


def test_nobody_but_the_author_adds_up() -> None:
    """Where the author's first word stands is told; without one there is nothing to tell."""
    concepts = Concepts("en", NOTHING, NOTHING, NOTHING)
    assert concepts.adds_up([["yes"], ["so", *FELT]]) == (1, 1)
    assert concepts.adds_up([["feels", *FELT[2:], "and", "sad"]]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_alone_never_adds_up(language: str) -> None:
    """However strong: a keyword is no statement."""
    concepts = Concepts(language, NOTHING, NOTHING, NOTHING)
    own = "i" if language == "en" else "ich"
    assert [word for word in sorted(concepts.suffered) if concepts.adds_up([[own], [word]])] == []
    assert max(WORTHS.values()) < ENOUGH
