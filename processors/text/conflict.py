"""How sharp words are towards somebody: attacks by rule, and a learned score; English and German.

The rules (conflict_words) are for precision: they name who is attacked. The learned score (conflict_weights) knows far more
words, but not whom they are for; alone it reaches the lowest level only, and only where somebody is addressed.
"""

import re
from bisect import bisect
from typing import NamedTuple

from processors.text.conflict_spelling import as_meant
from processors.text.conflict_weights import SIGN, learned, parts
from processors.text.conflict_words import ALONE, YOU, aimed, attacks, coded, grave, may_aim, spared
from processors.text.mended import FACES, mended
from processors.text.normalise import fresh_words, lowered
from processors.text.reading import reading

READ_MAX = 1200  # characters
HEATED, SHARP = 2, 1
OFFENSIVE = 0.5  # the score from which on people are likely to call words offensive
CERTAIN = 0.9  # the least score of words that a rule calls an attack
# Form says something too: who shows code or a link argues about a thing. Signs are words that no text can hold.
_SIGNS = (("`", f"{SIGN}code"), ("http", f"{SIGN}link"), ("\n>", f"{SIGN}quote"), ("!", f"{SIGN}!"), ("?", f"{SIGN}?"))
_LENGTHS = (40, 120, 300, 800)  # characters
LENGTHS = tuple(f"{SIGN}{number}" for number in range(len(_LENGTHS) + 1))
# More of form, by number: marks anywhere, words of these kinds, how it ends and begins, and the length of the fresh words.
_MARKS = ("`", "http", "\n>", "!", "?", "...", "@", "*", '"', "\n\n", "(", "_", "#", ":", "/", "!!", "??")
_KINDS = tuple(
    frozenset(words.split())
    for words in ("you your you're u", "i i'm i've my me", "we us our", "thanks thank please sorry cheers", "why")
)
_ENDS = ("!", "?", ".")
_FRESH = (20, 40, 80, 120, 200, 300, 450, 600, 800, 1000)  # characters
_KIND = len(_MARKS)
_END = _KIND + len(_KINDS)
_LOWER = _END + len(_ENDS)  # begins with a small letter
_OTHERS = _LOWER + 1  # more is quoted or code than said
FIRST_LENGTH = _OTHERS + 1
FORM_MAX = FIRST_LENGTH + len(_FRESH)  # signs of form
_NAME = re.compile(r"@[\w-]+")
_GATE = YOU | ALONE  # without any of these words nobody is addressed, and no attack can be
# Signs of jest among friends; an insult with one of them is none, but for the gravest.
_JEST = frozenset("lol lmao lmfao rofl haha hahaha hahahaha hehe hihi xd xdd jk kidding joking scherz spaß".split())
_SMILE = re.compile(r"[:;=]-?[)dp](?!\w)")
_FACE = re.compile(
    r":(?:joy|rofl|laughing|smile|smiley|grin|grinning|wink|sweat_smile|slightly_smiling_face|blush|stuck_out_tongue\w*|smirk|heart\w*|lol|upside_down\w*):"
)
_LAUGHS = ("<3", "^^", *"😂🤣😅😆😉😄😁😊🙂😜😛😝😋😀😃")


class Sharpness(NamedTuple):
    """Level 0 to 2, kinds of attack, and a score from 0 to 1 (0.5 = as likely to be called offensive as not)."""

    level: int
    kinds: tuple[str, ...]
    score: float


class Reading(NamedTuple):
    """What of a text is scored: its parts (signs of its form, then words and runs of marks), and where its form is seen."""

    parts: list[str]
    text: str
    fresh: str

    def form(self) -> list[int]:
        """Return the numbers of the signs that the form shows, less than `FORM_MAX`, in ascending order."""
        return _form(self.text, self.fresh, self.parts)


def heat(text: str) -> int:
    """Return the level alone: 2 an attack on the one addressed, 1 sharp words where somebody is addressed, 0 else.

    Most messages address nobody and hold no word of attack; they leave at one of the gates.
    """
    if len(text) <= READ_MAX and _GATE.isdisjoint(reading(mended(text)).found):
        return 0  # each part of `read` that is among these is a token too, for none of them has two apostrophes
    return _level(read(text))


def _level(reading: Reading) -> int:
    found = reading.parts
    addressed = not YOU.isdisjoint(found)
    if not addressed and not may_aim(found):
        return 0
    (said, letters), laughs = _told(reading), not _JEST.isdisjoint(found)
    if attacks(letters):
        return HEATED if not (laughs or _smiles(reading)) or grave(said) else 0
    if not addressed or laughs or not learned(found, reading.form).sharp:
        return 0
    return 0 if spared(letters) or _smiles(reading) else SHARP


def _told(reading: Reading) -> tuple[list[str], str]:
    """Return the words that rules read, and their letters: as they were meant, and with ends where there are laughs; of several paragraphs, where these go on or where each ends."""
    said = _ended(_said(reading.parts))
    letters = coded(said)
    if "\n\n" in reading.fresh and not attacks(letters):
        each = _ended(parts(reading.fresh.replace("\n\n", " . ")))
        if attacks(of_each := coded(each)):
            return each, of_each
    return said, letters


def _ended(said: list[str]) -> list[str]:
    said = as_meant(said)
    return said if _JEST.isdisjoint(said) else ["." if part in _JEST else part for part in said]


def _said(found: list[str]) -> list[str]:
    """Return the parts that are no signs of form, which stand before the words."""
    first = 0
    while found[first][0] == SIGN:
        first += 1
        if first == len(found):
            break
    return found[first:]


def _smiles(reading: Reading) -> bool:
    fresh = reading.fresh  # apart, for what begins with one of a few signs is found several times as fast
    if _SMILE.search(fresh) is not None or any(map(fresh.__contains__, _LAUGHS)):
        return True
    return ":" in reading.text and _FACE.search(reading.text) is not None


def sharpness(text: str) -> Sharpness:
    """Return level, kinds and score of the fresh words; `READ_MAX` characters are read."""
    reading = read(text)
    level, value = heat(text), learned(reading.parts, reading.form).value
    kinds = aimed(_told(reading)[0]) if level == HEATED else ()
    return Sharpness(level, kinds, max(value, CERTAIN) if kinds else value)


def read(text: str) -> Reading:
    """Return what the score reads: its parts, which are signs of its form and then its fresh words, and its form by number."""
    if len(text) <= READ_MAX:
        words = reading(mended(text)).words  # other detectors read it too
    else:
        text = text[:READ_MAX]
        words = lowered(fresh_words(mended(text)).replace("’", "'"))
    signs = [sign for mark, sign in _SIGNS if mark in text]
    signs.append(LENGTHS[bisect(_LENGTHS, len(text))])
    if text.count(":") > 1:
        words = FACES.sub(" ", words)
    found = parts(_NAME.sub("@", words) if "@" in words else words)
    return Reading(signs + found, text, words.strip())


def _form(text: str, fresh: str, found: list[str]) -> list[int]:
    shown, said = [number for number, mark in enumerate(_MARKS) if mark in text], frozenset(found)
    shown += [number for number, kind in enumerate(_KINDS, _KIND) if not kind.isdisjoint(said)]
    shown += [number for number, mark in enumerate(_ENDS, _END) if fresh.endswith(mark)]
    if text[:1].islower():
        shown.append(_LOWER)
    if 2 * len(fresh) < len(text):
        shown.append(_OTHERS)
    shown += range(FIRST_LENGTH, FIRST_LENGTH + bisect(_FRESH, len(fresh) - 1))
    return shown
