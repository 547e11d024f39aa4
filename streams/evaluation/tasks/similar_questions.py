"""Are the questions that mean the same ranked first among the candidates for a question?"""

from collections import defaultdict
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from streams.evaluation.figures import ranking
from streams.evaluation.likeness import scores
from streams.evaluation.reading import items
from streams.evaluation.task import Figures, Options

NAME = "similar-questions"
READS = "candidates {qid, rank, q_subject, q_text, c_subject, c_text, label}: PerfectMatch, Relevant, Irrelevant (SemEval-2016 3B)"
KEYS: tuple[str, ...] = ("map", "mrr", "p_at_1")
RANK_WEIGHT = (
    0.05  # likeness lost per natural logarithm of the rank that the forum's search gave; of 0.02, 0.05 and 0.1
)


class _Candidate(NamedTuple):
    query: str
    rank: int
    texts: tuple[str, str]
    similar: bool


def evaluate(files: Sequence[Path], options: Options) -> Figures:
    """Return MAP, MRR and precision at 1; ties, and nothing else without `with_rank`, keep the order of the file."""
    candidates = items(files, _candidate, "qid, rank, q_subject, q_text, c_subject, c_text and label")
    likeness = scores([one.texts for one in candidates])
    queries: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for score, one in zip(likeness, candidates, strict=True):
        queries[one.query].append((score - RANK_WEIGHT * log(one.rank) * options.with_rank, one.similar))
    ranked = [[so for _, so in sorted(query, key=lambda pair: -pair[0])] for query in queries.values()]
    return dict(zip(KEYS, ranking(ranked), strict=True))


def _candidate(row: dict[str, Any]) -> _Candidate | None:
    if not isinstance(row.get("label"), str) or "qid" not in row:
        return None
    query, candidate = (f"{row.get(f'{side}_subject') or ''}\n{row.get(f'{side}_text') or ''}" for side in "qc")
    rank = row.get("rank")
    number = rank if isinstance(rank, int) and rank > 0 else 1
    return _Candidate(str(row["qid"]), number, (query, candidate), row["label"] != "Irrelevant")
