"""How sharp words are towards somebody: attacks by rule, and a learned score; English and German.

The rules (conflict_words) are for precision: they name who is attacked. The learned score (conflict_weights) knows far more
words, but not whom they are for; alone it reaches the lowest level only, and only where somebody is addressed.
"""

import re
from typing import NamedTuple

from processors.text.conflict_weights import Score, learned, parts
from processors.text.conflict_words import YOU, aimed, may_aim
from processors.text.normalise import fresh_words

READ_MAX = 1200  # characters
HEATED, SHARP = 2, 1
CERTAIN = 0.9  # the least score of words that a rule calls an attack
_NAME = re.compile(r"@[\w-]+")
# Signs of jest among friends; an insult with one of them is none.
_JEST = frozenset("lol lmao rofl haha hahaha hehe hihi xd jk kidding joking scherz spaß :) ;) :-) ;-) :d ;d :p ;p :-p ;-p ^^ 😂 🤣 😅 😆 😉 😄".split())  # noqa: SIM905


class Sharpness(NamedTuple):
    """Level 0 to 2, kinds of attack, and a score from 0 to 1 (0.5 = as likely to be called offensive as not)."""

    level: int
    kinds: tuple[str, ...]
    score: float


def heat(text: str) -> int:
    """Return the level alone: 2 an attack on the one addressed, 1 sharp words where somebody is addressed, 0 else.

    Most messages address nobody and hold no word of attack; they leave after one pass.
    """
    found = parts(plain(text))
    addressed = not YOU.isdisjoint(found)
    if not addressed and not may_aim(found):
        return 0
    if not _JEST.isdisjoint(found):
        return 0
    if aimed([part for part in found if part[0].isalnum()]):
        return HEATED
    return SHARP if addressed and learned(found).sharp else 0


def sharpness(text: str) -> Sharpness:
    """Return level, kinds and score of the fresh words; `READ_MAX` characters are read."""
    found = parts(plain(text))
    kinds = aimed([part for part in found if part[0].isalnum()])
    score: Score = learned(found)
    jest = not _JEST.isdisjoint(found)
    if kinds:
        return Sharpness(0 if jest else HEATED, kinds, max(score.value, CERTAIN))
    level = SHARP if score.sharp and not jest and not YOU.isdisjoint(found) else 0
    return Sharpness(level, (), score.value)


def plain(text: str) -> str:
    """Return the fresh words as the score reads them: lower case, names of people alike, apostrophes as '."""
    words = fresh_words(text[:READ_MAX]).lower().replace("’", "'")
    return _NAME.sub("@", words) if "@" in words else words
