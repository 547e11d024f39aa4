"""Learned evidence that words ask, and that they begin a matter of the author's own: sums of small integers over hashed n-grams."""

import re
from functools import lru_cache
from pkgutil import get_data
from typing import NamedTuple
from zlib import crc32

import msgspec

from processors.text.normalise import tokens

BITS = 14
_DROPPED = 7  # low bits of a pair's hash that are not used
_MASK, _LOW = (1 << BITS) - 1, (1 << BITS + _DROPPED) - 1
KEPT = 20_000  # words whose numbers are kept; they are as long as what is read at most
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


class Said(NamedTuple):
    """Fresh words in lower case without a leading name with a colon or comma, whether there was one, and their tokens."""

    words: str
    addressed: bool
    found: list[str]


def said(words: str) -> Said:
    """Take fresh words in lower case apart."""
    address = _ADDRESS.match(words)
    rest = words[address.end() :] if address else words
    return Said(rest, address is not None, tokens(rest))


def grams(one: Said) -> tuple[frozenset[int], frozenset[int]]:
    """Return hashed uni- and bigrams of the beginning and the end; and those of the asking sentence that are not among them.

    The first set is the same whether or not question marks stand there.
    """
    words, addressed, found = one
    plain = _keys(found[:HEAD], HEAD_PLACE)
    plain += _keys(found[-TAIL:], TAIL_PLACE)
    plain.append(_LENGTHS[min(len(found).bit_length(), 7)])
    marked = [_ADDRESSED] if addressed else []
    mark = words.rfind("?")
    if mark >= 0:
        sentence = _SENTENCE_END.split(words[max(0, mark - 200) : mark])[-1]
        alone = len(sentence) == mark == len(words) - 1  # one sentence: its tokens are known
        marked += _keys((found if alone else tokens(sentence))[-SENTENCE:], SENTENCE_PLACE)
        marked.append(_MARK)
    distinct = frozenset(plain)
    return distinct, frozenset(marked) - distinct


def evidence(one: Said, weights: Weights) -> tuple[int, int]:
    """Return (how much the words sound like a question whatever their marks, how much like the beginning of one's own matter)."""
    plain, marked = grams(one)
    asks, begins = _signed(weights.asks), _signed(weights.begins)
    return sum([asks[key] for key in plain]), sum([begins[key] for key in plain]) + sum([begins[key] for key in marked])


def read() -> Weights:
    """Return the shipped weights."""
    return msgspec.msgpack.decode(get_data("processors.text", "weights/question.msgpack") or b"", type=Weights)


@lru_cache(4)
def _signed(table: bytes) -> tuple[int, ...]:
    """Return the weights as numbers: bytes are unsigned."""
    return tuple((byte ^ 128) - 128 for byte in table)


def _hash(text: str) -> int:
    return crc32(text.encode())


@lru_cache(KEPT)
def _known(word: str) -> tuple[tuple[int, int, int], ...]:
    """Return, for each place, a word's key, and what it adds to the key of a pair as the second and as the first of it.

    Only the low bits of those reach the key; the multiplier is Knuth's (2^32 over the golden ratio).
    """
    hashes = [_hash(place + word) for place in _PLACES]
    return tuple((this & _MASK, this & _LOW, this * 2654435761 & _LOW) for this in hashes)


_PLACES = "azq"  # beginning, end, asking sentence: the same word is another key in each
HEAD_PLACE, TAIL_PLACE, SENTENCE_PLACE = 0, 1, 2
_BEFORE = _known("")
_LENGTHS = tuple(_hash(f"len{length}") & _MASK for length in range(8))
_ADDRESSED, _MARK = _hash("addressed") & _MASK, _hash("mark") & _MASK


def _keys(words: list[str], place: int) -> list[int]:
    """Hash words and pairs of neighbours."""
    keys, before = [], _BEFORE[place][2]
    for word in words:
        key, second, first = _known(word)[place]
        keys.append(key)
        keys.append((before + second) >> _DROPPED & _MASK)
        before = first
    return keys
