"""The learned score of distress: `python -m streams.evaluation.learning.distress DATAFOLDER` writes its weights.

From counsel-chat (MIT), GoEmotions (Apache-2.0) and BRIGHTER (CC BY 4.0): questions put to therapists and comments with
sadness, fear, grief, nervousness or remorse against comments with none of them. Seeded, one thread: the same bytes again.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from processors.text.distress_reading import own_words
from processors.text.distress_score import BUCKETS, SCALE, features
from streams.history.lines import json_objects

WEIGHTS = Path(__file__).parents[3] / "processors" / "text" / "weights" / "distress.bin"
DISTRESSED = frozenset({"sadness", "fear", "grief", "nervousness", "remorse"})
NEAR = frozenset({"disappointment", "embarrassment", "anger", "annoyance", "confusion", "disgust", "realization"})
STRONG = 2  # of BRIGHTER's intensities 0 to 3
REGULARITY = 1.0


class Example(NamedTuple):
    """A text, whether it is of distress, and how much it counts."""

    text: str
    distressed: bool
    weight: float


def examples(folder: Path) -> Iterator[Example]:
    """Yield what is learned from, in the order of the files; comments that are near to distress are left out."""
    for row in _rows(folder / "goemotions" / "train.jsonl.gz"):
        labels = set(row["labels"])
        if labels & DISTRESSED or not labels & NEAR:
            yield Example(row["text"], bool(labels & DISTRESSED), 1.0 if labels & DISTRESSED else 0.5)
    for row in _rows(folder / "counsel-chat" / "questions-dev.jsonl.gz"):
        yield Example(f"{row['title']}. {row['text']}", True, 8.0)
    for name in ("eng", "deu"):
        for row in _rows(folder / "brighter" / f"{name}-train.jsonl.gz"):
            felt = max(row["intensity"].get("sadness", 0), row["intensity"].get("fear", 0))
            yield Example(row["text"], felt >= STRONG, 1.0)


def learn(rows: list[Example]) -> bytes:
    """Return bias and weights as signed bytes; logistic regression over features of equal length."""
    buckets = [sorted(features(own_words(row.text))) for row in rows]
    values = np.concatenate([np.full(len(one), len(one) ** -0.5) for one in buckets if one])
    ends = np.cumsum([0, *map(len, buckets)])
    matrix = csr_matrix((values, np.concatenate([one for one in buckets if one]), ends), shape=(len(rows), BUCKETS))
    model = LogisticRegression(C=REGULARITY, class_weight="balanced", max_iter=200)
    model.fit(matrix, [row.distressed for row in rows], sample_weight=[row.weight for row in rows])
    whole = np.concatenate([model.intercept_, model.coef_[0]]) * SCALE
    return bytes(np.clip(np.round(whole), -127, 127).astype(np.int8).tobytes())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (row for _, row in json_objects(path))


def main() -> None:
    """Learn from the folder named on the command line and write the weights."""
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(learn(list(examples(Path(sys.argv[1])))))


if __name__ == "__main__":
    main()
