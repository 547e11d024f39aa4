"""Weights of `processors.text.question`: two tables of n-grams learned from chats by what they show themselves, few weights from labels.

`python -m streams.evaluation.learning.question FOLDER [--last]` reads chats of FOLDER (CC-BY-4.0, MIT). "Asks" is learned from words
whose question marks were taken away; "begins a matter" from who answers whom; the last weights from 200 labelled messages and texts
of our own writing. `--last` learns only these, from the tables that are shipped.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from processors.text import question
from processors.text.normalise import fresh_words
from processors.text.question_model import BITS, Weights, grams, read, said
from streams.evaluation.learning.question_texts import NONE, OTHER, OWN_NEED
from streams.history.lines import json_objects

CHATS = (
    "irc-ubuntu/train.jsonl.gz",
    "irc-duraspace/2009-2014.jsonl.gz",
    "gitter/docker.jsonl.gz",
    "gitter/gitter.jsonl.gz",
)
LABELLED = "question-detection/messages.jsonl"
OUT = Path(question.__file__).parent / "weights" / "question.msgpack"
EXAMPLES_MAX = 70_000
SHARE = {"irc-ubuntu/train.jsonl.gz": 0.25}  # else one chat would drown the others
LABELLED_COUNTS = 3.0  # texts of our own writing that a labelled message counts for
SCALE = 16  # table units per logit


def lowered(text: str) -> str:
    """Return fresh words as the detector reads them."""
    return fresh_words(text).lower().replace("’", "'")[:700]


def examples(folder: Path, left_out: set[str]) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return (words, asks) and (words, begins a conversation), shuffled; labelled messages are left out."""
    dice, asks, begins = random.Random(3), list[tuple[str, bool]](), list[tuple[str, bool]]()
    for name, row in _messages(folder):
        if row["id"] in left_out:
            continue
        words = lowered(row["text"])
        if row.get("annotated"):
            begins.append((words, not row["replies_to"]))
        if dice.random() < SHARE.get(name, 1.0):
            asks.append((words, "?" in words))
    dice.shuffle(asks)
    dice.shuffle(begins)
    return asks[:EXAMPLES_MAX], begins[:EXAMPLES_MAX]


def table(rows: list[frozenset[int]], truth: list[bool], strictness: float) -> bytes:
    """Return the weights of a logistic regression as signed bytes, `SCALE` a logit."""
    keys = [sorted(row) for row in rows]
    starts = np.cumsum([0, *map(len, keys)])
    values = np.concatenate([np.array(row, dtype=np.int32) for row in keys])
    matrix = csr_matrix((np.ones(len(values), np.float32), values, starts), shape=(len(rows), 1 << BITS))
    model = LogisticRegression(C=strictness, max_iter=300, solver="liblinear").fit(matrix, truth)
    return bytes(np.clip(np.round(model.coef_[0] * SCALE), -127, 127).astype(np.int8).tobytes())


def final(values: np.ndarray[Any, Any], truth: list[bool], counts: list[float]) -> tuple[int, ...]:
    """Return integer weights (thousandths of a logit, the sums' ones too) and the bias; `counts` says for how many a row counts."""
    scale = np.array([SCALE, SCALE] + [1.0] * (values.shape[1] - 2))
    model = LogisticRegression(C=1.0, max_iter=1000).fit(values / scale, truth, counts)
    return tuple(round(float(one) * 1000) for one in [*(model.coef_[0] / scale), model.intercept_[0]])


def _messages(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in CHATS:
        for _, row in json_objects(folder / name):
            if row.get("text") and row.get("kind", "message") == "message":
                yield name, row


def weighed(weights: Weights, labelled: list[dict[str, Any]]) -> Weights:
    """Return the weights with their last tables learned from labelled messages and from texts of our own writing."""
    rows = [(row["text"], row["label"], LABELLED_COUNTS) for row in labelled]
    rows += [(text, label, 1.0) for label, texts in enumerate((NONE, OTHER, OWN_NEED)) for text in texts]
    values = np.array([question.look(question.excerpt(lowered(text)), weights) for text, _, _ in rows], float)
    counts = [count for _, _, count in rows]
    any_question = final(values, [label >= 1 for _, label, _ in rows], counts)
    own_need = final(values, [label == 2 for _, label, _ in rows], counts)
    return msgspec.structs.replace(weights, any_question=any_question, own_need=own_need)


def tables(folder: Path, left_out: set[str]) -> Weights:
    """Return weights whose tables of n-grams are learned from the chats."""
    asks, begins = examples(folder, left_out)
    return Weights(
        "1",
        table([grams(said(words))[0] for words, _ in asks], [so for _, so in asks], 0.3),
        table([frozenset().union(*grams(said(words))) for words, _ in begins], [so for _, so in begins], 0.1),
        (),
        (),
    )


def main() -> None:
    """Learn, and write the weights."""
    folder = Path(sys.argv[1])
    labelled = [row for _, row in json_objects(folder / LABELLED) if row["label"] is not None]
    begun = read() if "--last" in sys.argv else tables(folder, {row["source_id"] for row in labelled})
    weights = weighed(msgspec.structs.replace(begun, version="2"), labelled)
    OUT.write_bytes(msgspec.msgpack.encode(weights))
    for name, one, other in zip((*question.EVIDENCE, "bias"), weights.any_question, weights.own_need, strict=True):
        sys.stdout.write(f"{one:6} {other:6} {name}\n")


if __name__ == "__main__":
    main()
