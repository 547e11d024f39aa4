"""Which resource answers a question: the catalog searched by words and meaning, with "none" where nothing surely does."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from processors.resources import Localised, Resource
from processors.text.normalise import fresh_words
from processors.text.similarity import (
    Words,
    all_texts,
    likeness,
    others_with,
    rarity_here,
    read_words,
    terms,
    weighted,
)
from processors.text.word_vectors import LENGTH, SHIPPED, WordVectors

# Thousandths. A wrong answer costs more trust than a missing one: of 856 rewordings of 109 frequent questions this
# answers two thirds, of 4,087 questions that the catalog could not answer seven.
SURE = 470
LIKE = 500  # the likeness alone: below it unrelated questions are alike by chance
FOUND = 500  # share of the weight of words asked for that a resource must hold to be shown on request
CONTENT_MIN = 2  # fewer content words say too little
PROBES = 4  # rarest stems looked up
COMPARED = 4  # entries compared in full, of those found by words and of those found by meaning
MEANT = 600 * LENGTH * LENGTH // 1000  # least product of two vectors whose texts are compared
SENTENCE_FROM = 160  # characters; of longer texts the last sentence with a question mark is the question
_ENDS = ".!?\n"


class Match(NamedTuple):
    """A resource, the language of its text that was found, and the score in thousandths."""

    resource: str
    locale: str
    score: int


class _Entry(NamedTuple):
    """One wording of what a resource answers: its title, or one of its `answers`."""

    resource: str
    locale: str
    words: Words
    weights: dict[str, int]


class CatalogSearch:
    """The searchable resources of a catalog, in all their languages; built once, then only read."""

    def __init__(self, resources: Iterable[Resource], encoder: WordVectors = SHIPPED) -> None:
        self._encoder = encoder
        texts = [
            (resource.id, locale, text)
            for resource in resources
            if is_searchable(resource)
            for locale, text in sorted(resource.locales.items())
        ]
        wordings = [
            (name, locale, _without_unknown(read_words(wording, encoder)))
            for name, locale, text in texts
            for wording in (text.title, *text.answers)
        ]
        self._rarity = _Rarity((words for _, _, words in wordings), encoder)
        self._entries = [
            _Entry(name, locale, words, weighted(words, self._rarity)) for name, locale, words in wordings if words.stems
        ]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for row, entry in enumerate(self._entries):
            for stem in entry.words.stems:
                self._postings[stem].append(row)
        self._rows = np.zeros((len(self._entries), encoder.dims), dtype=np.float32)
        for row, entry in enumerate(self._entries):
            if entry.words.vector:
                self._rows[row] = _floats(entry.words.vector)
        self._pages: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        for name, locale, text in texts:
            for stem in terms_of(text):
                self._pages[stem][name, locale] = None

    def answer(self, question: str, without: frozenset[str] = frozenset()) -> Match | None:
        """Return the resource that answers a question, None where none surely does.

        The score is the likeness of the best wording, raised by how far the next resource is behind: (2 l + (l - l2)) / 3.
        `without` names resources that are left out.
        """
        if not self._entries:
            return None
        words = _without_unknown(read_words(asked(question), self._encoder))
        if words.content < CONTENT_MIN:
            return None
        best = self._alike(words, without)
        if not best or best[0].score < LIKE:
            return None
        first = best[0]
        second = next((one.score for one in best if one.resource != first.resource), 0)
        score = first.score - second // 3
        return first._replace(score=score) if score >= SURE else None

    def find(self, words: str, most: int = 3) -> list[Match]:
        """Return the resources that hold the most of the words asked for, best first; scores are shares of their weight."""
        wanted = {stem: self._rarity.of(stem) for stem in terms(words)}
        held: dict[tuple[str, str], int] = defaultdict(int)
        for stem, weight in wanted.items():
            for page in self._pages.get(stem, ()):
                held[page] += weight
        whole = max(1, sum(wanted.values()))
        best: dict[str, Match] = {}
        for (name, locale), weight in sorted(held.items(), key=lambda one: (-one[1], one[0])):
            if weight * 1000 >= FOUND * whole:
                best.setdefault(name, Match(name, locale, weight * 1000 // whole))
        return list(best.values())[:most]

    def _alike(self, words: Words, without: frozenset[str]) -> list[Match]:
        """Return the wordings most alike, best first (scores are their likeness)."""
        weights = weighted(words, self._rarity)
        found = []
        for row in sorted({*self._by_words(weights), *self._by_meaning(words.vector)}):
            entry = self._entries[row]
            if entry.resource not in without:
                score = likeness(words, entry.words, weights, entry.weights)
                found.append(Match(entry.resource, entry.locale, score))
        return sorted(found, key=lambda one: (-one.score, one.resource, one.locale))

    def _by_words(self, weights: Mapping[str, int]) -> list[int]:
        """Return the entries that share the most weight in the rarest stems."""
        known = [stem for stem in weights if stem in self._postings]
        shared: dict[int, int] = defaultdict(int)
        for stem in sorted(known, key=lambda stem: (-weights[stem], stem))[:PROBES]:
            for row in self._postings[stem]:
                shared[row] += weights[stem]
        return sorted(shared, key=lambda row: (-shared[row], row))[:COMPARED]

    def _by_meaning(self, vector: bytes) -> list[int]:
        """Return the entries of the largest products; float32 holds these exactly, they stay below 2^24."""
        if not vector:
            return []
        products = self._rows @ _floats(vector)
        least: float = MEANT
        if len(products) > COMPARED:
            least = max(least, float(np.partition(products, -COMPARED)[-COMPARED]))
        return [int(row) for row in np.flatnonzero(products >= least)[:COMPARED]]


class _Rarity:
    """How rare stems are among the wordings of the catalog and in general."""

    def __init__(self, texts: Iterable[Words], encoder: WordVectors) -> None:
        all_of_them = list(texts)
        counts = Counter(stem for words in all_of_them for stem in words.stems)
        self._all, self._encoder = all_texts(len(all_of_them)), encoder
        self._known = {stem: self._count(stem, count) for stem, count in counts.items()}

    def of(self, stem: str) -> int:
        """Return the rarity of a stem in 1/256 of a bit."""
        return self._known.get(stem) or self._count(stem, 0)

    def _count(self, stem: str, count: int) -> int:
        return rarity_here(self._all, count, others_with(self._encoder.rarity(stem)))


def is_searchable(resource: Resource) -> bool:
    """Tell whether a resource may be found: helplines are never an answer to a question, and not what says so itself."""
    return resource.searchable and not resource.retired and resource.kind != "helpline"


def asked(text: str) -> str:
    """Return what is asked: of a long text the last sentence with a question mark, if it has one."""
    if len(text) <= SENTENCE_FROM:
        return text
    words = fresh_words(text)
    end = words.rfind("?")
    if end < 0:
        return words
    begin = max(words.rfind(mark, 0, end) for mark in _ENDS) + 1
    return words[begin : end + 1]


def terms_of(text: Localised) -> tuple[str, ...]:
    """Return the content stems under which a text is found on request."""
    parts = (text.title, *text.answers, text.summary, *text.body.split("\n"))
    return tuple(dict.fromkeys(stem for part in parts for stem in terms(part)))


def _without_unknown(words: Words) -> Words:
    """Return the words without a vector where it knows none of them, so that the words alone are compared."""
    return words if any(words.vector) else words._replace(vector=b"")


def _floats(vector: bytes) -> Any:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)
