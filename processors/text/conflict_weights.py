"""A learned score of how offensive a text is: hashed words, word pairs and character n-grams with small integer weights.

The weights are made by `python -m streams.evaluation.learning.conflict`, one table for German and one for English, and hold
no words: a feature is the low bits of its CRC-32. What a word adds is a function of the word alone, so it is computed once
and kept. Sums are integers; the few operations on floats (a product, a quotient, a square root) are exact by IEEE 754, so
that all machines decide alike.
"""

import pkgutil
import re
from functools import cache
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import msgspec

TOKENS_MAX = 160  # tokens read
CUT_UP_MAX = 60  # of these, so many are cut into character n-grams too
LETTERS_MAX = 20  # characters of a token that are read
KEPT_MAX = 40_000  # words kept in each of two generations
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
) - {"in", "so", "was", "an", "am", "die", "man", "war", "hat", "will", "me"}


class Score(NamedTuple):
    """From 0 to 1, 0.5 the border that people draw; `offensive` and `sharp` are the two thresholds of the language."""

    value: float
    offensive: bool
    sharp: bool


class Table(msgspec.Struct, frozen=True):
    """The weights of one language: margin = (sum of `weights` as int8) * `scale` / sqrt(number of features) + `bias`."""

    weights: bytes
    scale: float
    bias: float
    sharp: float


class Word(NamedTuple):
    """What a word adds: its sums in German and English, its number of features, its language (1 German, -1 English)."""

    german: int
    english: int
    features: int
    language: int
    pair: int
    coded: bytes


def parts(plain: str) -> list[str]:
    """Return words and runs of marks, at most `TOKENS_MAX`; `plain` is in lower case with ' for apostrophes."""
    return _PART.findall(plain)[:TOKENS_MAX]
