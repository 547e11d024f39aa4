"""Clusters of questions: what is left out without being compared could not have been chosen."""

import random

import pytest

from processors.community import Ask
from processors.question_clusters import ALIKE, CANDIDATES, PROBES, QuestionClusters
from processors.text.similarity import Weights, idf


class Patient(QuestionClusters):
    """Compares every cluster that shares one of the rarest terms."""

    def _candidates(self, terms: tuple[str, ...], weights: Weights) -> list[int]:
        rarest = sorted(terms, key=lambda term: (-idf(term, self._page(term).counts, self.questions), term))[:PROBES]
        return sorted({number for term in rarest for number in self._index.get(term, [])[-CANDIDATES:]})


@pytest.mark.parametrize("seed", range(6))
def test_leaving_out_what_cannot_be_alike_changes_nothing(seed: int) -> None:
    """Hundreds of questions of 2 to 12 terms, some terms in most of them: same cluster, same score, each time."""
    dice = random.Random(seed)
    quick, patient = QuestionClusters([], {}, 0), Patient([], {}, 0)
    joined = 0
    for number in range(700):
        wanted = dice.randint(2, 12)
        found = tuple(dict.fromkeys(f"t{int(200 * dice.random() ** 3)}" for _ in range(wanted)))
        asks = [clusters.add(found, Ask("c/ann", number, f"e{number}"), number) for clusters in (quick, patient)]
        assert asks[0][0] == asks[1][0]
        assert asks[0][1:] == asks[1][1:]
        joined += asks[0][2] >= ALIKE
    assert joined > 20
    assert max(map(len, quick._index.values())) > CANDIDATES
