"""Words as they were meant: umlauts on keyboards without them, and slips; what is known of words tells which."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from processors.text.word_vectors import SHIPPED, UNKNOWN

SLIP_MIN, UMLAUT_MIN = 5, 4  # letters of a word whose slips, and whose umlauts, are looked for
SLIP_MAX = 24
_WORD = re.compile(r"[^\W\d_]+")
UNKNOWN_WORDS = 12  # of a text that are looked at
KEPT = 30_000  # words whose meaning is kept
_LETTERS = "abcdefghijklmnopqrstuvwxyzäöü"
_WRITTEN_OUT = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß"))
_BARE = (("a", "ä"), ("o", "ö"), ("u", "ü"))
_ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ed", "es", "en", "er", "ly", "e", "s")
# Letters of a stem. Of 4 to 7 and all, 5 and 6 did best over ten sets together: "hyphenate" and "hyphenation" are one.
STEM_LETTERS = 6
# What was seen of words, for the same come again and again: those that are meant, and slips by what is meant.
_RIGHT: set[str] = set()
_SLIPS: dict[str, str] = {}


def meant(word: str) -> str:
    """Return the word in lower case that is meant: itself where it is known, or where nothing known is near.

    Looked for are umlauts written out or left out, and slips behind the first letter: two changed over, one doubled, one
    left out. Of several the most common counts.
    """
    if word in _RIGHT:
        return word
    if len(word) > SLIP_MAX:
        return word
    right = _SLIPS.get(word) or _meant(word)
    kept = _RIGHT if right is word else _SLIPS
    if len(kept) >= KEPT:
        kept.clear()
    if right is word:
        _RIGHT.add(word)
    else:
        _SLIPS[word] = right
    return right


def _meant(word: str) -> str:
    if len(word) < UMLAUT_MIN or not word.isalpha() or SHIPPED.knows(word) or SHIPPED.rarity(stem(word)) < UNKNOWN:
        return word
    for ways in (with_umlauts(word), undone(word) if len(word) >= SLIP_MIN else ()):
        found = [(SHIPPED.rarity(stem(way)), way) for way in ways if SHIPPED.knows(way)]
        if found:
            return min(found)[1]
    return word


def slips_of(words: Iterable[str], known: Collection[str], least: int = SLIP_MIN) -> dict[str, str]:
    """Return slips of words of at least so many letters, by what was meant, as `meant` undoes them; what is a word by itself is none."""
    found: dict[str, str] = {}
    for word in sorted(words):
        if len(word) < least:
            continue
        typed = {word[:place] + word[place + 1 :] for place in range(1, len(word))}
        typed |= {word[:place] + word[place] + word[place:] for place in range(1, len(word) - 1)}
        typed |= {word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)}
        for slip in typed:
            if slip not in known and is_no_word(slip, word):
                found.setdefault(slip, word)
    return found


def is_no_word(slip: str, word: str) -> bool:
    """Tell whether what looks like a slip of a word is not known by itself."""
    root = stem(slip)
    return not SHIPPED.knows(slip) and (root == stem(word) or SHIPPED.rarity(root) >= UNKNOWN)


def without_slips(words: str, found: Collection[str], wanted: Collection[str]) -> str:
    """Return words in lower case, among whose tokens are those `found`, with the slips of wanted words put right."""
    if _RIGHT.issuperset(found):
        return words
    slips = {word: right for word in unknown(found) if (right := meant(word)) is not word and right in wanted}
    return _WORD.sub(lambda one: slips.get(one[0], one[0]), words) if slips else words


def all_meant(words: list[str]) -> list[str]:
    """Return words in lower case as they were meant; the same list where all are right."""
    if _RIGHT.issuperset(words):
        return words
    slips = {word: meant(word) for word in unknown(words)}
    return [slips.get(word, word) for word in words]


def unknown(words: Iterable[str]) -> Iterator[str]:
    """Yield the first distinct words that hardly anybody writes: whoever writes many of them makes no slips."""
    return islice((word for word in dict.fromkeys(words) if not SHIPPED.knows(word)), UNKNOWN_WORDS)


def with_umlauts(word: str) -> Iterator[str]:
    """Yield a word with one umlaut or sharp s that it may lack, or with all that are written out."""
    whole = word
    for written, letter in (*_WRITTEN_OUT, *_BARE):
        at = word.find(written)
        while at >= 0:
            yield word[:at] + letter + word[at + len(written) :]
            at = word.find(written, at + 1)
        if len(written) == 2:
            whole = whole.replace(written, letter)
    yield whole


def undone(word: str) -> Iterator[str]:
    """Yield the words of which this may be a slip."""
    for place in range(1, len(word)):
        if place + 1 < len(word) and word[place] != word[place + 1]:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if word[place] == word[place - 1]:
            yield word[:place] + word[place + 1 :]
        for letter in _LETTERS:
            yield word[:place] + letter + word[place:]


def stem(word: str) -> str:
    """Return the word without a common English or German ending, of which at least four letters stay, cut to `STEM_LETTERS`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)][:STEM_LETTERS]
    return word[:STEM_LETTERS]
