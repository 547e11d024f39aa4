"""Learning the score of offence, on a handful of made-up texts: it learns, and small integers keep what it learned."""

import msgspec
import numpy as np
import pytest

from processors.text import conflict_weights as shipped
from streams.evaluation.learning import conflict as learning

HARSH = [f"you are a rotten {thing} and a disgrace" for thing in ("apple", "pear", "plum", "fig", "nut", "bean")]
CALM = [f"thank you for the lovely {thing} and the help" for thing in ("apple", "pear", "plum", "fig", "nut", "bean")]
LABELS = np.array([True] * len(HARSH) + [False] * len(CALM))
RECIPE = learning.RECIPES[1]


@pytest.fixture(scope="module")
def counts() -> object:
    """The features of the made-up texts."""
    return learning.counts_of(HARSH + CALM, RECIPE.cut)


def test_it_learns_and_folds_emotions_in(counts: object) -> None:
    """Texts of new things are told apart by the rest of their words; emotions learned elsewhere are part of the one table."""
    texts = ["what a rotten disgrace", "such lovely help", "a rotten mess", "lovely, thank you"]
    emotions = learning.emotions_of(texts, {"anger": [True, False, True, False]}, RECIPE.cut)
    for teachers in (emotions, learning.emotions_of([], {}, RECIPE.cut)):
        fit = learning.fitted(counts, LABELS, teachers, RECIPE)
        unseen = learning.counts_of(["a rotten cabbage, a disgrace", "thank you for the lovely cabbage"], RECIPE.cut)
        harsh, calm = fit.margins(unseen)
        assert harsh > 0 > calm


def test_small_integers_keep_it(counts: object) -> None:
    """The table, written and read, gives the margins of the fit within a few hundredths of their spread."""
    fit = learning.fitted(counts, LABELS, learning.emotions_of([], {}, RECIPE.cut), RECIPE)
    table = msgspec.msgpack.decode(msgspec.msgpack.encode(learning.quantised(fit, 1.5)), type=shipped.Table)
    ready = shipped.Ready(table, RECIPE.cut)
    exact = fit.margins(counts)
    rounded = [
        sum(ready.signed[one & ready.mask] for one in found) * ready.scale / len(found) ** 0.5 + ready.bias
        for found in (shipped.features(learning.read(text), RECIPE.cut) for text in HARSH + CALM)
    ]
    assert np.abs(exact - np.array(rounded)).max() < 0.05 * np.ptp(exact)
    assert (table.sharp, len(table.weights)) == (1.5, 1 << learning.BITS)


def test_the_border_for_chats_is_the_least_that_is_right_enough() -> None:
    """Nine of ten above it are right; where that never is, the highest margin."""
    margins = np.arange(20.0)
    labels = np.array([False] * 8 + [True] * 3 + [False] + [True] * 8)
    assert learning.sharp_from(margins, labels) == 8.0, "eleven of twelve; from 11 on it is eight of nine"
    assert learning.sharp_from(margins, ~labels & (margins < 5)) == 19.0


def test_the_weights_are_small() -> None:
    """They lie in the repository."""
    assert learning.OUT.stat().st_size <= 1_200_000
