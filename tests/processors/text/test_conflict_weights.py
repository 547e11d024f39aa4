"""The learned score: what is added up word by word is what training counts, whatever was seen before."""

import re
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text import conflict_weights as weights
from processors.text.conflict import FORM_MAX, read

TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(("you", "are", "wrong", "und", "du", "bist", "Kommasetzungsregelwerk", "!!", "ok")), max_size=200).map(" ".join),
)  # fmt: skip


def margin(score: float) -> float:
    """Undo the map of margins to scores: 0.5 + 0.5 m / (1 + |m|)."""
    share = 2 * score - 1
    return share / (1 - abs(share))


@given(TEXTS)
def test_it_is_the_sum_of_the_weights_of_the_features_and_of_form(text: str) -> None:
    """Counted here from the list that training counts; cold and warm alike."""
    reading = read(text)
    found, form = reading.parts, reading.form()
    table = weights.tables()[weights.language(found)]
    table.kept.clear()
    score = weights.learned(found, reading.form).value
    features = weights.features(found, table.cut)
    total = sum(table.signed[feature & table.mask] for feature in features) / sqrt(len(features))
    shown = sum(table.form[sign] for sign in form) if table.form else 0
    assert isclose(margin(score), (total + shown) * table.scale + table.bias, abs_tol=1e-6)
    assert weights.learned(found, reading.form).value == score


@given(TEXTS)
def test_signs_of_form_are_numbers_of_the_table(text: str) -> None:
    """Ascending, each once, and each with a weight in English; German has none."""
    form = read(text).form()
    assert form == sorted(set(form))
    assert all(0 <= sign < FORM_MAX for sign in form)
    assert [len(table.form) for table in weights.tables()] == [0, FORM_MAX]


@pytest.mark.parametrize(
    ("text", "more", "signs"),
    [
        ("ok", "ok!", 2), ("ok", "ok!!", 3), ("ok", "ok: `x`", 3), ("ok then", "why then", 1), ("it does", "you do", 1),
        ("ok", "thanks", 1), ("Ok", "ok", 1), ("n" * 20, "n" * 21, 1), ("n" * 100, "n" * 200, 1), ("n" * 100, "n" * 201, 2),
    ],
)  # fmt: skip
def test_what_form_shows(text: str, more: str, signs: int) -> None:
    """Marks, kinds of words, beginning, end and length add their signs; none is lost."""
    before, after = set(read(text).form()), set(read(more).form())
    assert before <= after
    assert len(after - before) == signs


def test_order_of_neighbours_counts() -> None:
    """The pair "a b" is not the pair "b a"."""
    cut = weights.CUTS[1]
    assert set(weights.features(["a", "b"], cut)) != set(weights.features(["b", "a"], cut))


@pytest.mark.parametrize(
    ("text", "number"),
    [("Das ist nicht gut, finde ich", 0), ("This is not good, I think", 1), ("Überraschung", 0), ("ok", 1), ("", 1)],
)
def test_which_table(text: str, number: int) -> None:
    """By common words and umlauts; English where nothing says German."""
    assert weights.language(read(text).parts) == number


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that nobody will write again do not stay."""
    monkeypatch.setattr(weights, "KEPT_MAX", 50)
    for number in range(300):
        weights.learned([f"nicht{number}", "ß"])
    assert 0 < len(weights.tables()[0].kept) <= 50


@given(st.text(alphabet="ab'! \n_é", max_size=1000), st.integers(1, 12))
def test_parts_of_a_long_text_are_its_first(text: str, times: int) -> None:
    """However many pieces it is parted in: none ends within a part."""
    text = (text * times)[: weights.CHARACTERS_MAX]
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+", text)
    assert weights.parts(text) == found[: weights.TOKENS_MAX]
