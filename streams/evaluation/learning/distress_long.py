"""Long texts of distress: `python -m streams.evaluation.learning.distress_long DATAFOLDER` writes what they are worth.

From counsel-chat (MIT), GoEmotions (Apache-2.0), BRIGHTER (CC BY 4.0) and texts of our own (distress_long_*.txt), against
calm ones of these and long messages of the chats (CC BY 4.0, MIT). German has hardly any texts but ours, so what it says is
told above all by concepts, whose worths both languages share. Seeded, one thread: the same bytes again.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from pkgutil import get_data
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from processors.text.distress import GRAMMARS, concepts_of
from processors.text.distress_long import BUCKETS, SCALE, SHARES, UNKNOWN, Worths, buckets, measured, words_of
from processors.text.distress_reading import own_words, pieces
from streams.evaluation.learning.distress import DISTRESSED, NEAR, STRONG
from streams.history.lines import json_objects

OUT = Path(__file__).parents[3] / "processors" / "text" / "weights" / "distress_long.msgpack"
VERSION = "1"
CHATS = (
    "gitter/docker.jsonl.gz",
    "gitter/gitter.jsonl.gz",
    "irc-duraspace/2009-2014.jsonl.gz",
    "irc-ubuntu/train.jsonl.gz",
)
LONG, LETTERS = 35, 110  # words and letters of such a message, at the least
REGULARITY = 0.5
SHARED = 5.0  # how readily shares of words of a kind are learned, to words
LARGEST = 127
Array = Any


class Example(NamedTuple):
    """A text of a language, whether it is of distress, and how much it counts."""

    text: str
    language: str
    distressed: bool
    weight: float


def examples(folder: Path) -> Iterator[Example]:
    """Yield what is learned from, in the order of the files."""
    for row in _rows(folder / "counsel-chat" / "questions-dev.jsonl.gz"):
        yield Example(f"{row['title']}. {row['text']}", "en", True, 12.0)
    yield from _comments(folder)
    for language in ("en", "de"):
        for distressed, text in own(language):
            yield Example(text, language, distressed, 20.0 if distressed else 10.0)
    for name in CHATS:
        for row in _rows(folder / name):
            text = row.get("text") or ""
            if len(text) > LETTERS and len(words(text)) >= LONG:
                yield Example(text, "en", False, 0.3)


def _comments(folder: Path) -> Iterator[Example]:
    """Yield comments and posts with emotions, without those that the detector is measured on; those near to distress are left out."""
    for row in _rows(folder / "goemotions" / "train.jsonl.gz"):
        labels = set(row["labels"])
        if labels & DISTRESSED or not labels & NEAR:
            yield Example(row["text"], "en", bool(labels & DISTRESSED), 1.0 if labels & DISTRESSED else 0.5)
    measured_on = {row["id"] for row in _rows(folder / "distress-german" / "dev.jsonl")}
    for name, language, weight in (("eng", "en", 1.0), ("deu", "de", 0.3)):
        for row in _rows(folder / "brighter" / f"{name}-train.jsonl.gz"):
            felt = max(row["intensity"].get("sadness", 0), row["intensity"].get("fear", 0))
            # The sad German ones are of others as often, and all of them are measured on.
            if row["id"] not in measured_on and (felt == 0 or (felt >= STRONG and language == "en")):
                yield Example(row["text"], language, felt > 0, weight)


def own(language: str) -> list[tuple[bool, str]]:
    """Return our own texts of a language, each with whether it is of distress."""
    lines = (get_data(__package__, f"distress_long_{language}.txt") or b"").decode().splitlines()
    return [(line.startswith("+ "), line[2:]) for line in lines]


def words(text: str) -> list[str]:
    """Return the words of a text as the detector reads them."""
    return words_of(pieces(own_words(text)))


def features(texts: list[tuple[str, str]]) -> tuple[Array, list[str]]:
    """Return a row for each text and language, and the names of what follows the buckets in it: concepts, shares, the language."""
    kinds = {language: concepts_of(language).kinds for language in GRAMMARS}
    concepts = sorted({UNKNOWN}.union(*(names for one in kinds.values() for names in one.values())))
    columns = {name: place for place, name in enumerate([*concepts, *(f"share {name}" for name in SHARES), "de"])}
    ends, places, values, rest = [0], list[Array](), list[Array](), np.zeros((len(texts), len(columns)))
    for row, (text, language) in enumerate(texts):
        said = words(text)
        found = sorted(buckets(said))
        ends.append(ends[-1] + len(found))
        places.append(np.array(found, int))
        values.append(np.full(len(found), max(1, len(found)) ** -0.5))
        if said:
            counts, shares = measured(said, kinds[language], GRAMMARS[language].words)
            for name, count in counts.items():
                rest[row, columns[name]] = count * len(found) ** -0.5
            for name, share in shares.items():
                rest[row, columns[f"share {name}"]] = share * SHARED
        rest[row, columns["de"]] = SHARED * (language == "de")
    hashed = csr_matrix((np.concatenate(values), np.concatenate(places), ends), shape=(len(texts), BUCKETS))
    return hstack([hashed, csr_matrix(rest)]).tocsr(), list(columns)


def learn(rows: list[Example]) -> Worths:
    """Return worths by logistic regression, in which texts of distress count as much as the calm ones."""
    matrix, columns = features([(row.text, row.language) for row in rows])
    distressed = np.array([row.distressed for row in rows])
    weights = np.array([row.weight for row in rows])
    for side in (distressed, ~distressed):
        weights[side] *= len(rows) / 2 / weights[side].sum()
    with threadpool_limits(1):
        model = LogisticRegression(C=REGULARITY, max_iter=200, tol=1e-3).fit(matrix, distressed, sample_weight=weights)
    scaled = np.round(model.coef_[0] * SCALE).astype(int)
    rest = dict(zip(columns, scaled[BUCKETS:].tolist(), strict=True))
    bias = round(float(model.intercept_[0]) * SCALE)
    return Worths(
        VERSION,
        {"en": bias, "de": bias + round(rest.pop("de") * SHARED)},
        {name: worth for name, worth in rest.items() if not name.startswith("share ")},
        {name: round(rest[f"share {name}"] * SHARED) for name in SHARES},
        np.clip(scaled[:BUCKETS], -LARGEST, LARGEST).astype(np.int8).tobytes(),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (row for _, row in json_objects(path))


def main() -> None:
    """Learn from the folder named on the command line and write the worths."""
    if len(sys.argv) != 2:
        sys.exit("expected: python -m streams.evaluation.learning.distress_long FOLDER")
    OUT.write_bytes(msgspec.msgpack.encode(learn(list(examples(Path(sys.argv[1]))))))


if __name__ == "__main__":
    main()
