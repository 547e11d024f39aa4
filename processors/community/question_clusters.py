"""Streaming clusters of questions: found by their rarest words and by their meaning, bounded and expiring."""

from bisect import bisect_left
from collections import OrderedDict
from operator import itemgetter
from typing import Any

import numpy as np

from processors.community.state import ASKS_MAX, CLUSTERS_MAX, EXPIRES, Ask, Cluster, Page
from processors.community.term_frequencies import TermFrequencies
from processors.text.similarity import Words, at_most, balanced, square, weighted
from processors.text.word_vectors import LENGTH, WordVectors, meaning

# In thousandths. Set where at most one pair of unrelated questions in a thousand is taken for the same, in each of nine communities.
ALIKE = 550
PROBES = 6  # rarest stems looked up per question
POSTINGS = 48  # clusters looked at per stem, the latest
COMPARED = 3  # clusters compared in full, of those found by words and of those found by meaning
# The same words by several members within minutes are a raid or a feed, not so many wishes.
VERBATIM_STEMS, RAID = 5, 900  # so many stems at least; seconds
TIES_MAX = 64
BLOCK = 1024  # vectors in one array
_NONE: list[int] = []
MEANT_ALIKE = 600 * LENGTH * LENGTH // 1000  # least product of two vectors whose clusters are compared


class QuestionClusters:
    """The clusters of one community, and which of them were touched."""

    def __init__(self, clusters: list[Cluster], pages: dict[int, Page], questions: int, encoder: WordVectors) -> None:
        ordered = sorted(clusters, key=lambda one: (one.touched, one.number))
        self.live: OrderedDict[int, Cluster] = OrderedDict((one.number, one) for one in ordered)
        self.frequencies = TermFrequencies(pages, questions, encoder)
        self.touched: dict[int, Cluster | None] = {}
        self._index: dict[str, list[int]] = {}  # numbers of clusters, ascending
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

    def asked_in(self, thread: str) -> tuple[Cluster, Ask] | None:
        """Return the cluster and the ask of a thread, the latest; all are looked through, so it is for what is rare."""
        for cluster in reversed(self.live.values()):
            for ask in reversed(cluster.asks):
                if ask.thread == thread:
                    return cluster, ask
        return None

    def erase(self, member: str) -> None:
        """Forget a member's asks; a cluster that nobody else asked is gone."""
        for cluster in [one for one in self.live.values() if any(ask.member == member for ask in one.asks)]:
            cluster.asks = [ask for ask in cluster.asks if ask.member != member]
            if cluster.asks:
                self.touched[cluster.number] = cluster
            else:
                self._remove(cluster.number)

    def _nearest(self, words: Words) -> tuple[Cluster | None, int]:
        """Return the cluster most alike, if it is at least `ALIKE`, of equals the latest; a cluster is its first question, so that none drifts."""
        weights, products = weighted(words, self.frequencies), self._matrix.products(words.vector)
        squares = {stem: weight * weight for stem, weight in weights.items()}
        length, best = sum(squares.values()), (ALIKE, -1)
        hopeful: list[tuple[int, int, int | None]] = []
        for number in {*self._by_words(weights), *self._matrix.largest(products)}:
            cluster = self.live[number]
            known = len(cluster.vector) == len(words.vector)
            meant = meaning(int(products.item(self._matrix.row[number]))) if known else None
            most = at_most(squares, length, cluster.terms, meant)
            if most >= ALIKE:
                hopeful.append((most, number, meant))
        hopeful.sort(key=itemgetter(0), reverse=True)  # once the likest is found, the others cannot be
        for most, number, meant in hopeful:
            if most < best[0]:
                break
            cluster = self.live[number]
            others = weighted(Words(cluster.terms, cluster.counts, cluster.vector), self.frequencies)
            best = max(best, (balanced(weights, others, meant, length, square(others)), number))
        return (self.live[best[1]], best[0]) if best[1] >= 0 else (None, 0)

    def _by_words(self, weights: dict[str, int]) -> list[int]:
        """Return the clusters that share the most weight in the rarest stems."""
        probes = sorted([(-weight, stem) for stem, weight in weights.items()])[:PROBES]
        shared: dict[int, int] = {}
        # What the last of the most has at least, and what the stems to come can add.
        sure, left = 0, -sum([negative for negative, _ in probes])
        for negative, stem in probes:
            latest = self._index.get(stem, _NONE)[-POSTINGS:]
            if sure > left:  # no further cluster can be among the most
                for number in shared.keys() & latest:
                    shared[number] -= negative
            else:
                these = dict.fromkeys(latest, -negative)
                for number in shared.keys() & these.keys():
                    these[number] += shared[number]
                shared |= these
                sure = sure or -negative * (len(these) >= COMPARED)
            left += negative
        least = min(sorted(shared.values())[-COMPARED:], default=0)
        most = sorted([(weight, number) for number, weight in shared.items() if weight >= least], reverse=True)
        return [number for _, number in most[:COMPARED]]

    def _expire(self, now: int) -> None:
        while self.live:
            number, oldest = next(iter(self.live.items()))
            if len(self.live) < CLUSTERS_MAX and oldest.asks[-1].time > now - EXPIRES:
                return
            self._remove(number)

    def _remove(self, number: int) -> None:
        gone = self.live.pop(number)
        self.touched[number] = None
        self._matrix.remove(number)
        for stem in gone.terms:
            numbers = self._index[stem]
            del numbers[bisect_left(numbers, number)]
            if not numbers:
                del self._index[stem]

    def _insert(self, cluster: Cluster) -> None:
        for stem in cluster.terms:
            self._index.setdefault(stem, []).append(cluster.number)
        self._matrix.put(cluster.number, cluster.vector)


class _Matrix:
    """The vectors of live clusters, in blocks, so that growing copies nothing. Float32 holds the products exactly: they stay below 2^24."""

    def __init__(self, dims: int) -> None:
        self._dims = dims
        self._numbers: list[int] = []
        self.row: dict[int, int] = {}
        self._blocks: list[Any] = []

    def put(self, number: int, vector: bytes) -> None:
        """Add a cluster; a vector of another encoder counts as nothing."""
        row = len(self._numbers)
        block, place = divmod(row, BLOCK)
        if block == len(self._blocks):
            self._blocks.append(np.zeros((BLOCK, self._dims), dtype=np.float32))
        self._blocks[block][place] = _floats(vector) if len(vector) == self._dims else 0
        self.row[number] = row
        self._numbers.append(number)

    def remove(self, number: int) -> None:
        """Take a cluster out; the last row takes its place."""
        row, last = self.row.pop(number), self._numbers.pop()
        if last != number:
            self._numbers[row], self.row[last] = last, row
            self._at(row)[:] = self._at(len(self._numbers))

    def products(self, vector: bytes) -> Any:
        """Return the inner products with all clusters, by `row`."""
        count, wanted = len(self._numbers), _floats(vector)
        found = np.empty(count, dtype=np.float32)
        for begin in range(0, count, BLOCK):
            end = min(begin + BLOCK, count)
            np.dot(self._blocks[begin // BLOCK][: end - begin], wanted, out=found[begin:end])
        return found

    def _at(self, row: int) -> Any:
        return self._blocks[row // BLOCK][row % BLOCK]

    def largest(self, products: Any) -> list[int]:
        """Return the clusters of the `COMPARED` largest products that are at least `MEANT_ALIKE`."""
        if not len(products):
            return []
        most = products.item(products.argmax())
        if most < MEANT_ALIKE:
            return []
        hits = (products == most).nonzero()[0]
        if len(hits) < COMPARED:
            hits = (products >= MEANT_ALIKE).nonzero()[0]
            if len(hits) > TIES_MAX:
                values = products.take(hits)
                hits = hits[values >= np.partition(values, -COMPARED)[-COMPARED]]
        hits = hits[:TIES_MAX]  # of equals the first rows count
        numbers = [self._numbers[row] for row in hits.tolist()]
        found = sorted(zip(products.take(hits).tolist(), numbers, strict=True), reverse=True)
        return [number for _, number in found[:COMPARED]]


def _floats(vector: bytes) -> Any:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)
