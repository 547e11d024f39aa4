"""The learned score: what is added up word by word is what training counts, whatever was seen before."""

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text import conflict_weights as weights
from processors.text.conflict import read

TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(("you", "are", "wrong", "und", "du", "bist", "Kommasetzungsregelwerk", "!!", "ok")), max_size=200).map(" ".join),
)  # fmt: skip


def margin(score: float) -> float:
    """Undo the map of margins to scores: 0.5 + 0.5 m / (1 + |m|)."""
    share = 2 * score - 1
    return share / (1 - abs(share))


@given(TEXTS)
def test_it_is_the_sum_of_the_weights_of_the_features(text: str) -> None:
    """Counted here from the list that training counts; cold and warm alike."""
    found = read(text)
    number = weights.language(found)
    table = weights.tables()[number]
    table.kept.clear()
    score = weights.learned(found).value
    features = weights.features(found, table.cut)
    total = sum(table.signed[feature & table.mask] for feature in features)
    assert isclose(margin(score), total * table.scale / sqrt(len(features)) + table.bias, abs_tol=1e-6)
    assert weights.learned(found).value == score


@pytest.mark.parametrize(
    ("text", "number"),
    [("Das ist nicht gut, finde ich", 0), ("This is not good, I think", 1), ("Überraschung", 0), ("ok", 1), ("", 1)],
)
def test_which_table(text: str, number: int) -> None:
    """By common words and umlauts; English where nothing says German."""
    assert weights.language(read(text)) == number


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that nobody will write again do not stay."""
    monkeypatch.setattr(weights, "KEPT_MAX", 50)
    for number in range(300):
        weights.learned([f"word{number}"])
    assert len(weights.tables()[1].kept) <= 50
