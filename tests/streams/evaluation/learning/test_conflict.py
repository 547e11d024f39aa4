"""Learning the score of offence, on a handful of made-up texts: it learns, and small integers keep what it learned."""

from pathlib import Path

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
def texts() -> learning.Counted:
    """The made-up texts, counted."""
    return learning.counted(HARSH + CALM, RECIPE.cut)


def test_it_learns_and_folds_what_was_learned_elsewhere_in(texts: learning.Counted, tmp_path: Path) -> None:
    """Texts of new things are told apart by the rest of their words; emotions learned elsewhere are part of the one table."""
    others = ["what a rotten disgrace", "such lovely help", "a rotten mess", "lovely, thank you"]
    emotions = learning.emotions_of(others, {"anger": [True, False, True, False]}, RECIPE.cut)
    for elsewhere in (emotions, learning.nothing(tmp_path)):
        fit = learning.fitted(texts, LABELS, elsewhere, RECIPE)
        unseen = learning.counted(["a rotten cabbage, a disgrace", "thank you for the lovely cabbage"], RECIPE.cut)
        harsh, calm = fit.margins(unseen)
        assert harsh > 0 > calm


def test_offence_known_elsewhere_is_by_the_same_numbers() -> None:
    """A word of abuse has a greater weight than a kind one, at the place where the detector looks."""
    weights = learning.offence()
    rude, kind = (weights[shipped.features([word], RECIPE.cut)[0] & (len(weights) - 1)] for word in ("idiot", "thanks"))
    assert rude > 1 > kind


def test_small_integers_keep_it(texts: learning.Counted, tmp_path: Path) -> None:
    """The table, written and read, gives the margins of the fit within a few hundredths of their spread."""
    fit = learning.fitted(texts, LABELS, learning.nothing(tmp_path), RECIPE)
    table = msgspec.msgpack.decode(msgspec.msgpack.encode(learning.quantised(fit, 1.5)), type=shipped.Table)
    ready = shipped.Ready(table, RECIPE.cut)
    exact = fit.margins(texts)
    rounded = []
    for text in HARSH + CALM:
        reading = learning.read(text)
        found = shipped.features(reading.parts, RECIPE.cut)
        words = sum(ready.signed[one & ready.mask] for one in found) / len(found) ** 0.5
        rounded.append((words + sum(ready.form[sign] for sign in reading.form())) * ready.scale + ready.bias)
    assert np.abs(exact - np.array(rounded)).max() < 0.05 * np.ptp(exact)
    assert (table.sharp, len(table.weights)) == (1.5, 1 << learning.BITS)


def test_the_border_for_chats_is_the_least_that_is_right_enough() -> None:
    """Nine of ten above it are right; where that never is, the highest margin."""
    margins = np.arange(20.0)
    labels = np.array([False] * 8 + [True] * 3 + [False] + [True] * 8)
    assert learning.sharp_from(margins, labels, 0.9) == 8.0, "eleven of twelve; from 11 on it is eight of nine"
    assert learning.sharp_from(margins, ~labels & (margins < 5), 0.9) == 19.0


def test_calm_chats_bound_what_is_sharp(texts: learning.Counted, tmp_path: Path) -> None:
    """So small a share of their messages may exceed the border; messages that address nobody cannot, however harsh."""
    fit = learning.fitted(texts, LABELS, learning.nothing(tmp_path), RECIPE)
    lines = [{"kind": "message", "text": text} for text in HARSH + CALM * 1000 + ["a rotten disgrace"] * 6000]
    lines += [{"kind": "join", "text": HARSH[0]}] * 6000
    (tmp_path / "chat.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, lines)))
    recipe = RECIPE._replace(chats=("chat.jsonl",))
    calm = fit.margins(texts.rows(~LABELS)).max()
    assert learning.quiet_from(fit, tmp_path, recipe) == pytest.approx(calm), "6 of 12,006 may: the harsh ones"
    assert learning.quiet_from(fit, tmp_path, recipe._replace(chats=())) == float("-inf")


def test_the_weights_are_small() -> None:
    """They lie in the repository."""
    assert learning.OUT.stat().st_size <= 1_200_000
