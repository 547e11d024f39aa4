"""The first gate of distress: is there anything to look at, told by the tokens that all detectors share?

It only ever lets through too much: what it does not know how to read (digits, masks, accents, letters apart) it leaves to the gate of plain words.
"""

import re
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

# Of anything else, and of letters apart, the plain words are asked.
_PLAIN = (
    "".join(chr(code) for code in range(128) if chr(code).isalpha()) + "äöüßÄÖÜ .,;:!?()[]{}<>=+&%#~^_\\\"'/\r\n\t-"
)
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
    theirs: frozenset[str]
    persons: frozenset[str]


def _is_plain(text: str) -> bool:
    """Tell whether nothing but plain signs and typographic apostrophes stands in a text."""
    try:
        return not text.encode("latin-1").translate(None, _PLAIN_BYTES)
    except UnicodeEncodeError:
        return "’" in text and _is_plain(text.replace("’", "'"))


def spellings(words: Iterable[str]) -> frozenset[str]:
    """Return plain words with all the umlauts that they may have been written with."""
    return frozenset(
        "".join(parts)
        for word in words
        for parts in product(*(_UMLAUTS.get(part, (part,)) for part in _WRITTEN_OUT.split(word)))
    )


def apostrophised(words: Iterable[str]) -> frozenset[str]:
    """Return words as they are, and with a single apostrophe anywhere within."""
    return frozenset(
        one for word in words for one in (word, *(f"{word[:place]}'{word[place:]}" for place in range(1, len(word))))
    )


class _Kinds:
    """The words of one way to write them; what hardly any calm text has is looked for in all, the rest in what was found."""

    def __init__(self, words: Words, slips: frozenset[str]) -> None:
        self.gate, self.foreign, self.native, self.own, self.me, self.faint, self.theirs, self.persons = words
        self.gate |= slips
        self.rare = self.gate | self.foreign | self.own | self.me | self.faint | self.theirs


class Gate:
    """Tells most calm messages; `own_min`, `faint_min` and `others_min` (beside a person) are how many such words open the gate of plain words.

    `slips` are words that open it too.
    Few messages have apostrophes, and the table of words with them is too large to stay near the processor.
    """

    def __init__(
        self, words: Words, own_min: int, faint_min: int, others_min: int, slips: frozenset[str] = frozenset()
    ) -> None:
        written, slips = Words(*map(spellings, words)), spellings(slips)
        self._plainly = _Kinds(written, slips)
        self._with_apostrophes = _Kinds(Words(*map(apostrophised, written)), apostrophised(slips))
        self._own_min, self._faint_min, self._others_min = own_min, faint_min, others_min

    def is_calm(self, text: str, found: list[str]) -> bool:
        """Tell whether there is surely nothing to look at; `found` are the tokens of the whole text."""
        if len(text) < APART * len(found) or not _is_plain(text):
            return False
        kinds = self._with_apostrophes if "'" in text or "’" in text else self._plainly
        hits = kinds.rare.intersection(found)
        if not kinds.gate.isdisjoint(hits):
            return False
        if not (kinds.foreign.isdisjoint(hits) or kinds.native.isdisjoint(found)):
            return False
        of_others = len(kinds.own & hits) >= self._others_min or not kinds.theirs.isdisjoint(hits)
        if of_others and not kinds.persons.isdisjoint(found):
            return False
        if kinds.me.isdisjoint(hits):
            return len(kinds.own & hits) < self._own_min
        return kinds.own.isdisjoint(hits) and len(kinds.faint & hits) < self._faint_min
