"""Static word vectors and how common words are in general, in whole numbers: what words mean before a community has said much."""

from collections.abc import KeysView, Sequence
from math import isqrt
from pkgutil import get_data
from zlib import crc32

import msgspec
import numpy as np

from processors.text.kept import Kept

WORDS_MAX = 64  # words of a text that are read
LENGTH = 127  # of every vector but that of nothing, up to rounding
KNOWN_LEAST = 0.5  # the share of a text's words that must be known: of a foreign language a few look like words of ours
UNKNOWN = 160  # how rare an unknown word is thought to be, in eighths of a bit: one text in 2^20


class Table(msgspec.Struct, frozen=True, array_like=True):
    """What is shipped, or made by a deployer: words are known by their CRC-32 alone, so that it holds no text.

    `words` are little-endian uint32 in ascending order, `rows` as many vectors of `dims` signed bytes; `stems` likewise,
    `rarity` a byte for each: minus the binary logarithm of the share of texts with it, in eighths.
    """

    version: str
    dims: int
    words: bytes
    rows: bytes
    stems: bytes = b""
    rarity: bytes = b""


class WordVectors:
    """An encoder: the sum of the vectors of known words, at one length. Whole numbers, so that every machine agrees."""

    def __init__(self, table: Table) -> None:
        self.version, self.dims = table.version, table.dims
        words = np.frombuffer(table.words, dtype="<u4").tolist()
        # The first row is that of unknown words.
        self._rows = np.frombuffer(bytes(table.dims) + table.rows, dtype=np.int8).reshape(1 + len(words), table.dims)
        self._index = {word: row for row, word in enumerate(words, 1)}
        self._known = Kept(self._look_up)
        stems: list[int] = np.frombuffer(table.stems, dtype="<u4").tolist()
        self._rarity = dict(zip(stems, table.rarity, strict=True))

    def encode(self, words: Sequence[str]) -> bytes:
        """Return the vector of words as `dims` signed bytes; none where so few are known that it would be that of other words."""
        found = list(filter(None, map(self._known.__getitem__, words)))
        if not found or len(found) < KNOWN_LEAST * len(words):
            return b""
        total = np.add.reduce(self._rows.take(found, 0), 0, np.int64)
        length = isqrt(int(total.dot(total)) << 16)
        return (total * (LENGTH << 8) // length).astype(np.int8).tobytes() if length else b""

    def _look_up(self, word: str) -> int:
        return self._index.get(crc32(word.encode()), 0)

    def knows(self, word: str) -> bool:
        """Tell whether a word in lower case is one that people write often."""
        return crc32(word.encode()) in self._index

    @property
    def known(self) -> KeysView[int]:
        """The CRC-32 of the words that people write often."""
        return self._index.keys()

    def rarity(self, stem: str) -> int:
        """Return how rare texts with this stem are in general, in eighths of a bit."""
        return self._rarity.get(crc32(stem.encode()), UNKNOWN)


def cosine(a: bytes, b: bytes) -> int:
    """Return the cosine of two vectors in thousandths (0 where it is negative, or one is unknown)."""
    return meaning(
        int(np.frombuffer(a, dtype=np.int8).astype(np.int64) @ np.frombuffer(b, dtype=np.int8).astype(np.int64))
    )


def meanings(vector: bytes, others: Sequence[bytes]) -> list[int | None]:
    """Return the cosine, as above, with each of other vectors; None for those of another encoder."""
    alike = [one for one in others if len(one) == len(vector)]
    if not alike or not vector:
        return [None] * len(others)
    rows = np.frombuffer(b"".join([vector, *alike]), dtype=np.int8).reshape(-1, len(vector)).astype(np.int32)
    _, *products = rows.dot(rows[0]).tolist()
    found: list[int | None] = [meaning(product) for product in products]
    if len(alike) == len(others):
        return found
    known = iter(found)
    return [next(known) if len(one) == len(vector) else None for one in others]


def meaning(product: int) -> int:
    """Return the cosine, as above, of two vectors of this inner product."""
    return min(1000, product * 1000 // (LENGTH * LENGTH)) if product > 0 else 0


def read(content: bytes) -> WordVectors:
    """Return the encoder of a table's content. Raises `msgspec.DecodeError` or `ValueError` where it is none."""
    return WordVectors(msgspec.msgpack.decode(content, type=Table))


def shipped_table() -> Table:
    """Return the table that is always there."""
    return msgspec.msgpack.decode(get_data("processors.text", "weights/word_vectors.msgpack") or b"", type=Table)


SHIPPED = WordVectors(shipped_table())
