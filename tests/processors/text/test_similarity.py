"""Similarity of questions."""

from hypothesis import given
from hypothesis import strategies as st

from processors.text.similarity import TERMS_MAX, Weights, idf_cosine, terms


def test_the_same_need_in_other_words_is_alike() -> None:
    """Stop words and endings do not matter; rare words do."""
    a, b = terms("How do I mount the frobnicator partition?"), terms("mounting my frobnicator partitions, how?")
    assert idf_cosine(a, b, Weights(lambda _: {}, 0)) > 0.9
    assert idf_cosine(a, terms("How do I print labels?"), Weights(lambda _: {}, 0)) == 0.0


@given(st.text(max_size=300), st.text(max_size=300))
def test_similarity_is_a_bounded_symmetric_number(a: str, b: str) -> None:
    """Any two texts: from 0 to 1, the same both ways; terms are bounded and distinct."""
    one, two = terms(a), terms(b)
    score = idf_cosine(one, two, Weights(lambda _: {}, 5))
    assert 0.0 <= score <= 1.0 + 1e-9
    assert abs(score - idf_cosine(two, one, Weights(lambda _: {}, 5))) < 1e-9
    assert len(one) <= TERMS_MAX
    assert len(set(one)) == len(one)
