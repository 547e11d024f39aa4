"""The first gate of distress: is there anything to look at, told by the tokens that all detectors share?

It only ever lets through too much: what it does not know how to read (digits, masks, accents, letters apart) it leaves to the gate of plain words.
"""

import re
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

# Of anything else, and of letters apart, the plain words are asked.
_PLAIN = "".join(chr(code) for code in range(128) if chr(code).isalpha()) + "äöüßÄÖÜ .,;:!?()\"'/\n-"
_PLAIN_BYTES = _PLAIN.encode("latin-1")
_WRITTEN_OUT = re.compile(r"(ae|oe|ue|ss)")
_UMLAUTS = {"ae": ("ae", "ä"), "oe": ("oe", "ö"), "ue": ("ue", "ü"), "ss": ("ss", "ß")}
APART = 4  # characters a word, below which letters may stand apart


class Words(NamedTuple):
    """Words as tokens may have them; what each kind means is said in distress_tables."""

    gate: frozenset[str]
    foreign: frozenset[str]
    native: frozenset[str]
    own: frozenset[str]
    me: frozenset[str]
    faint: frozenset[str]


def _is_plain(text: str) -> bool:
    """Tell whether nothing but plain signs and typographic apostrophes stands in a text."""
    try:
        return not text.encode("latin-1").translate(None, _PLAIN_BYTES)
    except UnicodeEncodeError:
        return "’" in text and _is_plain(text.replace("’", "'"))


def spellings(words: Iterable[str]) -> frozenset[str]:
    """Return plain words with all the umlauts, and single apostrophes, that they may have been written with."""
    found: set[str] = set()
    for word in words:
        for parts in product(*(_UMLAUTS.get(part, (part,)) for part in _WRITTEN_OUT.split(word))):
            one = "".join(parts)
            found.update((one, *(f"{one[:place]}'{one[place:]}" for place in range(1, len(one)))))
    return frozenset(found)


class Gate:
    """Tells most calm messages; `own_min` and `faint_min` are how many such words open the gate of plain words."""

    def __init__(self, words: Words, own_min: int, faint_min: int) -> None:
        self._words = Words(*map(spellings, words))
        self._watched = frozenset().union(*self._words)
        self._own_min, self._faint_min = own_min, faint_min

    def is_calm(self, text: str, found: list[str]) -> bool:
        """Tell whether there is surely nothing to look at; `found` are the tokens of the whole text."""
        if len(text) < APART * len(found) or not _is_plain(text):
            return False
        gate, foreign, native, own, me, faint = self._words
        hits = self._watched.intersection(found)
        if not gate.isdisjoint(hits) or not (foreign.isdisjoint(hits) or native.isdisjoint(hits)):
            return False
        if me.isdisjoint(hits):
            return len(own & hits) < self._own_min
        return own.isdisjoint(hits) and len(faint & hits) < self._faint_min
