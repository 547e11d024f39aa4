"""A learned score of how offensive a text is: hashed words, word pairs, character n-grams and classes with small integer weights.

The weights are made by `python -m streams.evaluation.learning.conflict`, one table for German and one for English, and hold
no words: a feature is the low bits of its CRC-32. What a word adds is a function of the word alone, so it is computed once
and kept. Signs of a text's form count once, however long it is. Sums are integers; the few operations on floats (a product,
a quotient, a square root) are exact by IEEE 754, so that all machines decide alike.
"""

import pkgutil
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import msgspec

from processors.text.conflict_classes import class_features

TOKENS_MAX = 120  # tokens read
LETTERS_MAX = 20  # characters of a token that are read
# Characters that are parted at once; of a longer text the rest, where there are fewer parts than are read.
SHORT_MAX = 300
CHARACTERS_MAX = 800  # of a text: more is seldom read, for `TOKENS_MAX` ends it
KEPT_MAX = 40_000  # words kept a language
SIGN = "\x02"  # begins a part that is no word of the text, but a sign of its form
WHOLE = 1  # what the CRC of words starts from, so that they do not share numbers with their n-grams
SPREAD = 0x9E3779B1  # 2^32 / golden ratio (Knuth, Multiplicative hashing): keeps "a b" and "b a" apart
FILE = "conflict-4.msgpack"
_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+")
_GERMAN = frozenset(
    "und der die das ist nicht ich du er sie wir ihr ein eine einen einem einer mit auf für von zu den dem des im in auch sich es so wie "
    "aber oder wenn dass war bei nur noch man schon mehr hat haben sind wird werden kann kein keine mir mich dir dich uns euch mal doch "
    "warum was wer wo hier jetzt immer alle alles nach aus um am als nix ja nein bist seid habt gibt diese dieser dieses mein dein".split()
)
_ENGLISH = frozenset(
    "and the is not i you he she we they a an with on for of to in it that this be are have has was do does can will would should what "
    "who where why how if or but so as at by from my your me him us them there here just all any no yes if's don't it's i'm you're".split()
) - {"so", "was", "an", "am", "die", "man", "war", "hat", "will", "me"}

_UMLAUTS = frozenset("äöüß")


class Score(NamedTuple):
    """From 0 to 1, 0.5 the border that people draw; `sharp` is beyond the stricter border for chats."""

    value: float
    sharp: bool


class Cut(NamedTuple):
    """How words are cut into character n-grams, within " word ": their sizes, and how many letters of a text are cut at most."""

    sizes: tuple[int, ...]
    letters: int


# German compounds are only seen by their parts; English words and pairs told held-out comments as well without n-grams.
CUTS = (Cut((3, 5), 200), Cut((), 0))  # German, English


class Table(msgspec.Struct, frozen=True):
    """The weights of one language.

    margin = (sum of `weights`, each an int8, / sqrt(number of features) + sum of `form`) x `scale` + `bias`.
    `sharp` is the margin from which on words count as sharp in a chat; `form` has a whole number for each sign of a text's
    form, or nothing where form is not counted so.
    """

    weights: bytes
    scale: float
    bias: float
    sharp: float
    form: tuple[int, ...] = ()


def parts(plain: str) -> list[str]:
    """Return words and runs of marks, at most `TOKENS_MAX`; `plain` is in lower case with ' for apostrophes."""
    if len(plain) <= SHORT_MAX:
        return _PART.findall(plain)[:TOKENS_MAX]
    blank = plain.rfind(" ", 0, SHORT_MAX) + 1  # no part goes across
    found: list[str] = _PART.findall(plain, 0, blank)
    if len(found) < TOKENS_MAX:
        found += _PART.findall(plain, blank, CHARACTERS_MAX)
    return found[:TOKENS_MAX]


def features(found: list[str], cut: Cut) -> list[int]:
    """Return the features of a text as numbers of 32 bits: those of each distinct word, and each distinct pair of neighbours.

    A feature of several words comes several times. This is what training counts; `learned` adds up the same.
    """
    own = [feature for word, cut_up in _words(found, cut) for feature in _of_word(word, cut.sizes if cut_up else ())]
    wholes = {word: _whole(word) for word in found}
    return own + [_pair(wholes[first], wholes[second]) for first, second in dict.fromkeys(pairwise(found))]


def learned(found: list[str], form: Callable[[], Sequence[int]] = tuple) -> Score:
    """Score the parts of a text with the table of its language; `form` gives the numbers of the signs that its form shows."""
    if not found:
        return Score(0.0, sharp=False)
    table = tables()[language(found)]
    margin = (_of_words(found, table) + table.shown(form)) * table.scale + table.bias
    return Score(0.5 + 0.5 * margin / (1.0 + abs(margin)), margin > table.sharp)


def _of_words(found: list[str], table: "Ready") -> float:
    """Return the sum of the weights of words and pairs, by the root of how many they are."""
    total = count = letters = 0
    weights, mask, known, most = table.signed, table.mask, table.kept.get, table.cut.letters
    whole: list[str] = []  # words that are not cut up
    wholes = {word: crc32(word[:LETTERS_MAX].encode(), WHOLE) for word in found}  # as `_whole`
    words = iter(wholes)  # as `_words`, without a list of them
    for word in words:
        letters += len(word) if len(word) <= LETTERS_MAX else LETTERS_MAX
        if letters > most or word[0] == SIGN:
            whole.append(word)
            if letters > most:
                whole += words
        else:
            adds, features = known(word) or table.word(word)
            total += adds
            count += features
    total += sum([weights[wholes[word] & mask] for word in whole])
    pairs = dict.fromkeys(pairwise(found))
    total += sum([weights[(wholes[first] * SPREAD + wholes[second]) & mask] for first, second in pairs])  # as `_pair`
    return total / sqrt(count + len(whole) + len(pairs))


def language(found: list[str]) -> int:
    """Tell which table a text needs: 0 German, where its common words and umlauts outnumber common English words, else 1."""
    german = sum(map(_GERMAN.__contains__, found))
    unusual = [part for part in found if not part.isascii() and part not in _GERMAN]
    german += len([part for part in unusual if not _UMLAUTS.isdisjoint(part)])
    return 0 if german > sum(map(_ENGLISH.__contains__, found)) else 1


@cache
def tables() -> tuple["Ready", "Ready"]:
    """Return the tables for German and English, read once."""
    stored = pkgutil.get_data("processors.text", f"weights/{FILE}")
    assert stored is not None, "the weights lie beside the module"  # noqa: S101
    german, english = msgspec.msgpack.decode(stored, type=tuple[Table, Table])
    return Ready(german, CUTS[0]), Ready(english, CUTS[1])


class Ready:
    """A table whose weights can be looked up as signed numbers; `kept` holds what cut-up words add, and their features."""

    def __init__(self, table: Table, cut: Cut) -> None:
        self.cut = cut
        self.signed = memoryview(table.weights).cast("b")
        self.mask = len(table.weights) - 1
        self.scale, self.bias, self.sharp, self.form = table.scale, table.bias, table.sharp, table.form
        self.kept: dict[str, tuple[int, int]] = {}

    def shown(self, form: Callable[[], Sequence[int]]) -> int:
        """Return what the signs of a text's form add."""
        return sum([self.form[sign] for sign in form()]) if self.form else 0

    def word(self, word: str) -> tuple[int, int]:
        """Return what a cut-up word adds, and how many features it has; kept until there are too many."""
        signed, mask = self.signed, self.mask
        own = _of_word(word, self.cut.sizes)
        adds = (sum([signed[feature & mask] for feature in own]), len(own))
        if len(self.kept) >= KEPT_MAX:
            self.kept.clear()
        self.kept[word] = adds
        return adds


def _words(found: list[str], cut: Cut) -> list[tuple[str, bool]]:
    """Return the distinct words, and whether each is cut up: while the letters last."""
    words, letters, most = [], 0, cut.letters
    for word in dict.fromkeys(found):
        letters += len(word[:LETTERS_MAX])
        words.append((word, letters <= most and word[0] != SIGN))
    return words


def _of_word(word: str, sizes: tuple[int, ...]) -> list[int]:
    """Return the features of a word: itself, and where it is cut up its character n-grams of these sizes within " word " and its class."""
    whole = _whole(word)
    if not sizes:
        return [whole]
    edged = f" {word[:LETTERS_MAX]} ".encode()
    grams = [crc32(edged[at : at + size]) for size in sizes for at in range(len(edged) - size + 1)]
    return [whole, *grams, *class_features(word)]


def _whole(word: str) -> int:
    return crc32(word[:LETTERS_MAX].encode(), WHOLE)


def _pair(first: int, second: int) -> int:
    """Return the feature of two neighbours, from those of the words: a number of 32 bits."""
    return (first * SPREAD + second) & 0xFFFFFFFF
