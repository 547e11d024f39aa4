"""Likeness of questions as the community stage judges it, with the frequencies of a window that has seen them all."""

from collections.abc import Iterable, Sequence

from processors.community.question_clusters import ALIKE
from processors.community.term_frequencies import TermFrequencies
from processors.text.similarity import Words, likeness, read_words, weighted
from processors.text.word_vectors import SHIPPED

SHIPPED_THRESHOLD = ALIKE / 1000


def scores(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Return the likeness (0 to 1) of each pair; each text counts once for how rare words are."""
    words = {text: read_words(text, SHIPPED) for text in dict.fromkeys(_texts(pairs))}
    frequencies = TermFrequencies({}, 0, SHIPPED)
    for one in words.values():
        frequencies.learn(one.stems)

    def score(a: Words, b: Words) -> float:
        return likeness(a, b, weighted(a, frequencies), weighted(b, frequencies)) / 1000

    return [score(words[a], words[b]) for a, b in pairs]


def _texts(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    for pair in pairs:
        yield from pair
