"""The weights of the learned score of offence: `python -m streams.evaluation.learning.conflict FOLDER [--validate]`.

A logistic regression per language on hashed words, pairs and character n-grams, each feature scaled by its inverse document
frequency and by its log-count ratio between the classes (Wang and Manning 2012, "Baselines and Bigrams", interpolated).
For English, emotions in other texts are learned first, and their scores are features too; being linear in the same
features, all is folded into one table of small integers. `--validate` writes nothing: it prints figures of texts that were
held out, whole threads together. Sources (in FOLDER): germeval2018 (CC-BY-4.0), github-incivility (MIT), goemotions (Apache-2.0).
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from processors.text import conflict_weights as shipped
from processors.text.conflict import read
from streams.evaluation.figures import auc, macro_f1, recall_at_precision
from streams.history.lines import json_objects

BITS = 18  # of a feature that choose its weight: 256 KB a language
RARE = 2  # features of fewer texts are left out
COUNT_SCALE = 1 / 7.0  # brings the length of a text's vector near to one
SEED = 1
OUT = Path(shipped.__file__).parent / "weights" / shipped.FILE


class Recipe(NamedTuple):
    """One language: labelled texts, emotions to learn first, and how hard to fit."""

    cut: shipped.Cut
    main: Callable[[Path], tuple[list[str], list[bool], list[str]]]
    emotions: Callable[[Path], tuple[list[str], dict[str, list[bool]]]]
    ratio: float  # share of the log-count ratio in a feature's scale
    emotion: float  # scale of the emotions' scores
    cost: float  # inverse strength of regularisation


class Fit(NamedTuple):
    """Weights and bias, and the score of any rows of counts."""

    weights: Any
    bias: float

    def margins(self, counts: Any) -> Any:
        """Return the margin of each row."""
        return counts @ self.weights / _lengths(counts) + self.bias


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


def no_emotions(folder: Path) -> tuple[list[str], dict[str, list[bool]]]:  # noqa: ARG001  (one contract for all languages)
    """None: those of 2,800 German posts with emotions made held-out figures no better."""
    return [], {}


def english_emotions(folder: Path) -> tuple[list[str], dict[str, list[bool]]]:
    """Comments with 27 emotions: whether one of three is there that are felt at others, and gratitude."""
    rows = _rows(folder / "goemotions/train.jsonl.gz")
    kinds = {"hostile": {"anger", "annoyance", "disgust"}, "grateful": {"gratitude"}}
    return [row["text"] for row in rows], {
        name: [not emotions.isdisjoint(row["labels"]) for row in rows] for name, emotions in kinds.items()
    }


RECIPES = (
    Recipe(shipped.CUTS[0], german, no_emotions, 0.7, 0.0, 4.0),
    Recipe(shipped.CUTS[1], english, english_emotions, 0.0, 0.1, 3.0),
)


def counts_of(texts: Sequence[str], cut: shipped.Cut) -> Any:
    """Return the sparse matrix of how often each text has each feature."""
    found = [shipped.features(read(text), cut) for text in texts]
    columns = np.fromiter((one & ((1 << BITS) - 1) for row in found for one in row), np.int64)
    starts = np.cumsum([0, *map(len, found)])
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), 1 << BITS))
    matrix.sum_duplicates()
    return matrix


def fitted(counts: Any, labels: Any, emotions: Any, recipe: Recipe) -> Fit:
    """Fit one language; `emotions` holds weights of emotions as columns, to be used as features and folded in."""
    frequency = np.asarray((counts > 0).sum(0)).ravel()
    scale = np.log((counts.shape[0] + 1) / (frequency + 1)) + 1
    scale[frequency < RARE] = 0
    scale *= (1 - recipe.ratio) + recipe.ratio * np.abs(_ratio(counts, labels))
    rows = _scaled(counts, scale)
    views = _lengthwise(counts @ emotions, counts)
    spread = recipe.emotion / np.maximum(views.std(0), 1e-9)
    model = _regression(recipe.cost).fit(sparse.hstack([rows, sparse.csr_matrix(views * spread)]).tocsr(), labels)
    own, theirs = model.coef_[0][: 1 << BITS], model.coef_[0][1 << BITS :]
    return Fit(own * scale * COUNT_SCALE + emotions @ (theirs * spread), float(model.intercept_[0]))


def emotions_of(texts: Sequence[str], labels: dict[str, list[bool]], cut: shipped.Cut) -> Any:
    """Return a column of weights for each emotion."""
    if not labels:
        return np.zeros((1 << BITS, 0))
    counts = counts_of(texts, cut)
    frequency = np.asarray((counts > 0).sum(0)).ravel()
    scale = np.where(frequency < RARE + 1, 0.0, np.log((len(texts) + 1) / (frequency + 1)) + 1)
    rows = _scaled(counts, scale)
    return np.stack([_regression(1.0).fit(rows, one).coef_[0] * scale * COUNT_SCALE for one in labels.values()], axis=1)


def quantised(fit: Fit, sharp: float) -> shipped.Table:
    """Return the weights as int8; the few largest are cut off, so that the small ones keep their differences."""
    top = float(np.quantile(np.abs(fit.weights[fit.weights != 0]), 0.9995))
    whole = np.clip(np.rint(fit.weights / top * 127), -127, 127).astype(np.int8)
    return shipped.Table(whole.tobytes(), top / 127, fit.bias, sharp)


def held_out(counts: Any, labels: Any, groups: Sequence[str], emotions: Any, recipe: Recipe) -> Any:
    """Return the margin of each text by a fit that did not see its group: five parts."""
    margins = np.zeros(len(labels))
    for seen, unseen in GroupKFold(5, shuffle=True, random_state=SEED).split(counts, labels, groups):
        margins[unseen] = fitted(counts[seen], labels[seen], emotions, recipe).margins(counts[unseen])
    return margins


def sharp_from(margins: Any, labels: Any, precision: float = 0.9) -> float:
    """Return the least margin from which on so many of the held-out texts are rightly called offensive."""
    order = np.argsort(-margins)
    right = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= precision)
    return float(margins[order][good[-1]]) if len(good) else float(margins.max())


def main() -> None:
    """Learn both languages; write the tables, or with --validate print how well held-out texts are told."""
    folder, validate = Path(sys.argv[1]), "--validate" in sys.argv
    tables = []
    for recipe in RECIPES:
        texts, labels, groups = recipe.main(folder)
        counts, truth, emotions = (
            counts_of(texts, recipe.cut),
            np.array(labels),
            emotions_of(*recipe.emotions(folder), recipe.cut),
        )
        margins = held_out(counts, truth, groups, emotions, recipe)
        scored = list(zip(margins.tolist(), labels, strict=True))
        sharp = sharp_from(margins, truth)
        sys.stdout.write(
            f"{recipe.main.__name__}, held out: auc {auc(scored):.3f}, macro F1 {macro_f1([(m > 0, t) for m, t in scored]):.3f}, "
            f"recall at precision 0.8 {recall_at_precision(scored, 0.8):.3f}, sharp from {sharp:.2f}\n"
        )
        if not validate:
            tables.append(quantised(fitted(counts, truth, emotions, recipe), sharp))
    if tables:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_bytes(msgspec.msgpack.encode(tables))


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


def _lengths(counts: Any) -> Any:
    return np.sqrt(np.maximum(np.asarray(counts.sum(1)).ravel(), 1.0))


def _lengthwise(values: Any, counts: Any) -> Any:
    return values / _lengths(counts)[:, None]


def _scaled(counts: Any, scale: Any) -> Any:
    return (sparse.diags(COUNT_SCALE / _lengths(counts)) @ counts.multiply(scale).tocsr()).tocsr()


if __name__ == "__main__":
    main()
