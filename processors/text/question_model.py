"""Learned evidence that words ask, and that they begin a matter of the author's own: sums of small integers over hashed n-grams."""

import re
from pkgutil import get_data
from zlib import crc32

import msgspec

from processors.text.normalise import tokens

BITS = 14
_MASK = (1 << BITS) - 1
HEAD, TAIL, SENTENCE = (
    12,
    6,
    14,
)  # tokens read from the beginning, the end, and of the last sentence with a question mark
_ADDRESS = re.compile(r"\s*@?[^\s:,]{1,40}[:,]\s+")
_SENTENCE_END = re.compile(r"[.!?\n]")


class Weights(msgspec.Struct, frozen=True, array_like=True):
    """`asks` and `begins` are tables of signed bytes by hashed n-gram; `any_question` and `own_need` weigh their sums and the rules.

    The two are integers in the order of `question.EVIDENCE`, the bias last; a sum of at least 0 is a yes.
    """

    version: str
    asks: bytes
    begins: bytes
    any_question: tuple[int, ...]
    own_need: tuple[int, ...]


def grams(words: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return hashed uni- and bigrams of the beginning and the end; and those of the asking sentence with what is marked.

    `words` are fresh words in lower case. A leading name with a colon or comma is left out, but noted. The first set is the
    same whether or not question marks stand there.
    """
    address = _ADDRESS.match(words)
    if address:
        words = words[address.end() :]
    found = tokens(words)
    plain = [*_keys(found[:HEAD], "a"), *_keys(found[-TAIL:], "z"), _hash(f"len{min(len(found).bit_length(), 7)}")]
    marked = [_hash("addressed")] if address else []
    mark = words.rfind("?")
    if mark >= 0:
        sentence = _SENTENCE_END.split(words[max(0, mark - 200) : mark])[-1]
        marked += [*_keys(tokens(sentence)[-SENTENCE:], "q"), _hash("mark")]
    return frozenset(plain), frozenset(plain).union(marked)


def evidence(words: str, weights: Weights) -> tuple[int, int]:
    """Return (how much the words sound like a question whatever their marks, how much like the beginning of one's own matter)."""
    plain, marked = grams(words)
    return _sum(weights.asks, plain), _sum(weights.begins, marked)


def read() -> Weights:
    """Return the shipped weights."""
    return msgspec.msgpack.decode(get_data("processors.text", "weights/question.msgpack") or b"", type=Weights)


def _sum(table: bytes, keys: frozenset[int]) -> int:
    return sum([(table[key] ^ 128) - 128 for key in keys])  # bytes are unsigned, the weights signed


def _hash(text: str) -> int:
    return crc32(text.encode()) & _MASK


def _keys(words: list[str], place: str) -> list[int]:
    """Hash words and pairs of neighbours; the multiplier is Knuth's (2^32 over the golden ratio)."""
    keys, before = [], crc32(place.encode())
    for word in words:
        this = crc32((place + word).encode())
        keys += [this & _MASK, (before * 2654435761 + this) >> 7 & _MASK]
        before = this
    return keys
