"""Learned evidence that words ask, and that they begin a matter of the author's own: sums of small integers over hashed n-grams."""

import re
from functools import cache
from pkgutil import get_data
from typing import NamedTuple
from zlib import crc32

import msgspec

from processors.text.normalise import tokens

BITS = 14
_ASKS, _BEGINS = (
    16,
    (1 << 16) - 1,
)  # where the sums of the two tables stand in one number; a text has far fewer than 256 n-grams
_DROPPED = 7  # low bits of a pair's hash that are not used
_MASK, _LOW = (1 << BITS) - 1, (1 << BITS + _DROPPED) - 1
_KNUTH = 2654435761 & _LOW
HEAD, TAIL, SENTENCE = (
    12,
    6,
    14,
)  # tokens read from the beginning, the end, and of the last sentence with a question mark
KEPT_MAX, KEPT_LETTERS = 20_000, 24  # words whose hash is kept, by place, and the longest of them
_ADDRESS = re.compile(
    r"\s*(?:@?[^\s:,]{1,40}+[:,]|@(?!(?:all|everyone|everybody|here|channel|room|team|mods?|moderators?|admins?|staff|support)\b)[^\s:,]{1,40}+)\s+"
)
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


def said(words: str, found: list[str] | None = None) -> Said:
    """Take fresh words in lower case apart; `found` are their tokens, where these are known already."""
    address = _ADDRESS.match(words)
    if address is None:
        return Said(words, addressed=False, found=tokens(words) if found is None else found)
    end = address.end()  # behind a blank: no token goes across
    rest = words[end:]
    return Said(rest, addressed=True, found=tokens(rest) if found is None else found[len(tokens(words[:end])) :])


_NONE: frozenset[int] = frozenset()


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
    return distinct, frozenset(marked) - distinct if marked else _NONE


def evidence(one: Said, weights: Weights) -> tuple[int, int]:
    """Return (how much the words sound like a question whatever their marks, how much like the beginning of one's own matter)."""
    plain, marked = grams(one)
    both, begins = _both(weights.asks, weights.begins)
    total = sum(map(both.__getitem__, plain))
    beginning = (total & _BEGINS) + sum(map(begins.__getitem__, marked))
    return (total >> _ASKS) - 128 * len(plain), beginning - 128 * (len(plain) + len(marked))


def read() -> Weights:
    """Return the shipped weights."""
    return msgspec.msgpack.decode(get_data("processors.text", "weights/question.msgpack") or b"", type=Weights)


@cache
def _both(asks: bytes, begins: bytes) -> tuple[list[int], list[int]]:
    """Return the weights of two tables in one number each, so that one sum adds up both, and the second's alone; each is 128 more, and so never below 0."""
    second = [one ^ 128 for one in begins]
    return [(one ^ 128) << _ASKS | other for one, other in zip(asks, second, strict=True)], second


def _hash(text: str) -> int:
    return crc32(text.encode()) & _MASK


# A word is another key at the beginning, at the end and in the asking sentence: what its hash starts from.
HEAD_PLACE, TAIL_PLACE, SENTENCE_PLACE = crc32(b"a"), crc32(b"z"), crc32(b"q")
_LENGTHS = tuple(_hash(f"len{length}") for length in range(8))
_ADDRESSED, _MARK = _hash("addressed"), _hash("mark")


def _keys(words: list[str], place: int) -> list[int]:
    """Hash words and pairs of neighbours; the multiplier is Knuth's (2^32 over the golden ratio), its low bits suffice."""
    keys, before, known = [], place, _KNOWN[place]
    for word in words:
        this = known.get(word)
        if this is None:
            this = _kept(word, place)
        keys.append(this & _MASK)
        keys.append((before & _LOW) * _KNUTH + this >> _DROPPED & _MASK)
        before = this
    return keys


# By place, what words hash to: the same words come again and again.
_KNOWN: dict[int, dict[str, int]] = {place: {} for place in (HEAD_PLACE, TAIL_PLACE, SENTENCE_PLACE)}


def _kept(word: str, place: int) -> int:
    """Hash a word, and keep the hash unless the word is long."""
    this = crc32(word.encode(), place)
    if len(word) <= KEPT_LETTERS:
        known = _KNOWN[place]
        if len(known) >= KEPT_MAX:
            known.clear()
        known[word] = this
    return this
