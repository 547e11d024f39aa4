"""Streaming clusters of questions: found by the words they share, compared by words and meaning, bounded and expiring."""

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping
from itertools import accumulate, repeat
from math import sqrt
from typing import Any

import numpy as np

from processors.community.state import ASKS_MAX, CLUSTERS_MAX, EXPIRES, Ask, Cluster, Page
from processors.community.term_frequencies import TermFrequencies
from processors.text.similarity import (
    ROUNDED,
    SQUARE_MIN,
    Sought,
    Words,
    cosine_at_most,
    cosine_for,
    mixed_for,
    to_scale,
)
from processors.text.word_vectors import WORDS_MAX, WordVectors, meanings

# In thousandths. Set where at most one pair of unrelated questions in a thousand is taken for the same, in each of nine communities.
ALIKE = 550
POSTINGS = 1000  # clusters looked at per stem, the latest
HIGH = 0.6  # of the best score: mostly enough are as high, and they are few
COMPARED = 8  # clusters whose meaning is compared, and in full what is left of them
# The same words by several members within minutes are a raid or a feed, not so many wishes.
VERBATIM_STEMS, RAID = 5, 900  # so many stems at least; seconds
GROWTH = 1024  # slots more, each time there is none
MILLION = 1_000_000


def _share(cosine: int) -> int:
    """Return which share of a question's square, in millionths, it has in common with a text whose words have such a cosine, at the least.

    By the inequality of Cauchy and Schwarz the cosine is no more than the root of that share.
    """
    return max(0, cosine - ROUNDED) ** 2


# By the stems of the shorter text, or of any that is shorter still: the share that is needed where the meaning is the same.
_SHARES = (_share(cosine_for(mixed_for(ALIKE, stems), stems or 1, 1000)) for stems in range(WORDS_MAX + 1))
_LEAST = tuple(accumulate(_SHARES, min))


class QuestionClusters:
    """The clusters of one community, and which of them were touched."""

    def __init__(self, clusters: list[Cluster], pages: dict[int, Page], questions: int, encoder: WordVectors) -> None:
        ordered = sorted(clusters, key=lambda one: (one.touched, one.number))
        self.live: OrderedDict[int, Cluster] = OrderedDict((one.number, one) for one in ordered)
        self.frequencies = TermFrequencies(pages, questions, encoder)
        self.touched: dict[int, Cluster | None] = {}
        self._postings = _Postings()
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
        sought = Sought(words, self.frequencies)
        squares, stems, best = sought.squares, len(sought.squares), (ALIKE, -1)
        length = sought.square if sought.square >= SQUARE_MIN else 0  # below, nothing is sure
        likely = self._postings.likely(squares, max(1, _LEAST[stems] * length // MILLION))
        found = [self.live[number] for number in likely]
        meant = meanings(words.vector, [cluster.vector for cluster in found])
        for cluster, meaning in zip(found, meant, strict=True):
            common, fewer = sum(map(squares.get, cluster.terms, repeat(0))), min(stems, len(cluster.terms))
            if to_scale(cosine_at_most(common, sought.square), fewer, meaning) >= best[0]:
                cosine = sought.cosine(cluster.terms, cluster.counts, common)
                best = max(best, (to_scale(cosine, fewer, meaning), cluster.number))
        return (self.live[best[1]], best[0]) if best[1] >= 0 else (None, 0)

    def _expire(self, now: int) -> None:
        while self.live:
            number, oldest = next(iter(self.live.items()))
            if len(self.live) < CLUSTERS_MAX and oldest.asks[-1].time > now - EXPIRES:
                return
            self._remove(number)

    def _remove(self, number: int) -> None:
        gone = self.live.pop(number)
        self.touched[number] = None
        self._postings.remove(number, gone.terms)

    def _insert(self, cluster: Cluster) -> None:
        self._postings.put(cluster.number, cluster.terms)


class _Postings:
    """Which clusters have a stem. A cluster has a slot while it lives; no result depends on which."""

    def __init__(self) -> None:
        self._slots: dict[str, array[int]] = {}  # in the order of their clusters' numbers
        self._slot: dict[int, int] = {}  # by number
        self._free: list[int] = []
        self._numbers: list[int] = []
        self._roots = np.zeros(0)  # of how many stems a cluster has

    def put(self, number: int, stems: tuple[str, ...]) -> None:
        """Add a cluster of a number larger than all before."""
        if not self._free:
            known = len(self._numbers)
            self._free = [*range(known + GROWTH - 1, known - 1, -1)]
            self._numbers += [0] * GROWTH
            self._roots = np.concatenate((self._roots, np.ones(GROWTH)))
        slot = self._slot[number] = self._free.pop()
        self._numbers[slot] = number
        self._roots[slot] = sqrt(len(stems) or 1)
        for stem in stems:
            slots = self._slots.get(stem)
            if slots is None:
                slots = self._slots[stem] = array("I")
            slots.append(slot)

    def remove(self, number: int, stems: tuple[str, ...]) -> None:
        """Take a cluster out; mostly it is the oldest."""
        slot = self._slot.pop(number)
        for stem in stems:
            slots = self._slots[stem]
            if len(slots) == 1:
                del self._slots[stem]
            else:
                del slots[0 if slots[0] == slot else bisect_left(slots, number, key=self._numbers.__getitem__)]
        self._free.append(slot)

    def likely(self, squares: Mapping[str, int], least: int) -> list[int]:
        """Return the clusters that are likeliest to have stems in common whose squares sum up to `least`.

        Of the rarest stems so many are looked up that the others cannot reach it alone: a cluster without any of these is none.
        """
        left, found = sum(squares.values()), array("I")
        values: list[int] = []
        lengths: list[int] = []
        for value, stem in sorted(zip(squares.values(), squares, strict=True), reverse=True):
            if left < least:
                break
            left -= value
            if (slots := self._slots.get(stem)) is not None:
                before = len(found)
                found += slots if len(slots) <= POSTINGS else slots[-POSTINGS:]
                values.append(value)
                lengths.append(len(found) - before)
        if not found:
            return []
        common = np.bincount(np.frombuffer(found, dtype=np.uint32), np.array(values, dtype=np.float64).repeat(lengths))
        hits = (common >= max(1, least - left)).nonzero()[0]
        if len(hits) <= COMPARED:
            return [self._numbers[slot] for slot in hits.tolist()]
        return self._best(hits, common.take(hits) / self._roots.take(hits))

    def _best(self, hits: Any, scores: Any) -> list[int]:
        """Return the numbers of the `COMPARED` best, of equals the latest; in no order."""
        numbers, ordered = self._numbers, scores[scores >= scores.max() * HIGH]
        if len(ordered) < COMPARED:
            ordered = scores.copy()
        ordered.partition(-COMPARED)  # in place: np.partition costs more around it than in it
        near = (scores >= ordered[-COMPARED]).nonzero()[0]
        known = [numbers[slot] for slot in hits.take(near).tolist()]
        if len(near) == COMPARED:
            return known
        best = sorted(zip(scores.take(near).tolist(), known, strict=True), reverse=True)
        return [number for _, number in best[:COMPARED]]
