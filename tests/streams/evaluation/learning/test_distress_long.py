"""What long texts are worth is learned from examples, the same again, and from texts of our own that are in the tree."""

import pytest

from processors.text.distress import GRAMMARS, concepts_of
from processors.text.distress_long import WORDS_MIN, LongTexts, Worths
from streams.evaluation.learning.distress_long import LARGEST, Example, learn, own, words

HEAVY, CALM = "i lie awake and i feel so lonely and afraid", "i bake bread and i play the flute on sundays"
SCHWER, RUHIG = "ich liege wach und bin so einsam und traurig", "ich backe brot und spiele sonntags flöte"
ROWS = [
    *[Example(HEAVY, "en", True, 1.0), Example(CALM, "en", False, 0.5)] * 20,
    *[Example(SCHWER, "de", True, 1.0), Example(RUHIG, "de", False, 1.0)] * 5,
]


@pytest.fixture(scope="module")
def worths() -> Worths:
    """Return what the rows teach."""
    return learn(ROWS)


def test_the_same_examples_give_the_same_worths(worths: Worths) -> None:
    """In each part of them."""
    assert learn(ROWS) == worths


@pytest.mark.parametrize(("language", "heavy", "calm"), [("en", HEAVY, CALM), ("de", SCHWER, RUHIG)])
def test_what_was_heavy_weighs_more_than_what_was_calm(worths: Worths, language: str, heavy: str, calm: str) -> None:
    """In each language, of which calm texts count as much as heavy ones however many there are."""
    kinds = GRAMMARS[language].words
    read = LongTexts(language, concepts_of(language).kinds, kinds, kinds["me"], worths)
    assert read.log_odds(words(heavy)) > 0 > read.log_odds(words(calm))


def test_concepts_teach_what_no_example_says(worths: Worths) -> None:
    """A word of suffering that was in no text weighs towards distress, for its concept was."""
    kinds = GRAMMARS["en"].words
    read = LongTexts("en", concepts_of("en").kinds, kinds, kinds["me"], worths)
    assert read.log_odds(["desperate"]) > read.log_odds(["flour"])


def test_worths_of_words_fit_in_a_byte() -> None:
    """However sure an example is."""
    one_sided = learn([Example(HEAVY, "en", True, 9.0), Example(CALM, "en", False, 9.0)] * 400)
    assert max(map(abs, memoryview(one_sided.buckets).cast("b"))) <= LARGEST


@pytest.mark.parametrize("language", ["en", "de"])
def test_our_own_texts_are_long_and_of_both_kinds(language: str) -> None:
    """Each is written once; more are calm, for these are what no collection holds."""
    texts = own(language)
    assert len({text for _, text in texts}) == len(texts)
    assert all(len(words(text)) >= WORDS_MIN for _, text in texts)
    distressed = sum(kind for kind, _ in texts)
    assert 0 < distressed < len(texts) - distressed
