"""Words as they were meant: umlauts on keyboards without them, and slips; what is known of words tells which."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache

from processors.text.undone import Known, undone
from processors.text.word_vectors import SHIPPED, UNKNOWN

SLIP_MIN, UMLAUT_MIN = 5, 4  # letters of a word whose slips, and whose umlauts, are looked for
SLIP_MAX = 12
_LETTER = re.compile(r"[^\W\d_]")
LAST = "\xff"  # of Latin-1: nothing known is near to a word with letters behind it
WALL = 128  # words; of longer texts each is taken as it stands
UNKNOWN_WORDS = 3  # of a text that are looked at
KEPT = 30_000  # words whose meaning is kept
_WRITTEN_OUT = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("ss", "ß"))
_BARE = (("a", "ä"), ("o", "ö"), ("u", "ü"))
_ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ed", "es", "en", "er", "ly", "e", "s")
# Letters of a stem. Of 4 to 7 and all, 5 and 6 did best over ten sets together: "hyphenate" and "hyphenation" are one.
STEM_LETTERS = 6
_COMMON = Known(SHIPPED.known)


def meant(word: str) -> str:
    """Return the word in lower case that is meant: itself where it is known, or where nothing known is near.

    Looked for are umlauts written out or left out, and slips behind the first letter: two changed over, one doubled, one
    left out. Of several the most common counts.
    """
    return _kept(word) if len(word) <= SLIP_MAX else word


@lru_cache(KEPT)
def _kept(word: str) -> str:
    if (
        len(word) < UMLAUT_MIN
        or not word.isalpha()
        or max(word) > LAST
        or SHIPPED.knows(word)
        or SHIPPED.rarity(stem(word)) < UNKNOWN
    ):
        return word
    found = [way for way in with_umlauts(word) if SHIPPED.knows(way)]
    if not found and len(word) >= SLIP_MIN:
        found = list(undone(word, _COMMON))
    return min([(SHIPPED.rarity(stem(way)), way) for way in found])[1] if found else word


def slips_of(words: Iterable[str], known: Collection[str], least: int = SLIP_MIN) -> dict[str, str]:
    """Return slips of words of at least so many letters, by what was meant, as `meant` undoes them; what is a word by itself is none."""
    found: dict[str, str] = {}
    for word in sorted(words):
        for slip in slips(word) if len(word) >= least else ():
            if slip not in known and is_no_word(slip, word):
                found.setdefault(slip, word)
    return found


def slips(word: str, *, last_doubled: bool = True) -> set[str]:
    """Return what a word may slip to: behind its first letter one left out, one doubled (the last, too, where it is wanted), two changed over."""
    found = {word[:place] + word[place + 1 :] for place in range(1, len(word))}
    found |= {word[:place] + word[place] + word[place:] for place in range(1, len(word) - (not last_doubled))}
    return found | {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)
    }


def without_umlauts(word: str) -> Iterator[str]:
    """Yield a word with one of its umlauts, or all, as keyboards without them write it; `with_umlauts` brings it back."""
    whole = word
    for written, letter in (*_WRITTEN_OUT, *_BARE):
        for place in [place for place, one in enumerate(word) if one == letter]:
            yield word[:place] + written + word[place + 1 :]
        if len(written) == 2:
            whole = whole.replace(letter, written)
    yield whole


class Wanted:
    """Words that matter to a reader of texts; of others it is of no account what they are meant as."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = frozenset(words)
        self.typed = frozenset(
            way for word in words for way in (*slips(word), *without_umlauts(word)) if len(way) >= UMLAUT_MIN
        ).difference(words)

    def put_right(self, words: str, found: Collection[str]) -> str:
        """Return words in lower case, among whose tokens are those `found`, with slips of these words put right; the same object where there are none."""
        typed = self.typed.intersection(found)
        right = {word: one for word in typed if (one := meant(word)) in self._words}
        for slip, one in right.items():
            words = _replaced(words, slip, one)
        return words


def _replaced(words: str, word: str, by: str) -> str:
    """Return words with one put in the place of another, wherever it stands whole."""
    parts, last, at = [], 0, words.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_LETTER.match(words[at - 1 : at]) or _LETTER.match(words, end)):
            parts += [words[last:at], by]
            last = end
        at = words.find(word, end)
    return "".join(parts) + words[last:]


def is_no_word(slip: str, word: str) -> bool:
    """Tell whether what looks like a slip of a word is not known by itself."""
    root = stem(slip)
    return not SHIPPED.knows(slip) and (root == stem(word) or SHIPPED.rarity(root) >= UNKNOWN)


class Meant:
    """What the words of texts are meant as, by a rule for single ones; of plain words nothing else is.

    Words that are right as they stand are kept, for the same come again and again; nothing follows from which are kept.
    """

    def __init__(self, plain: Callable[[str], bool], meant: Callable[[str], str]) -> None:
        self._is_plain, self._meant = plain, meant
        self._right: set[str] = set()
        self._odd: dict[str, str] = {}  # words that are not plain, and what they are meant as

    def all(self, words: list[str]) -> list[str]:
        """Return words in lower case as they were meant; the same list where all are right.

        The first `UNKNOWN_WORDS` that are not plain are looked at, of a text that is no wall: whoever writes many of them makes no slips.
        """
        if self._right.issuperset(words) or len(words) > WALL:
            return words
        found = {word: one for word, one in self._looked_at(words) if one != word}
        return [found.get(word, word) for word in words] if found else words

    def _looked_at(self, words: list[str]) -> Iterator[tuple[str, str]]:
        """Yield the first words that are not plain, and what they are meant as; behind them none is looked at."""
        if len(self._right) + len(self._odd) >= 2 * KEPT:
            self._right.clear()
            self._odd.clear()
        right, odd, seen = self._right, self._odd, 0
        for word in dict.fromkeys(words):
            if word not in odd:
                if word in right:
                    continue
                if self._is_plain(word):
                    right.add(word)
                    continue
                odd[word] = one = self._meant(word)
                if one == word:
                    right.add(word)
            yield word, odd[word]
            seen += 1
            if seen == UNKNOWN_WORDS:
                return


all_meant = Meant(SHIPPED.knows, meant).all


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


def stem(word: str) -> str:
    """Return the word without a common English or German ending, of which at least four letters stay, cut to `STEM_LETTERS`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)][:STEM_LETTERS]
    return word[:STEM_LETTERS]
