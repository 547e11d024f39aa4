"""Streaming clusters of questions: found through an inverted index of their rarest terms, bounded and expiring."""

from collections import OrderedDict
from zlib import crc32

from processors.community import ASKS_MAX, CLUSTERS_MAX, EXPIRES, FREQUENCIES_MAX, PAGES, Ask, Cluster, Page
from processors.text.similarity import Weights, idf, idf_cosine

# Measured on labelled pairs of real chats: at 0.6, 28 of 32 same-member and 7 of 8 cross-member pairs were right.
ALIKE = 0.6
ALIKE_AT_MOST = ALIKE - 1e-6  # for the estimate, whose sums are rounded otherwise
TERMS_MIN = 2  # fewer content words say too little
PROBES = 6  # rarest terms looked up per question
CANDIDATES = 64  # clusters compared per term


class QuestionClusters:
    """The clusters of one community, and which of them were touched."""

    def __init__(self, clusters: list[Cluster], pages: dict[int, Page], questions: int) -> None:
        ordered = sorted(clusters, key=lambda one: (one.asks[-1].time, one.number))
        self.live: OrderedDict[int, Cluster] = OrderedDict((one.number, one) for one in ordered)
        self.pages, self.questions = pages, questions
        self._index: dict[str, list[int]] = {}
        for one in ordered:
            self._insert(one)
        self.touched: dict[int, Cluster | None] = {}
        self.touched_pages: set[int] = set()
        self._terms = sum(len(page.counts) for page in pages.values())

    def add(self, terms: tuple[str, ...], ask: Ask, number: int) -> tuple[Cluster, list[Ask], float]:
        """Put an ask into the cluster most alike, or a new one of that number.

        Returns the cluster, its asks before this one, and the similarity (0 to 1; 0.0 for a new cluster).
        """
        self._expire(ask.time)
        found, score = self._nearest(terms)
        self._learn(terms)
        if found is None:
            cluster, before = Cluster(number, terms, [ask]), []
            self.live[number] = cluster
            self._insert(cluster)
        else:
            cluster, before = found, list(found.asks)
            cluster.asks = [*cluster.asks, ask][-ASKS_MAX:]
            cluster.count += 1
            self.live.move_to_end(cluster.number)
        self.touched[cluster.number] = cluster
        return cluster, before, score

    def _nearest(self, terms: tuple[str, ...]) -> tuple[Cluster | None, float]:
        weights = Weights(lambda term: self._page(term).counts, self.questions)
        best, best_score = None, ALIKE
        for number in self._candidates(terms, weights):
            cluster = self.live[number]
            score = idf_cosine(terms, cluster.terms, weights)
            if score >= best_score:
                best, best_score = cluster, score
        return best, best_score if best else 0.0

    def _candidates(self, terms: tuple[str, ...], weights: Weights) -> list[int]:
        """Return, in order, the clusters that share one of the rarest terms and may be alike enough.

        Both norms contain the common weight c, so the cosine is at most sqrt(c / a) with the question's own weight a:
        what cannot reach `ALIKE` is left out without being compared.
        """
        rarest = sorted(terms, key=lambda term: (-idf(term, self._page(term).counts, self.questions), term))[:PROBES]
        common: dict[int, float] = {}  # of the terms whose lists are read whole
        partly = [(term, weights[term]) for term in terms if term not in rarest]
        for term in rarest:
            numbers, weight = self._index.get(term, []), weights[term]
            if len(numbers) > CANDIDATES:
                partly.append((term, weight))
                weight = 0.0
            for number in numbers[-CANDIDATES:]:
                common[number] = common.get(number, 0.0) + weight
        needed = (ALIKE_AT_MOST**2) * sum([weights[term] for term in terms])
        hopeful = needed - sum([weight for _, weight in partly])
        found = []
        for number, weight in common.items():
            if weight >= hopeful:
                theirs = self.live[number].terms
                if weight + sum([more for term, more in partly if term in theirs]) >= needed:
                    found.append(number)
        return sorted(found)

    def _learn(self, terms: tuple[str, ...]) -> None:
        self.questions += 1
        for term in terms:
            page = self._page(term)
            if term not in page.counts:
                if self._terms >= FREQUENCIES_MAX:
                    rare = [known for known, count in page.counts.items() if count == 1]
                    self._terms -= len(rare)
                    page.counts = {known: count for known, count in page.counts.items() if count > 1}
                self._terms += 1
            page.counts[term] = page.counts.get(term, 0) + 1
            self.touched_pages.add(crc32(term.encode()) % PAGES)

    def _expire(self, now: int) -> None:
        while self.live:
            number, oldest = next(iter(self.live.items()))
            if len(self.live) < CLUSTERS_MAX and oldest.asks[-1].time > now - EXPIRES:
                return
            del self.live[number]
            self.touched[number] = None
            for term in oldest.terms:
                self._index[term].remove(number)
                if not self._index[term]:
                    del self._index[term]

    def _insert(self, cluster: Cluster) -> None:
        for term in cluster.terms:
            self._index.setdefault(term, []).append(cluster.number)

    def _page(self, term: str) -> Page:
        number = crc32(term.encode()) % PAGES
        if number not in self.pages:
            self.pages[number] = Page({})
        return self.pages[number]
