"""The weights of the learned score of offence: `python -m streams.evaluation.learning.conflict FOLDER [--validate]`.

A logistic regression per language on hashed words, pairs, character n-grams and classes of words, each feature scaled by its
inverse document frequency and by its log-count ratio between offence and none (Wang and Manning 2012, "Baselines and Bigrams",
interpolated).
For English, what was learned elsewhere (emotions of other comments, and offence by the words of alt-profanity-check) is a
feature too; being linear in the same features, all is folded into one table of small integers. `--validate` writes nothing:
it prints figures of texts that were held out, whole threads together, as mean and range of `SEEDS` ways to part them.
Sources (in FOLDER): germeval2018 (CC-BY-4.0), github-incivility (MIT), goemotions (Apache-2.0); alt-profanity-check (MIT; it
learned from comments that are MIT and CC0); for the border in chats, gitter (MIT) and irc-ubuntu (CC-BY-4.0).
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from profanity_check import profanity_check as other
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from processors.text import conflict_weights as shipped
from processors.text.conflict import FIRST_LENGTH, FORM_MAX, read
from processors.text.conflict_words import YOU
from streams.evaluation.figures import auc, macro_f1, recall_at_precision
from streams.history.lines import json_objects

BITS = 18  # of a feature that choose its weight: 256 KB a language
RARE = 2  # features of fewer texts are left out
COUNT_SCALE = 1 / 7.0  # brings the length of a text's vector near to one
SEED = 1
DIGITS = 6  # of what is shipped: the last ones may differ between linear algebra libraries
SEEDS = (1, 2, 3)
BACK = (0.15, 0.2, 0.25, 0.25, 0.15)  # from 20, 40, 80, 120 and 200 characters on: nearly a straight line up to 160
SAID = ("message", "action")
CHATS = (
    "gitter/docker.jsonl.gz",
    "gitter/gitter.jsonl.gz",
    "irc-ubuntu/dev.jsonl.gz",
)  # unselected English; 55,000 messages
SHARP_IN_CHATS = 5e-4  # of all messages may be called sharp; there was hardly a quarrel, so that nearly all are false
OUT = Path(shipped.__file__).parent / "weights" / shipped.FILE


class Counted(NamedTuple):
    """Texts as rows: how often each has each feature, and which signs of form it shows."""

    counts: Any
    form: Any

    def rows(self, which: Any) -> "Counted":
        """Return some of the texts."""
        return Counted(self.counts[which], self.form[which])


class Recipe(NamedTuple):
    """One language: labelled texts, what was learned elsewhere, and how hard to fit."""

    cut: shipped.Cut
    main: Callable[[Path], tuple[list[str], list[bool], list[str]]]
    elsewhere: Callable[[Path], Any]  # a column of weights for each score
    ratio: float  # share of the log-count ratio in a feature's scale
    borrowed: float  # scale of the scores learned elsewhere
    form: float  # scale of the signs of form, 0 = not counted apart
    brief: float  # margin taken off the shortest texts, less of it off longer ones
    cost: float  # inverse strength of regularisation
    right: float  # share of held-out texts beyond the border of what is sharp that are offensive
    chats: tuple[str, ...]  # where words are hardly ever sharp


class Fit(NamedTuple):
    """Weights and bias, and the score of any texts."""

    weights: Any
    form: Any
    bias: float

    def margins(self, read: Counted) -> Any:
        """Return the margin of each text."""
        return read.counts @ self.weights / _lengths(read.counts) + read.form @ self.form + self.bias


def german(folder: Path) -> tuple[list[str], list[bool], list[str]]:
    """Tweets: offence or not; each is its own group."""
    rows = _rows(folder / "germeval2018/train.jsonl.gz")
    return [row["text"] for row in rows], [row["coarse"] == "OFFENSE" for row in rows], [row["id"] for row in rows]


def english(folder: Path) -> tuple[list[str], list[bool], list[str]]:
    """Comments of locked issues: uncivil or not; a thread is a group."""
    rows = [row for row in _rows(folder / "github-incivility/dev.jsonl.gz") if row["text"]]
    return (
        [row["text"] for row in rows],
        [row["tbdf"] not in (None, "None") for row in rows],
        [str(row["thread"]) for row in rows],
    )


def nothing(folder: Path) -> Any:  # noqa: ARG001  (one contract for all languages)
    """None: emotions of 2,800 German posts made held-out figures no better."""
    return np.zeros((1 << BITS, 0))


def english_elsewhere(folder: Path) -> Any:
    """Emotions of 43,000 comments (one of three that are felt at others, and gratitude), and offence by single words.

    All 27 emotions apart told held-out comments no better beyond noise, and hostility in other places worse.
    """
    rows = _rows(folder / "goemotions/train.jsonl.gz")
    kinds = {"hostile": {"anger", "annoyance", "disgust"}, "grateful": {"gratitude"}}
    labels = {name: [not emotions.isdisjoint(row["labels"]) for row in rows] for name, emotions in kinds.items()}
    return np.hstack([emotions_of([row["text"] for row in rows], labels, shipped.CUTS[1]), offence()[:, None]])


def offence() -> Any:
    """Return the weights of single words by alt-profanity-check: the mean of its linear models, times its word frequencies."""
    words, rarity = other.vectorizer.vocabulary_, other.vectorizer.idf_
    by_word = np.mean([one.estimator.coef_[0] for one in other.model.calibrated_classifiers_], axis=0) * rarity
    weights = np.zeros(1 << BITS)
    for word, place in words.items():
        weights[shipped.features([word], shipped.CUTS[1])[0] & ((1 << BITS) - 1)] += by_word[place]
    return weights


RECIPES = (
    Recipe(shipped.CUTS[0], german, nothing, 0.7, 0.0, 0.0, 0.0, 4.0, 0.94, ()),
    Recipe(shipped.CUTS[1], english, english_elsewhere, 0.7, 0.1, 0.04, 0.5, 4.0, 0.9, CHATS),
)


def counted(texts: Sequence[str], cut: shipped.Cut) -> Counted:
    """Return the texts as rows, of features in a sparse matrix."""
    readings = [read(text) for text in texts]
    found = [shipped.features(reading.parts, cut) for reading in readings]
    form = np.zeros((len(texts), FORM_MAX))
    for row, reading in zip(form, readings, strict=True):
        row[reading.form()] = 1
    columns = np.fromiter((one & ((1 << BITS) - 1) for row in found for one in row), np.int64)
    starts = np.cumsum([0, *map(len, found)])
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), 1 << BITS))
    matrix.sum_duplicates()
    return Counted(matrix, form)


def fitted(texts: Counted, labels: Any, elsewhere: Any, recipe: Recipe) -> Fit:
    """Fit one language; `elsewhere` holds weights learned elsewhere as columns, to be used as features and folded in."""
    counts = texts.counts
    frequency = np.asarray((counts > 0).sum(0)).ravel()
    scale = np.log((counts.shape[0] + 1) / (frequency + 1)) + 1
    scale[frequency < RARE] = 0
    scale *= (1 - recipe.ratio) + recipe.ratio * np.abs(_ratio(counts, labels))
    rows = _scaled(counts, scale)
    views = _lengthwise(counts @ elsewhere, counts)
    spread = recipe.borrowed / np.maximum(views.std(0), 1e-9)
    shown = texts.form - texts.form.mean(0)
    weight = recipe.form / np.maximum(shown.std(0), 1e-2)  # a sign of hardly any text is kept from a great weight
    dense = sparse.csr_matrix(np.hstack([views * spread, shown * weight]))
    model = _regression(recipe.cost).fit(sparse.hstack([rows, dense]).tocsr(), labels)
    own, theirs, form = np.split(model.coef_[0], [1 << BITS, (1 << BITS) + elsewhere.shape[1]])
    bias = float(model.intercept_[0] - (texts.form.mean(0) * form * weight).sum())
    weights = own * scale * COUNT_SCALE + (elsewhere * (theirs * spread)).sum(1)
    return Fit(weights, form * weight + recipe.brief * _longer(), bias - recipe.brief)


def emotions_of(texts: Sequence[str], labels: dict[str, list[bool]], cut: shipped.Cut) -> Any:
    """Return a column of weights for each emotion."""
    counts = counted(texts, cut).counts
    frequency = np.asarray((counts > 0).sum(0)).ravel()
    scale = np.where(frequency < RARE + 1, 0.0, np.log((len(texts) + 1) / (frequency + 1)) + 1)
    rows = _scaled(counts, scale)
    return np.stack([_regression(1.0).fit(rows, one).coef_[0] * scale * COUNT_SCALE for one in labels.values()], axis=1)


def quantised(fit: Fit, sharp: float) -> shipped.Table:
    """Return the weights as int8; the few largest are cut off, so that the small ones keep their differences."""
    top = float(np.quantile(np.abs(fit.weights[fit.weights != 0]), 0.9995))
    whole = np.clip(np.rint(fit.weights / top * 127), -127, 127).astype(np.int8)
    form = tuple(int(one) for one in np.rint(fit.form / top * 127)) if np.any(fit.form) else ()
    return shipped.Table(whole.tobytes(), round(top / 127, DIGITS), round(fit.bias, DIGITS), round(sharp, DIGITS), form)


def held_out(texts: Counted, labels: Any, groups: Sequence[str], elsewhere: Any, recipe: Recipe, seed: int) -> Any:
    """Return the margin of each text by a fit that did not see its group: five parts."""
    margins = np.zeros(len(labels))
    for seen, unseen in GroupKFold(5, shuffle=True, random_state=seed).split(texts.form, labels, groups):
        margins[unseen] = fitted(texts.rows(seen), labels[seen], elsewhere, recipe).margins(texts.rows(unseen))
    return margins


def sharp_from(margins: Any, labels: Any, precision: float) -> float:
    """Return the least margin from which on so many of the held-out texts are rightly called offensive."""
    order = np.argsort(-margins)
    right = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= precision)
    return float(margins[order][good[-1]]) if len(good) else float(margins.max())


def quiet_from(fit: Fit, folder: Path, recipe: Recipe) -> float:
    """Return the least margin that no more than `SHARP_IN_CHATS` of unselected messages exceed; only addressed ones can."""
    chat = [str(row.get("text") or "") for name in recipe.chats for row in _rows(folder / name) if row["kind"] in SAID]
    addressed = [text for text in chat if not YOU.isdisjoint(read(text).parts)]
    allowed = int(len(chat) * SHARP_IN_CHATS)
    if len(addressed) <= allowed:
        return float("-inf")
    return float(np.sort(fit.margins(counted(addressed, recipe.cut)))[-1 - allowed])


def main() -> None:
    """Learn both languages; write the tables, or with --validate print how well held-out texts are told."""
    folder, validate = Path(sys.argv[1]), "--validate" in sys.argv
    tables = []
    for recipe in RECIPES:
        given, labels, groups = recipe.main(folder)
        texts, truth, elsewhere = counted(given, recipe.cut), np.array(labels), recipe.elsewhere(folder)
        if validate:
            _print_held_out(texts, truth, groups, elsewhere, recipe)
        else:
            margins = [held_out(texts, truth, groups, elsewhere, recipe, seed) for seed in SEEDS]
            borders = [sharp_from(one, truth, recipe.right) for one in margins]
            fit = fitted(texts, truth, elsewhere, recipe)
            sharp = max(float(np.mean(borders)), quiet_from(fit, folder, recipe))
            tables.append(quantised(fit, sharp))
    if tables:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_bytes(msgspec.msgpack.encode(tables))


def _print_held_out(texts: Counted, labels: Any, groups: Sequence[str], elsewhere: Any, recipe: Recipe) -> None:
    figures = []
    for seed in SEEDS:
        margins = held_out(texts, labels, groups, elsewhere, recipe, seed)
        scored = list(zip(margins.tolist(), labels.tolist(), strict=True))
        figures.append((auc(scored), macro_f1([(m > 0, t) for m, t in scored]), recall_at_precision(scored, 0.8)))
    names = ("auc", "macro F1", "recall at precision 0.8")
    told = [
        f"{name} {np.mean(one):.3f} ({min(one):.3f} to {max(one):.3f})"
        for name, one in zip(names, zip(*figures, strict=True), strict=True)
    ]
    sys.stdout.write(f"{recipe.main.__name__}, held out: {', '.join(told)}\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [row for _, row in json_objects(path)]


def _regression(cost: float) -> Any:
    return LogisticRegression(
        C=cost, class_weight="balanced", solver="liblinear", intercept_scaling=3, random_state=SEED
    )


def _ratio(counts: Any, labels: Any) -> Any:
    there = counts > 0
    yes, no = (np.asarray(there[which].sum(0)).ravel() + 1.0 for which in (labels, ~labels))
    return np.log((yes / yes.sum()) / (no / no.sum()))


def _longer() -> Any:
    """Return the shares in which signs of length give back what is taken off brief texts: comments of locked threads are
    seldom brief unless they are sharp, while a chat is made of brief calm ones."""
    shares = np.zeros(FORM_MAX)
    shares[FIRST_LENGTH : FIRST_LENGTH + len(BACK)] = BACK
    return shares


def _lengths(counts: Any) -> Any:
    return np.sqrt(np.maximum(np.asarray(counts.sum(1)).ravel(), 1.0))


def _lengthwise(values: Any, counts: Any) -> Any:
    return values / _lengths(counts)[:, None]


def _scaled(counts: Any, scale: Any) -> Any:
    return (sparse.diags(COUNT_SCALE / _lengths(counts)) @ counts.multiply(scale).tocsr()).tocsr()


if __name__ == "__main__":
    with threadpool_limits(1):  # sums of several threads differ in their last digits, and so would the bytes
        main()
