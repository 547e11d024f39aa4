"""Streaming clusters of questions: found by their rarest words and by their meaning, bounded and expiring."""

from collections import OrderedDict
from typing import Any

import numpy as np

from processors.community import ASKS_MAX, CLUSTERS_MAX, EXPIRES, Ask, Cluster, Page
from processors.term_frequencies import TermFrequencies
from processors.text.similarity import Words, likeness, weighted
from processors.text.word_vectors import LENGTH, WordVectors

# In thousandths. Set where at most one pair of unrelated questions in a thousand is taken for the same, in each of nine communities.
ALIKE = 550
PROBES = 6  # rarest stems looked up per question
POSTINGS = 48  # clusters looked at per stem, the latest
COMPARED = 3  # clusters compared in full, of those found by words and of those found by meaning
# The same words by several members within minutes are a raid or a feed, not so many wishes.
VERBATIM_STEMS, RAID = 5, 900  # so many stems at least; seconds
TIES_MAX = 64
MEANT_ALIKE = 600 * LENGTH * LENGTH // 1000  # least product of two vectors whose clusters are compared


class QuestionClusters:
    """The clusters of one community, and which of them were touched."""

    def __init__(self, clusters: list[Cluster], pages: dict[int, Page], questions: int, encoder: WordVectors) -> None:
        ordered = sorted(clusters, key=lambda one: (one.touched, one.number))
        self.live: OrderedDict[int, Cluster] = OrderedDict((one.number, one) for one in ordered)
        self.frequencies = TermFrequencies(pages, questions, encoder)
        self.touched: dict[int, Cluster | None] = {}
        self._index: dict[str, dict[int, None]] = {}
        self._matrix = _Matrix(encoder.dims)
        for one in sorted(clusters, key=lambda one: one.number):
            self._insert(one)

    def add(self, words: Words, ask: Ask, number: int) -> tuple[Cluster, list[Ask], float]:
        """Put an ask into the cluster most alike, or a new one of that number (larger than all before).

        Returns the cluster, its asks before this one, and the likeness (0 to 1; 0.0 for a new cluster).
        """
        self._expire(ask.time)
        found, score = self._nearest(words)
        self.frequencies.learn(words.stems)
        if found is None:
            cluster, before = Cluster(number, words.stems, [ask], counts=words.counts, vector=words.vector), []
            self.live[number] = cluster
            self._insert(cluster)
        else:
            cluster, before = found, list(found.asks)
            if (words.stems, words.counts) == (cluster.terms, cluster.counts) and len(words.stems) >= VERBATIM_STEMS:
                ask.copy = any(one.member != ask.member and ask.time - one.time <= RAID for one in before)
            cluster.asks = [*cluster.asks, ask][-ASKS_MAX:]
            cluster.count += 1
            self.live.move_to_end(cluster.number)
        cluster.touched = number
        self.touched[cluster.number] = cluster
        return cluster, before, score / 1000

    def _nearest(self, words: Words) -> tuple[Cluster | None, int]:
        """Return the cluster most alike, if it is at least `ALIKE`; a cluster is its first question, so that none drifts."""
        weights = weighted(words, self.frequencies)
        numbers = sorted({*self._by_words(weights), *self._matrix.nearest(words.vector)})
        best, best_score = None, ALIKE
        for number in numbers:
            cluster = self.live[number]
            other = Words(cluster.terms, cluster.counts, cluster.vector)
            score = likeness(words, other, weights, weighted(other, self.frequencies))
            if score >= best_score:
                best, best_score = cluster, score
        return best, best_score if best else 0

    def _by_words(self, weights: dict[str, int]) -> list[int]:
        """Return the clusters that share the most weight in the rarest stems."""
        rarest = sorted(weights, key=lambda stem: (-weights[stem], stem))[:PROBES]
        shared: dict[int, int] = {}
        for stem in rarest:
            postings = self._index.get(stem)
            if postings:
                for number, _ in zip(reversed(postings), range(POSTINGS), strict=False):
                    shared[number] = shared.get(number, 0) + weights[stem]
        return sorted(shared, key=lambda number: (-shared[number], -number))[:COMPARED]

    def _expire(self, now: int) -> None:
        while self.live:
            number, oldest = next(iter(self.live.items()))
            if len(self.live) < CLUSTERS_MAX and oldest.asks[-1].time > now - EXPIRES:
                return
            del self.live[number]
            self.touched[number] = None
            self._matrix.remove(number)
            for stem in oldest.terms:
                del self._index[stem][number]
                if not self._index[stem]:
                    del self._index[stem]

    def _insert(self, cluster: Cluster) -> None:
        for stem in cluster.terms:
            self._index.setdefault(stem, {})[cluster.number] = None
        self._matrix.put(cluster.number, cluster.vector)


class _Matrix:
    """The vectors of live clusters in one array. Float32 holds the products exactly: they stay below 2^24."""

    def __init__(self, dims: int) -> None:
        self._dims = dims
        self._numbers: list[int] = []
        self._row: dict[int, int] = {}
        self._rows = np.zeros((256, dims), dtype=np.float32)

    def put(self, number: int, vector: bytes) -> None:
        """Add a cluster; a vector of another encoder counts as nothing."""
        row = len(self._numbers)
        if row == len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
        self._rows[row] = _floats(vector) if len(vector) == self._dims else 0
        self._row[number] = row
        self._numbers.append(number)

    def remove(self, number: int) -> None:
        """Take a cluster out; the last row takes its place."""
        row, last = self._row.pop(number), self._numbers.pop()
        if last != number:
            self._numbers[row], self._row[last] = last, row
            self._rows[row] = self._rows[len(self._numbers)]

    def nearest(self, vector: bytes) -> list[int]:
        """Return the clusters of the `COMPARED` largest products that are at least `MEANT_ALIKE`."""
        products = self._rows[: len(self._numbers)] @ _floats(vector)
        least: float = MEANT_ALIKE
        if len(products) > COMPARED:
            least = max(least, float(np.partition(products, -COMPARED)[-COMPARED]))
        found = [(-int(products[row]), -self._numbers[row]) for row in np.flatnonzero(products >= least)[:TIES_MAX]]
        return [-number for _, number in sorted(found)[:COMPARED]]


def _floats(vector: bytes) -> Any:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)
