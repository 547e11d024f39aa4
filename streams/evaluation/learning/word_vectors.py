"""The shipped word vectors: distilled so that the sum of a text's words points where a sentence encoder points.

`python -m streams.evaluation.learning.word_vectors FOLDER MODEL WORK` reads chats of FOLDER (CC-BY-4.0, MIT, Apache-2.0) and the
encoder in MODEL (see `teacher`). What the encoder said is kept in WORK, some 20 minutes of one core, and read again if it is there.
"""

import json
import random
import re
import sys
from collections import Counter
from math import log2
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
from scipy.sparse import csr_matrix, identity

from processors.text import word_vectors
from processors.text.normalise import fresh_words, tokens
from processors.text.similarity import is_stop_word, stem
from processors.text.word_vectors import Table
from streams.evaluation.learning.teacher import Teacher
from streams.history.lines import json_objects

# How many texts of each chat are shown to the encoder; three quarters of them questions.
TEXTS = {
    "irc-ubuntu/train.jsonl.gz": 7000, "irc-duraspace/2009-2014.jsonl.gz": 800, "gitter/docker.jsonl.gz": 1500, "gitter/gitter.jsonl.gz": 800,
    "goemotions/train.jsonl.gz": 3000, "github-incivility/dev.jsonl.gz": 800, "counsel-chat/questions-dev.jsonl.gz": 500,
}  # fmt: skip
MADE_UP = 8000  # "texts" of a few random words, so that rare words are seen too
DIMS, WORDS, SEEN_MIN = 64, 14_500, 12
COMMON = 3e-3  # smooth inverse frequency (Arora et al. 2017), for the larger share of texts than of words
SHRINK = 3.0  # how strongly vectors are held at those of single words
TEXTS_ALL, RARE = 260_000, 1e-6
FIRST_WORD = 1996  # in the encoder's vocabulary, which is in order of frequency
OUT = Path(word_vectors.__file__).parent / "weights" / "word_vectors.msgpack"
Array = Any


def corpus(folder: Path, model: Path) -> dict[str, Any]:
    """Return texts to show, words to learn, in how many messages each was, and ranks of common English words."""
    dice, counts, shown = random.Random(7), Counter[str](), list[str]()
    for name, wanted in TEXTS.items():
        texts = [fresh_words(row.get("text") or "")[:400] for _, row in json_objects(folder / name)]
        texts = [text for text in texts if len(tokens(text)) > 4]
        for text in texts:
            counts.update(set(tokens(text)))
        dice.shuffle(texts)
        asking = [text for text in texts if "?" in text][: wanted * 3 // 4]
        shown += asking + [text for text in texts if "?" not in text][: wanted - len(asking)]
    known = (model / "vocab.txt").read_text(encoding="utf-8").split("\n")[FIRST_WORD:]
    general = [word for word in known if re.fullmatch(r"[a-z]{2,}", word)]
    chat = [word for word, seen in counts.most_common() if seen >= SEEN_MIN and re.fullmatch(r"[a-z][a-z'0-9]+", word)]
    words = list(dict.fromkeys([*chat, *general]))
    shown += [" ".join(dice.choices(words, k=dice.choice((2, 3, 3, 4, 5)))) for _ in range(MADE_UP)]
    dice.shuffle(shown)
    ranks = {word: place for place, word in enumerate(general)}
    return {"texts": shown, "vocab": words, "counts": {word: counts[word] for word in words}, "rank": ranks}


def taught(folder: Path, model: Path, work: Path) -> tuple[dict[str, Any], Array, Array]:
    """Return the corpus, and the encoder's vectors of its words and texts; from WORK where they are there."""
    path = work / "corpus.json"
    if not path.exists():
        teacher, made = Teacher(model), corpus(folder, model)
        work.mkdir(parents=True, exist_ok=True)
        np.save(work / "vocab.npy", teacher.encode(made["vocab"], 128, 16))
        np.save(work / "texts.npy", teacher.encode(made["texts"]))
        path.write_text(json.dumps(made), encoding="utf-8")
    vectors = np.load(work / "texts.npy")
    found = json.loads(path.read_text(encoding="utf-8"))
    return found | {"texts": found["texts"][: len(vectors)]}, np.load(work / "vocab.npy"), vectors


def share(word: str, found: dict[str, Any]) -> float:
    """Return the share of texts with a word, of chats or of English in general (Zipf), whichever is larger."""
    place: int | None = found["rank"].get(word)
    seen: int = found["counts"].get(word, 0)
    return max(seen / TEXTS_ALL, 0.5 / (place + 8) if place is not None else 0.0, RARE)


def distil(found: dict[str, Any], alone: Array, vectors: Array) -> Array:
    """Return a vector for each word: that of the word alone, weighted by rarity, and corrected by ridge regression on texts."""
    words = found["vocab"]
    index = {word: row for row, word in enumerate(words)}
    shares = np.array([share(word, found) for word in words])
    damped = COMMON / (COMMON + shares) * np.array([0.15 if is_stop_word(word) else 1.0 for word in words])
    start = alone - alone.mean(0)
    start = start / np.linalg.norm(start, axis=1, keepdims=True) * damped[:, None]
    rows = [[index[word] for word in tokens(text)[:48] if word in index] for text in found["texts"]]
    places = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -0.75) for row in rows if row])
    texts = csr_matrix((values, np.concatenate([np.array(row, int) for row in rows]), places), (len(rows), len(words)))
    target = vectors - vectors.mean(0)
    reached = texts @ start
    start *= (reached * target).sum() / (reached * reached).sum()
    full = start + _ridge(texts, target - texts @ start)
    _, _, axes = np.linalg.svd(full * np.sqrt(shares)[:, None], full_matrices=False)
    return full @ axes[:DIMS].T


def _ridge(texts: Array, rest: Array) -> Array:
    """Return the correction by conjugate gradients, all dimensions at once, 25 steps."""
    system = (texts.T @ texts + SHRINK * identity(texts.shape[1])).tocsr()
    found, residue = np.zeros((texts.shape[1], rest.shape[1])), texts.T @ rest
    direction, length = residue.copy(), (residue * residue).sum(0)
    for _ in range(25):
        moved = system @ direction
        step = length / ((direction * moved).sum(0) + 1e-12)
        found += step * direction
        residue = residue - step * moved
        shorter = (residue * residue).sum(0)
        direction, length = residue + shorter / (length + 1e-12) * direction, shorter
    return found


def table(found: dict[str, Any], vectors: Array, version: str = "1") -> Table:
    """Return the table of the most frequent words, and of the rarity of all stems."""
    words = found["vocab"]
    shares = [share(word, found) for word in words]
    kept = sorted(range(len(words)), key=lambda row: -shares[row])[:WORDS]
    whole = np.clip(np.round(vectors / np.abs(vectors[kept]).max() * 127 * 1.6), -127, 127).astype(np.int8)
    rows = {crc32(words[row].encode()): whole[row] for row in kept}
    rarity: dict[int, float] = {}
    for word, one in zip(words, shares, strict=True):
        key = crc32(stem(word).encode())
        rarity[key] = max(rarity.get(key, 0.0), one)
    names, stems = sorted(rows), sorted(rarity)
    return Table(
        version,
        DIMS,
        np.array(names, "<u4").tobytes(),
        np.array([rows[name] for name in names]).tobytes(),
        np.array(stems, "<u4").tobytes(),
        bytes(min(255, max(0, round(-log2(rarity[key]) * 8))) for key in stems),
    )


def main() -> None:
    """Distil, and write the table."""
    found, alone, vectors = taught(*map(Path, sys.argv[1:4]))
    content = msgspec.msgpack.encode(table(found, distil(found, alone, vectors)))
    OUT.write_bytes(content)
    sys.stdout.write(f"{len(found['texts'])} texts, {len(found['vocab'])} words, {len(content)} bytes\n")


if __name__ == "__main__":
    main()
