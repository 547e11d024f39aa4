"""Words of attack as people type them: slips, umlauts left out, "your" for "you're", and what German and English join to new ones."""

import re
from collections.abc import Iterable, Iterator
from zlib import crc32

from processors.text.conflict_words import NAMED, known
from processors.text.spelling import (
    LAST,
    SLIP_MAX,
    SLIP_MIN,
    UMLAUT_MIN,
    Meant,
    is_no_word,
    meant,
    with_umlauts,
    without_umlauts,
)
from processors.text.undone import Known, undone
from processors.text.word_vectors import SHIPPED

JOINED_MIN = 7  # letters of a compound
# Ends that make an insult of whatever stands before, and beginnings that do so of whatever follows; by the insult that they are.
_ENDS = ("idiot", "trottel", "depp", "arschloch", "vollpfosten", "versager", "wichser", "schlampe", "hurensohn", "schwachkopf", "dummkopf", "drecksack", "missgeburt")  # fmt: skip
_ENDINGS = tuple(end + ending for end in _ENDS for ending in ("", "en", "s", "e", "er"))
_BEGINNINGS = ("drecks", "scheiß", "scheiss", "hurens", "kackb", "arschg", "arschk", "arschl", "pissn", "pissk")
_NO_NOUN = (
    "egal",
    "kalt",
    "teuer",
    "t",
    "nt",
    "froh",
    "freundlich",
    "lange",
    "viel",
    "wenig",
    "wetter",
    "tag",
    "job",
    "ding",
    "teil",
    "zeug",
    "arbeit",
)
_ENGLISH = re.compile(
    r"(?:fuck|shit|dick|ass|arse|cock|douche|dip|dumb|cum|turd|crap|piss|butt|knob|wank|jizz)(?:face|head|wad|hat|stain|bag|wit|brain|weasel|nugget|wipe|lord|stick|canoe|clown|goblin|tard|muncher|nozzle|waffle|bucket|goblin)s?"
    r"|(?:lib|fuck|con|ass|rage)tards?"
)
_SAYS_ARE = frozenset(
    "a an such so just nothing being all too really very totally literally always still not the".split()
)
_YOURS = NAMED["BODY"] | NAMED["WORK"]
_DOES = NAMED["HURT"] | NAMED["SMASH"] | {"find", "make", "get", "come", "hunt"}
_SAID_OF = NAMED["ADJ"] | NAMED["NOUN"] | NAMED["MANY"] | NAMED["SOFT"]


_INSULTS: frozenset[str] = frozenset().union(
    *(NAMED[name] for name in ("NOUN", "MANY", "ADJ", "LUMP", "TIER", "SCHELTE", "CALLED"))
)

_KNOWN_INSULTS = Known({crc32(word.encode()) for word in _INSULTS})


def as_meant(parts: list[str]) -> list[str]:
    """Return the parts of a text that addresses somebody with words of attack as they were meant; the same list where there is none."""
    parts = _MEANT.all(parts)
    return list(_addressed(parts)) if "your" in parts or "ur" in parts or "ill" in parts else parts


_KNOWN = known()
# What those with umlauts are on keyboards without them.
_BARE = frozenset(way for word in _INSULTS for way in without_umlauts(word)) - _INSULTS


def _plain(word: str) -> bool:
    return word in _KNOWN or len(word) < UMLAUT_MIN or SHIPPED.knows(word)


def _right(word: str) -> str:
    """Return the insult that a word of no class is as a compound, or a slip of; itself where it is none."""
    if len(word) > SLIP_MAX or not word.isalpha() or max(word) > LAST:
        return word
    return (_joined(word) if len(word) >= JOINED_MIN else "") or _near(word)


_MEANT = Meant(_plain, _right)


def _joined(word: str) -> str:
    if word.endswith(_ENDINGS):
        return "vollidiot"
    if word.startswith(_BEGINNINGS) and not word.endswith(_NO_NOUN):
        return "drecksack"
    return ("idiots" if word.endswith("s") else "idiot") if _ENGLISH.fullmatch(word) else ""


def _near(word: str) -> str:
    """Return the insult that a word lacks the umlauts of, or is a slip of; else what else is meant, or the word."""
    bare = next((way for way in with_umlauts(word) if way in _INSULTS), "") if word in _BARE else ""
    if bare or len(word) < SLIP_MIN:
        return bare or meant(word)
    return next((way for way in undone(word, _KNOWN_INSULTS) if is_no_word(word, way)), "") or meant(word)


def _addressed(parts: Iterable[str]) -> Iterator[str]:
    """Yield parts with "your" and "ur" as "you are" where they say so, else as "your"; and "ill" as "I'll" before a deed."""
    several = list(parts)
    for place, part in enumerate(several):
        if part == "ill" and not _DOES.isdisjoint(several[place + 1 : place + 2]):
            yield "i'll"
            continue
        if part not in ("your", "ur"):
            yield part
            continue
        after, next_to_it = several[place + 1 : place + 2], several[place + 2 : place + 3]
        are = not _SAYS_ARE.isdisjoint(after) or (
            part == "ur" and not _SAID_OF.isdisjoint(after) and _YOURS.isdisjoint(next_to_it)
        )
        yield from ("you", "are") if are else ("your",)
