"""Similarity of questions."""

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from processors.text.similarity import TERMS_MAX, idf_cosine, terms
from tests.support.tree import ROOT

SCORES = """
import random
from processors.text.similarity import idf_cosine
rng, words = random.Random(1), [f"w{number}" for number in range(40)]
counts = {word: rng.randrange(500) for word in words}
for _ in range(300):
    print(repr(idf_cosine(tuple(rng.sample(words, 20)), tuple(rng.sample(words, 20)), counts, 1000)))
"""


def test_the_same_need_in_other_words_is_alike() -> None:
    """Stop words and endings do not matter; rare words do."""
    a, b = terms("How do I mount the frobnicator partition?"), terms("mounting my frobnicator partitions, how?")
    assert idf_cosine(a, b, {}, 0) > 0.9
    assert idf_cosine(a, terms("How do I print labels?"), {}, 0) == 0.0


@given(st.text(max_size=300), st.text(max_size=300))
def test_similarity_is_a_bounded_symmetric_number(a: str, b: str) -> None:
    """Any two texts: from 0 to 1, the same both ways; terms are bounded and distinct."""
    one, two = terms(a), terms(b)
    score = idf_cosine(one, two, {}, 5)
    assert 0.0 <= score <= 1.0 + 1e-9
    assert abs(score - idf_cosine(two, one, {}, 5)) < 1e-9
    assert len(one) <= TERMS_MAX
    assert len(set(one)) == len(one)


def test_a_score_is_the_same_to_the_last_bit_in_every_process() -> None:
    """Sets are ordered by a seed of the process; a sum over one must not be."""
    scores = [
        subprocess.run(
            [sys.executable, "-c", SCORES], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, timeout=60, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert scores[0] == scores[1]
    assert len(set(scores[0].split())) > 100
