"""Word vectors learned from what an encoder says of texts."""

import numpy as np

from processors.text.word_vectors import WordVectors, cosine
from streams.evaluation.learning.teaching_texts import Corpus
from streams.evaluation.learning.word_vectors import DIMS, distil, frequent, table

WORDS = ["disk", "drive", "cake", "recipe", "rare"]


def _learned() -> WordVectors:
    """A made-up encoder for which disks and drives are one thing, cakes and recipes another; words alone tell it nothing."""
    dice = np.random.default_rng(3)
    alone, storage, food = (
        dice.normal(size=(len(WORDS), DIMS + 6)),
        dice.normal(size=DIMS + 6),
        dice.normal(size=DIMS + 6),
    )
    texts = ["disk drive", "the disk", "a drive", "cake recipe", "the cake", "a recipe"] * 40
    told = np.array([food if {"cake", "recipe"} & set(text.split()) else storage for text in texts])
    counts = {"disk": 80, "drive": 80, "cake": 70, "recipe": 70, "rare": 0}
    corpus = Corpus(texts, sorted(WORDS), 240, counts, {"rare": 9_000})
    words = frequent(corpus)
    vectors = distil(corpus, words, alone[: len(words)], told)
    again = distil(corpus, words, alone[: len(words)], told)
    assert table(corpus, words, vectors) == table(corpus, words, again), "the same bytes each time"
    return WordVectors(table(corpus, words, vectors))


def test_words_of_texts_alike_to_the_encoder_become_alike() -> None:
    """Whatever the encoder thinks of the words alone."""
    learned = _learned()
    disk, drive, cake = (learned.encode([word]) for word in ("disk", "drive", "cake"))
    assert cosine(disk, drive) > 800
    assert cosine(disk, cake) < 300


def test_common_stems_are_known_as_common() -> None:
    """By their share of the messages, or by their rank in general; a stem of no word is the rarest."""
    learned = _learned()
    assert learned.rarity("disk") < learned.rarity("rare") < learned.rarity("frobnicator")
