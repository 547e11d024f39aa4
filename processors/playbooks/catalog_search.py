"""Which resource answers a question: the catalog searched by words and meaning, with "none" where nothing surely does."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from processors.playbooks.resources import Resource
from processors.text.mended import mended
from processors.text.normalise import fresh_words, tokens
from processors.text.similarity import (
    Words,
    all_texts,
    apart,
    at_most,
    balanced,
    others_with,
    read_words,
    square,
    terms,
    texts_with,
    weighted,
)
from processors.text.word_vectors import LENGTH, SHIPPED, WordVectors, meaning

# Thousandths. A wrong answer costs more trust than a missing one: of 856 rewordings of 109 frequent questions this answers
# two thirds, none of them wrongly; the same questions without their answer in the catalog get one four times.
SURE = 470
LIKE = 500  # the likeness alone: below it unrelated questions are alike by chance
FOUND = 500  # share of the weight of words asked for that a resource must hold to be shown on request
CONTENT_MIN = 2  # fewer content words say too little
PROBES = 4  # rarest stems looked up
COMPARED = 4  # entries compared in full, of those found by words and of those found by meaning
MEANT = 600 * LENGTH * LENGTH // 1000  # least product of two vectors whose texts are compared
KEPT_MAX = 20_000  # stems whose rarity is kept
SEARCHES_MAX = 1024  # kept as answered: members look for the same
SENTENCE_FROM = 70  # characters; of longer texts the last sentence with a question mark is the question
WHOLE_MAX = 160  # of no longer ones the whole is, where that sentence says too little
_ENDS = ".!?\n"


class Match(NamedTuple):
    """A resource, the language of its text that was found, and the score in thousandths."""

    resource: str
    locale: str
    score: int


class _Entry(NamedTuple):
    """One wording of what a resource answers: its title, or one of its `answers`; `key` is its content stem that is rarest in general."""

    resource: str
    locale: str
    words: Words
    weights: dict[str, int]
    key: str


class CatalogSearch:
    """The searchable resources of a catalog, in all their languages; built once, then only read."""

    def __init__(self, resources: Iterable[Resource], encoder: WordVectors = SHIPPED) -> None:
        self._encoder = encoder
        self._kept = lru_cache(SEARCHES_MAX)(self._search)
        texts = [
            (resource, locale, text)
            for resource in resources
            if may_be_found(resource)
            for locale, text in sorted(resource.locales.items())
        ]
        wordings = [
            (resource.id, locale, wording)
            for resource, locale, text in texts
            if may_answer(resource)
            for wording in (text.title, *text.answers)
        ]
        read = {wording: read_words(wording, encoder) for _, _, wording in wordings}
        self._rarity = _Rarity((read[wording] for _, _, wording in wordings), encoder)
        self._entries = [
            _Entry(name, locale, read[wording], weighted(read[wording], self._rarity), self._key(wording))
            for name, locale, wording in wordings
            if read[wording].stems
        ]
        self._keys = frozenset(entry.key for entry in self._entries)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for row, entry in enumerate(self._entries):
            for stem in entry.words.stems:
                self._postings[stem].append(row)
        self._rows = np.zeros((len(self._entries), encoder.dims), dtype=np.float32)
        for row, entry in enumerate(self._entries):
            if entry.words.vector:
                self._rows[row] = _floats(entry.words.vector)
        self._pages: dict[str, dict[tuple[str, str], bool]] = defaultdict(dict)  # whether the stem is in a heading
        self._headings: dict[tuple[str, str], frozenset[str]] = {}
        for resource, locale, text in texts:
            headings = _stems(text.title, *text.answers)
            self._headings[resource.id, locale] = frozenset(tokens(" ".join((text.title, *text.answers))))
            asks = [branch.ask for branch in text.branches]
            for stem in headings | _stems(text.summary, *text.body.split("\n"), *text.steps, *asks):
                self._pages[stem][resource.id, locale] = stem in headings

    def _key(self, wording: str) -> str:
        return max(sorted(terms(wording)), key=self._encoder.rarity, default="")

    def answer(self, question: str, without: frozenset[str] = frozenset()) -> Match | None:
        """Return the resource that answers a question, None where none surely does.

        The score is the likeness of the best wording, raised by how far the next resource is behind: (2 l + (l - l2)) / 3.
        `without` names resources that are left out.
        """
        question = asked(question)
        said = apart(question)
        if said.content < CONTENT_MIN or self._keys.isdisjoint(said.stems):  # most questions leave here
            return None
        words = read_words(question, self._encoder)
        best = self._alike(words, without)
        if not best or best[0][0] < LIKE:
            return None
        likest, first = best[0]
        second = next((score for score, entry in best if entry.resource != first.resource), 0)
        score = likest - second // 3
        # "How do I turn it off?" is not yet about notifications.
        if score < SURE or first.key not in words.stems:
            return None
        return Match(first.resource, first.locale, score)

    def find(self, words: str, without: frozenset[str] = frozenset(), most: int = 3) -> list[Match]:
        """Return the resources that hold the most of the words asked for, best first; scores are shares of their weight.

        Of those that hold as much, the one that has more of it in its title or among the questions it answers is better, then the
        one that has the very words there: "password" and "Passwort" are of one stem.
        `without` names resources that are left out.
        """
        return list(self._kept(words, without)[:most])

    def _search(self, words: str, without: frozenset[str]) -> tuple[Match, ...]:
        stems = terms(words)
        wanted = dict(zip(stems, self._rarity.of_all(stems), strict=True))
        held: dict[tuple[str, str], tuple[int, int]] = {}
        for stem, weight in wanted.items():
            for page, heading in self._pages.get(stem, {}).items():
                anywhere, in_headings = held.get(page, (0, 0))
                held[page] = anywhere + weight, in_headings + weight * heading
        whole = max(1, sum(wanted.values()))
        best: dict[str, Match] = {}
        said = frozenset(tokens(words))
        ranked = {
            page: (weight, named, len(said & self._headings[page])) for page, (weight, named) in sorted(held.items())
        }
        for (name, locale), (weight, _, _) in sorted(ranked.items(), key=lambda one: one[1], reverse=True):
            if weight * 1000 >= FOUND * whole and name not in without:
                best.setdefault(name, Match(name, locale, weight * 1000 // whole))
        return tuple(best.values())

    def _alike(self, words: Words, without: frozenset[str]) -> list[tuple[int, _Entry]]:
        """Return the wordings most alike with their likeness, best first; nothing where none can be at least `LIKE`."""
        weights, products = weighted(words, self._rarity), self._products(words.vector)
        squares = {stem: weight * weight for stem, weight in weights.items()}
        compared, length, hopeful = [], sum(squares.values()), False
        for row in sorted({*self._by_words(weights), *_largest(products)}):
            entry = self._entries[row]
            if entry.resource not in without:
                # Without a vector on both sides a meaning is as unknown as can be: not alike at all.
                known = len(entry.words.vector) == len(words.vector)
                meant = (meaning(int(products[row])) if len(products) else 0) if known else None
                compared.append((entry, meant))
                hopeful = hopeful or at_most(squares, length, entry.words.stems, meant) >= LIKE
        if not hopeful:  # most questions are answered by no page: then none is compared in full
            return []
        found = [
            (balanced(weights, entry.weights, meant, length, square(entry.weights)), entry) for entry, meant in compared
        ]
        return sorted(found, key=lambda one: (-one[0], one[1].resource, one[1].locale))

    def _by_words(self, weights: Mapping[str, int]) -> list[int]:
        """Return the entries that share the most weight in the rarest stems."""
        known = [stem for stem in weights if stem in self._postings]
        shared: dict[int, int] = defaultdict(int)
        for stem in sorted(known, key=lambda stem: (-weights[stem], stem))[:PROBES]:
            for row in self._postings[stem]:
                shared[row] += weights[stem]
        return sorted(shared, key=lambda row: (-shared[row], row))[:COMPARED]

    def _products(self, vector: bytes) -> Any:
        """Return the product with each entry, nothing without a vector; float32 holds them exactly, they stay below 2^24."""
        return self._rows @ _floats(vector) if vector else ()


def _largest(products: Any) -> list[int]:
    """Return the entries of the largest products; of most questions there is none."""
    if not len(products) or products.max() < MEANT:
        return []
    least: float = MEANT
    if len(products) > COMPARED:
        least = max(least, float(np.partition(products, -COMPARED)[-COMPARED]))
    found: list[int] = np.flatnonzero(products >= least)[:COMPARED].tolist()
    return found


class _Rarity:
    """How rare stems are among the wordings of the catalog and in general."""

    def __init__(self, texts: Iterable[Words], encoder: WordVectors) -> None:
        all_of_them = list(texts)
        counts = Counter(stem for words in all_of_them for stem in words.stems)
        self._all, self._encoder = all_texts(len(all_of_them)), encoder
        self._known = {stem: self._count(stem, count) for stem, count in counts.items()}
        self._others: dict[str, int] = {}  # stems of questions that no wording has: kept, for they come again

    def of_all(self, stems: tuple[str, ...]) -> list[int]:
        """Return the rarity of each stem in 1/256 of a bit."""
        known, others = self._known.get, self._others.get
        return [known(stem) or others(stem) or self._other(stem) for stem in stems]

    def _other(self, stem: str) -> int:
        if len(self._others) >= KEPT_MAX:
            self._others.clear()
        rarity = self._others[stem] = self._count(stem, 0)
        return rarity

    def _count(self, stem: str, count: int) -> int:
        return max(1, self._all - texts_with(count, others_with(self._encoder.rarity(stem))))


def may_be_found(resource: Resource) -> bool:
    """Tell whether a resource may be shown to whoever asks the bot for it; nobody is sent to a helpline nobody checked."""
    if resource.search == "never" or resource.retired or resource.private:
        return False
    return resource.kind != "helpline" or resource.verified


def may_answer(resource: Resource) -> bool:
    """Tell whether a resource may answer a question unasked; a helpline never does."""
    return resource.search == "answers" and may_be_found(resource) and resource.kind != "helpline"


def asked(text: str) -> str:
    """Return what is asked: of a long text the last sentence with a question mark, if it has one."""
    text = mended(text)
    if len(text) <= SENTENCE_FROM:
        return text
    words = fresh_words(text)
    end = words.rfind("?")
    if end < 0:
        return words
    begin = max(words.rfind(mark, 0, end) for mark in _ENDS) + 1
    sentence = words[begin : end + 1]
    return words if len(text) <= WHOLE_MAX and apart(sentence).content < CONTENT_MIN else sentence


def _stems(*parts: str) -> set[str]:
    """Return the content stems of texts; only looked up, never gone through, so that their order decides nothing."""
    return {stem for part in parts for stem in terms(part)}


def _floats(vector: bytes) -> Any:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)
