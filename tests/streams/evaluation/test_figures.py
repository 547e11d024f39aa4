"""Figures of merit against their definitions, worked by hand and by brute force."""

from math import isclose, isnan

from hypothesis import given
from hypothesis import strategies as st

from streams.evaluation.figures import (
    auc,
    average_precision,
    macro_f1,
    median,
    precision_recall_f1,
    ranking,
    recall_at_precision,
)

SCORED = st.lists(st.tuples(st.sampled_from((0.0, 0.1, 0.5, 0.9)), st.booleans()), min_size=2, max_size=30)


def test_average_precision_of_a_known_ranking() -> None:
    """Hits at places 1 and 3 of 4: (1/1 + 2/3) / 2."""
    assert isclose(average_precision([(0.9, True), (0.8, False), (0.7, True), (0.1, False)]), (1 + 2 / 3) / 2)


def test_ties_share_a_threshold() -> None:
    """Two of one score, one right: precision 1/2 at full recall; the order in the list does not matter."""
    assert average_precision([(0.5, True), (0.5, False)]) == average_precision([(0.5, False), (0.5, True)]) == 0.5
    assert auc([(0.5, True), (0.5, False)]) == 0.5


def test_nothing_to_find_is_no_number() -> None:
    """Without positives, or without negatives, there is no curve."""
    assert isnan(average_precision([(0.5, False)]))
    assert isnan(auc([(0.5, True)]))


@given(SCORED)
def test_auc_is_the_chance_of_the_right_order(scored: list[tuple[float, bool]]) -> None:
    """Counted pair by pair."""
    pairs = [(a, b) for a, good in scored if good for b, bad in scored if not bad]
    if pairs:
        assert isclose(auc(scored), sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs))


@given(SCORED, st.sampled_from((0.5, 0.8, 0.9, 0.95)))
def test_recall_at_precision_is_the_best_threshold(scored: list[tuple[float, bool]], wanted: float) -> None:
    """Every threshold tried."""
    best = 0.0
    for threshold in {score for score, _ in scored}:
        precision, recall, _ = precision_recall_f1([(score >= threshold, good) for score, good in scored])
        best = max(best, recall if precision >= wanted else 0.0)
    assert isclose(recall_at_precision(scored, wanted), best)


def test_ranking_counts_a_query_without_answer_as_nothing() -> None:
    """One query right at once, one at the second place, one never."""
    mean_precision, reciprocal, first = ranking([[True, False], [False, True], [False, False]])
    assert isclose(mean_precision, 0.5)
    assert isclose(reciprocal, 0.5)
    assert isclose(first, 1 / 3)


def test_macro_f1_and_median() -> None:
    """Both classes weigh the same; the middle of an even number is between its two."""
    assert isclose(macro_f1([(True, True), (False, False), (True, False)]), (2 / 3 + 2 / 3) / 2)
    assert median([3, 1, 2, 4]) == 2.5
    assert median([]) is None
