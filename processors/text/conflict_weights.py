"""A learned score of how offensive a text is: hashed words, word pairs and character n-grams with small integer weights.

The weights are made by `python -m streams.evaluation.learning.conflict`, one table for German and one for English, and hold
no words: a feature is the low bits of its CRC-32. What a word adds is a function of the word alone, so it is computed once
and kept. Sums are integers; the few operations on floats (a product, a quotient, a square root) are exact by IEEE 754, so
that all machines decide alike.
"""

import pkgutil
import re
from functools import cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import msgspec

TOKENS_MAX = 160  # tokens read
CUT_UP_MAX = 60  # of these, so many are cut into character n-grams too
LETTERS_MAX = 20  # characters of a token that are read
KEPT_MAX = 40_000  # words kept
WHOLE, PAIR = 1, 2  # what the CRC starts from, so that kinds of features do not share numbers
SIZES = (3, 4, 5)  # of character n-grams, within a word and its two edges
FILE = "conflict-1.msgpack"
_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+")
_GERMAN = frozenset(
    "und der die das ist nicht ich du er sie wir ihr ein eine einen einem einer mit auf für von zu den dem des im in auch sich es so wie "  # noqa: SIM905
    "aber oder wenn dass war bei nur noch man schon mehr hat haben sind wird werden kann kein keine mir mich dir dich uns euch mal doch "
    "warum was wer wo hier jetzt immer alle alles nach aus um am als nix ja nein bist seid habt gibt diese dieser dieses mein dein".split()
)
_ENGLISH = frozenset(
    "and the is not i you he she we they a an with on for of to in it that this be are have has was do does can will would should what "  # noqa: SIM905
    "who where why how if or but so as at by from my your me him us them there here just all any no yes if's don't it's i'm you're".split()
) - {"so", "was", "an", "am", "die", "man", "war", "hat", "will", "me"}

_UMLAUTS = frozenset("äöüß")


class Score(NamedTuple):
    """From 0 to 1, 0.5 the border that people draw (`offensive` is beyond it); `sharp` is beyond the border for chats."""

    value: float
    offensive: bool
    sharp: bool


class Table(msgspec.Struct, frozen=True):
    """The weights of one language: margin = (sum of `weights`, each an int8) x `scale` / sqrt(number of features) + `bias`.

    `sharp` is the margin from which on words count as sharp in a chat.
    """

    weights: bytes
    scale: float
    bias: float
    sharp: float


class Word(NamedTuple):
    """What a word adds: its sums in German and English, how many features, its language (1 German, -1 English, 0 neither)."""

    german: int
    english: int
    features: int
    language: int


def parts(plain: str) -> list[str]:
    """Return words and runs of marks, at most `TOKENS_MAX`; `plain` is in lower case with ' for apostrophes."""
    return _PART.findall(plain[: TOKENS_MAX * LETTERS_MAX])[:TOKENS_MAX]


def features(found: list[str]) -> list[int]:
    """Return the features of a text as numbers of 32 bits: those of each distinct word, and each distinct pair of neighbours.

    A feature of several words comes several times. This is what training counts; `learned` adds up the same.
    """
    words = list(dict.fromkeys(found))
    own = [feature for place, word in enumerate(words) for feature in _of_word(word, cut_up=place < CUT_UP_MAX)]
    return own + [_pair(*pair) for pair in dict.fromkeys(pairwise(found))]


def learned(found: list[str]) -> Score:
    """Score the parts of a text with the table of its language: German where its common words outnumber the English ones."""
    if not found:
        return Score(0.0, offensive=False, sharp=False)
    german = english = count = language = 0
    for place, part in enumerate(dict.fromkeys(found)):
        word = _KEPT.get(part) if place < CUT_UP_MAX else None
        word = word or _word(part, cut_up=place < CUT_UP_MAX)
        german += word.german
        english += word.english
        count += word.features
        language += word.language
    table = tables()[0 if language > 0 else 1]
    weights, mask = table.signed, table.mask
    pairs = dict.fromkeys(pairwise(found))
    total = (german if language > 0 else english) + sum(weights[_pair(*pair) & mask] for pair in pairs)
    margin = total * table.scale / sqrt(count + len(pairs)) + table.bias
    return Score(0.5 + 0.5 * margin / (1.0 + abs(margin)), margin > 0.0, margin > table.sharp)


def _word(part: str, *, cut_up: bool) -> Word:
    """Return what a word adds; cut-up ones are kept, and the kept ones thrown away together when they are too many."""
    own = _of_word(part, cut_up=cut_up)
    german, english = (sum(table.signed[feature & table.mask] for feature in own) for table in tables())
    language = (part in _GERMAN) - (part in _ENGLISH) or int(not _UMLAUTS.isdisjoint(part))
    word = Word(german, english, len(own), language)
    if cut_up:
        if len(_KEPT) >= KEPT_MAX:
            _KEPT.clear()
        _KEPT[part] = word
    return word


def _of_word(part: str, *, cut_up: bool) -> list[int]:
    """Return the features of a word: itself, and where `cut_up` its character n-grams within " word "."""
    whole = word_feature(part)
    if not cut_up:
        return [whole]
    edged = f" {part[:LETTERS_MAX]} ".encode()
    grams = {edged[at : at + size] for size in SIZES for at in range(len(edged) - size + 1)}
    return [whole, *map(crc32, grams)]


def word_feature(word: str) -> int:
    """Return the feature of a whole word, by which a word list can be given weight."""
    return crc32(word[:LETTERS_MAX].encode(), WHOLE)


def _pair(first: str, second: str) -> int:
    return crc32(f"{first[:LETTERS_MAX]} {second[:LETTERS_MAX]}".encode(), PAIR)


@cache
def tables() -> tuple["Ready", "Ready"]:
    """Return the tables for German and English, read once."""
    stored = pkgutil.get_data("processors.text", f"weights/{FILE}")
    assert stored is not None, "the weights lie beside the module"  # noqa: S101
    german, english = msgspec.msgpack.decode(stored, type=tuple[Table, Table])
    return Ready(german), Ready(english)


class Ready:
    """A table whose weights can be looked up as signed numbers."""

    def __init__(self, table: Table) -> None:
        self.signed = memoryview(table.weights).cast("b")
        self.mask = len(table.weights) - 1
        self.scale, self.bias, self.sharp = table.scale, table.bias, table.sharp


_KEPT: dict[str, Word] = {}
