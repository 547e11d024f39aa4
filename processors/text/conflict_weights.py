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
LETTERS_MAX = 20  # characters of a token that are read
KEPT_MAX = 40_000  # words kept a language
SIGN = "\x02"  # begins a part that is no word of the text, but a sign of its form
WHOLE, PAIR = 1, 2  # what the CRC starts from, so that kinds of features do not share numbers
FILE = "conflict-1.msgpack"
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


# Many sizes see more in short texts, one size more of long ones, at the same cost.
CUTS = (Cut((3, 5), 240), Cut((4,), 480))  # German, English


class Table(msgspec.Struct, frozen=True):
    """The weights of one language: margin = (sum of `weights`, each an int8) x `scale` / sqrt(number of features) + `bias`.

    `sharp` is the margin from which on words count as sharp in a chat.
    """

    weights: bytes
    scale: float
    bias: float
    sharp: float


def parts(plain: str) -> list[str]:
    """Return words and runs of marks, at most `TOKENS_MAX`; `plain` is in lower case with ' for apostrophes."""
    return _PART.findall(plain[: TOKENS_MAX * LETTERS_MAX])[:TOKENS_MAX]


def features(found: list[str], cut: Cut) -> list[int]:
    """Return the features of a text as numbers of 32 bits: those of each distinct word, and each distinct pair of neighbours.

    A feature of several words comes several times. This is what training counts; `learned` adds up the same.
    """
    own = [feature for word, cut_up in _words(found, cut) for feature in _of_word(word, cut.sizes if cut_up else ())]
    return own + [_pair(*pair) for pair in dict.fromkeys(pairwise(found))]


def learned(found: list[str]) -> Score:
    """Score the parts of a text with the table of its language."""
    if not found:
        return Score(0.0, sharp=False)
    table = tables()[language(found)]
    total = count = 0
    for word, cut_up in _words(found, table.cut):
        adds, features = (table.kept.get(word) if cut_up else None) or table.word(word, cut_up=cut_up)
        total += adds
        count += features
    weights, mask = table.signed, table.mask
    pairs = dict.fromkeys(pairwise(found))
    for first, second in pairs:
        total += weights[_pair(first, second) & mask]
    margin = total * table.scale / sqrt(count + len(pairs)) + table.bias
    return Score(0.5 + 0.5 * margin / (1.0 + abs(margin)), margin > table.sharp)


def language(found: list[str]) -> int:
    """Tell which table a text needs: 0 German, where its common words and umlauts outnumber common English words, else 1."""
    german = sum(part in _GERMAN or not _UMLAUTS.isdisjoint(part) for part in found)
    return 0 if german > sum(part in _ENGLISH for part in found) else 1


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
        self.scale, self.bias, self.sharp = table.scale, table.bias, table.sharp
        self.kept: dict[str, tuple[int, int]] = {}

    def word(self, word: str, *, cut_up: bool) -> tuple[int, int]:
        """Return what a word adds and how many features it has; kept until there are too many."""
        signed, mask = self.signed, self.mask
        own = _of_word(word, self.cut.sizes if cut_up else ())
        adds = (sum([signed[feature & mask] for feature in own]), len(own))
        if cut_up:
            if len(self.kept) >= KEPT_MAX:
                self.kept.clear()
            self.kept[word] = adds
        return adds


def _words(found: list[str], cut: Cut) -> list[tuple[str, bool]]:
    """Return the distinct words, and whether each is cut up: while the letters last."""
    words, letters = [], 0
    for word in dict.fromkeys(found):
        letters += min(len(word), LETTERS_MAX)
        words.append((word, letters <= cut.letters and not word.startswith(SIGN)))
    return words


def _of_word(word: str, sizes: tuple[int, ...]) -> list[int]:
    """Return the features of a word: itself, and its character n-grams of these sizes within " word "."""
    whole = crc32(word[:LETTERS_MAX].encode(), WHOLE)
    if not sizes:
        return [whole]
    edged = f" {word[:LETTERS_MAX]} ".encode()
    grams = {edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1)}
    return [whole, *map(crc32, grams)]


def _pair(first: str, second: str) -> int:
    return crc32(f"{first[:LETTERS_MAX]} {second[:LETTERS_MAX]}".encode(), PAIR)
