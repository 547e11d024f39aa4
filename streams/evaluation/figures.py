"""Figures of merit: standard definitions, ties handled, nothing interpolated."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import nan

Scored = Sequence[tuple[float, bool]]  # (score, is positive)


def ratio(part: float, whole: float) -> float:
    """Return part / whole, 0.0 where the whole is 0."""
    return part / whole if whole else 0.0


def precision_recall_f1(pairs: Iterable[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Return (precision, recall, F1) of (predicted, actual) pairs; 0.0 where undefined."""
    hits = predicted = actual = 0
    for said, is_so in pairs:
        hits += said and is_so
        predicted += said
        actual += is_so
    return ratio(hits, predicted), ratio(hits, actual), ratio(2 * hits, predicted + actual)


def macro_f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Return the mean of the F1 of the positive and of the negative class."""
    other = [(not said, not is_so) for said, is_so in pairs]
    return (precision_recall_f1(pairs)[2] + precision_recall_f1(other)[2]) / 2


def auc(scored: Scored) -> float:
    """Return the area under the ROC curve: the chance that a positive scores above a negative, ties half (Mann-Whitney U).

    NaN unless there are both.
    """
    positives = sum(is_so for _, is_so in scored)
    negatives = len(scored) - positives
    if not positives or not negatives:
        return nan
    below, twice_wins = 0, 0
    for hits, misses in _levels(scored, ascending=True):
        twice_wins += hits * (2 * below + misses)
        below += misses
    return twice_wins / (2 * positives * negatives)


def average_precision(scored: Scored) -> float:
    """Return the sum over thresholds of (recall gained) x (precision there); ties share one threshold. NaN without positives."""
    positives = sum(is_so for _, is_so in scored)
    if not positives:
        return nan
    hits = seen = 0
    total = 0.0
    for gained, missed in _levels(scored):
        hits += gained
        seen += gained + missed
        total += gained / positives * hits / seen
    return total


def recall_at_precision(scored: Scored, precision: float) -> float:
    """Return the largest recall of any threshold at which precision is at least so much; 0.0 where there is none."""
    positives = sum(is_so for _, is_so in scored)
    hits = seen = best = 0
    for gained, missed in _levels(scored):
        hits += gained
        seen += gained + missed
        if hits >= precision * seen:
            best = hits
    return ratio(best, positives)


def ranking(queries: Iterable[Sequence[bool]]) -> tuple[float, float, float]:
    """Return (MAP, MRR, precision at 1) of ranked relevance lists, best first; a query without a relevant item counts 0."""
    precisions, reciprocals, firsts, count = 0.0, 0.0, 0, 0
    for relevant in queries:
        count += 1
        places = [place for place, is_so in enumerate(relevant, 1) if is_so]
        if places:
            precisions += sum(number / place for number, place in enumerate(places, 1)) / len(places)
            reciprocals += 1 / places[0]
            firsts += relevant[0]
    return ratio(precisions, count), ratio(reciprocals, count), ratio(firsts, count)


def median(values: Sequence[float]) -> float | None:
    """Return the median, None of nothing."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _levels(scored: Scored, *, ascending: bool = False) -> Iterator[tuple[int, int]]:
    """Yield (positives, negatives) of each score, the highest score first unless `ascending`."""
    levels: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for score, is_so in scored:
        levels[score][0 if is_so else 1] += 1
    for score in sorted(levels, reverse=not ascending):
        yield levels[score][0], levels[score][1]
