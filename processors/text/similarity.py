"""How alike two questions are: words weighted by how rare they are here and in general, and what the words mean."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import islice, repeat
from math import isqrt
from operator import mul
from typing import NamedTuple, Protocol

from processors.text.courtesies import without_courtesies
from processors.text.kept import Kept
from processors.text.mended import FACES, mended
from processors.text.normalise import fresh_words, question_words, tokens
from processors.text.spelling import STEM_LETTERS, all_meant, stem
from processors.text.word_vectors import WORDS_MAX, WordVectors, cosine

CONTENT_MAX, TERMS_WORDS = 24, 160  # content stems of a text, and the words among which they are looked for
# With few words the meaning counts more, with many the words themselves: at `BALANCE` stems both count the same.
# Of 0, 2, 4, 8, 12 and 16: forums want less of it, re-asks in chats more; 4 is within 0.02 of the best on each set but the smallest.
BALANCE = 4
# Likeness is scaled so that CHANCE_IS means the same for short and long texts (see `_BY_CHANCE`).
CHANCE_IS, CHANCE_MAX, CHANCE_FALL, CHANCE_MIN = 500, 760, 17, 260
# The mixed cosine that means no more than chance, by the stems of the shorter text: short texts look alike sooner. Fitted to random
# pairs within each of nine communities (chats, forum posts and titles, lists of frequent questions): at most one in a thousand is
# above `ALIKE` in any of them, while nine of ten re-asks above it are right.
_BY_CHANCE = tuple(max(CHANCE_MIN, CHANCE_MAX - CHANCE_FALL * fewer) for fewer in range(64))
LIFT_MAX = (
    120  # thousandths by which meaning may raise the likeness of the words: sentences of one form mean much the same
)
SQUARE_MIN, ROUNDED = 1_000_000, 2  # from such a square on rounding moves a cosine by less than two thousandths
KEPT_TEXTS = 64  # texts taken apart that are remembered
PRIOR = 300  # texts: a community's own frequencies count as if so many others were known
_MENTIONS = re.compile(r"(?<![\w.])@[\w.-]+")
_REPEATED = (0, 256, 434, 537, 610)  # 256 (1 + ln n) for a stem that stands n times, four at most
_STOP = frozenset(
    "a about after all also am an and any anybody anyone are as at be because been but by can can't could did do does doesn't don't "
    "for from get getting got had has have hello help hey hi how i i'm i've if in into is isn't it it's its just know like me my need "
    "no not of on one or other our please problem question should so some somebody someone something still than thank thanks that the "
    "their them then there these they thing this to try trying up use using want was way we were what when where which who why will "
    "with work working works would you your aber als am an auch auf aus bei bin bitte da danke das dass dem den der des die doch du "
    "ein eine einem einen einer er es für gibt habe haben hallo hat ich im in ist jemand kann kein keine man mein meine mich mir mit "
    "nach nicht noch nur oder schon sich sie sind so um und uns von vor war was wenn wer wie wir wo zu zum zur".split()
)
# In a short question half the words say only that something is asked: "where do I find the" dates, or the rules. They count
# `SMALL_LEAST` / 256 of their rarity in texts of `SMALL_FEW` stems or less, wholly from `SMALL_MANY` on.
SMALL_LEAST, SMALL_FEW, SMALL_MANY = 104, 5, 11


class Words(NamedTuple):
    """A text as it is compared: distinct stems in order of appearance, how often each stands, the vector, content stems."""

    stems: tuple[str, ...]
    counts: bytes
    vector: bytes
    content: int = 0


class Rarity(Protocol):
    """How rare stems are, in 1/256 of a bit."""

    def of_all(self, stems: tuple[str, ...]) -> list[int]:
        """Return at least 1 for each."""


def cut(stems: Iterable[str], counts: Iterable[int]) -> tuple[tuple[str, ...], bytes]:
    """Return stems, of which some may be longer than they are now, and how often each stands, as they would be read now."""
    found: dict[str, int] = {}
    for root, count in zip(stems, counts, strict=True):
        short = root[:STEM_LETTERS]
        found[short] = min(found.get(short, 0) + count, len(_REPEATED) - 1)
    return tuple(found), bytes(found.values())


def terms(text: str, most: int = CONTENT_MAX) -> tuple[str, ...]:
    """Return the first distinct content stems, in order of appearance."""
    words = all_meant(tokens(fresh_words(mended(text)))[:TERMS_WORDS])
    return tuple(islice(dict.fromkeys(_content(words)), most))


class Apart(NamedTuple):
    """A text taken apart: its words, a title's twice; distinct stems in order of appearance, how often each stands, content stems."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    counts: bytes
    content: int


@lru_cache(KEPT_TEXTS)
def apart(text: str) -> Apart:
    """Take the first `WORDS_MAX` words apart that are the author's own or quoted; those of a first line of several, a title, count twice.

    The last texts are remembered: both stages look at a question.
    """
    text = without_courtesies(question_words(mended(text)))
    if text.count(":") > 1:
        text = FACES.sub(" ", text)
    if "@" in text:
        text = _MENTIONS.sub(" ", text)
    title, several, body = text.partition("\n")
    words = tokens(text)[:WORDS_MAX]
    if several and not body.lstrip()[:1].islower():  # else a sentence goes on
        words += tokens(title)[:WORDS_MAX]
    words = all_meant(words)
    stems = list(map(_STEMS.__getitem__, words))
    counts = dict.fromkeys(stems, 1)
    if len(counts) < len(stems):
        counts = dict.fromkeys(counts, 0)
        for root in stems:
            counts[root] += counts[root] < len(_REPEATED) - 1
    return Apart(tuple(words), tuple(counts), bytes(counts.values()), len(set(_content(words))))


def read_words(text: str, encoder: WordVectors) -> Words:
    """Read a text as it is compared; see `apart` for what of it."""
    words, stems, counts, content = apart(text)
    return Words(stems, counts, encoder.encode(words), content)


def weighted(words: Words, rarity: Rarity) -> dict[str, int]:
    """Return the weight of each stem: rarity times (1 + ln n), less for the small words of a short text."""
    rare = _damped(words.stems, rarity.of_all(words.stems), _share_of(words.stems))
    return dict(zip(words.stems, _repeated(rare, words.counts), strict=True))


def _share_of(stems: tuple[str, ...]) -> int:
    """Return how much small words count in a text of these stems, in 1/256."""
    return _SMALL_SHARE[len(stems)] if len(stems) < SMALL_MANY else 256


def _damped(stems: Iterable[str], rare: list[int], share: int) -> list[int]:
    if share == 256:
        return rare
    return [(one * share >> 8 or 1) if root in _STOP_STEMS else one for root, one in zip(stems, rare, strict=True)]


def _repeated(rare: list[int], counts: bytes) -> list[int]:
    """Return what stems weigh that are so rare and stand so often."""
    if not counts.strip(b"\x01"):  # none stands twice
        return rare
    return [one if count == 1 else one * _REPEATED[count] >> 8 for one, count in zip(rare, counts, strict=True)]


class Sought:
    """A text that is compared with many: the squares of its weights by stem, and their sum."""

    def __init__(self, words: Words, rarity: Rarity) -> None:
        stems = words.stems
        self._share = _share_of(stems)
        rare = _damped(stems, rarity.of_all(stems), self._share)
        weights = _repeated(rare, words.counts)
        self._rarity, self._weights = rarity, dict(zip(stems, weights, strict=True))
        self.squares = dict(zip(stems, map(mul, weights, weights), strict=True))
        self.square = sum(self.squares.values())
        # What a stem adds to the inner product with a text in which it stands once, and to the square of that text.
        self._products = self._once = self.squares
        if weights is not rare:
            self._products = dict(zip(stems, map(mul, weights, rare), strict=True))
            self._once = dict(zip(stems, map(mul, rare, rare), strict=True))

    def cosine(self, stems: tuple[str, ...], counts: bytes, common: int) -> int:
        """Return the cosine with another text's words, in thousandths; `common` is the sum of the squares of the stems that both have.

        Where none stands twice in the other, and small words count as much, only of those that are not here has to be
        asked how rare they are.
        """
        share = _share_of(stems)
        if share != self._share or counts.strip(b"\x01"):
            found = _repeated(_damped(stems, self._rarity.of_all(stems), share), counts)
            product = sum(map(mul, map(self._weights.get, stems, repeat(0)), found))
            square = sum(map(mul, found, found))
        else:
            product = square = common
            if (once := self._once) is not self.squares:
                product = sum(filter(None, map(self._products.get, stems)))
                square = sum(filter(None, map(once.get, stems)))
            others = tuple([root for root in stems if root not in once])
            rare = _damped(others, self._rarity.of_all(others), share)
            square += sum(map(mul, rare, rare))
        length = isqrt(self.square * square)
        return product * 1000 // length if length else 0


def likeness(a: Words, b: Words, weights_a: Mapping[str, int], weights_b: Mapping[str, int]) -> int:
    """Return how alike two texts are, in thousandths: cosine of weighted stems and cosine of meaning, in balance and to scale."""
    meant = cosine(a.vector, b.vector) if len(a.vector) == len(b.vector) > 0 else None
    return balanced(weights_a, weights_b, meant, square(weights_a), square(weights_b))


def balanced(
    weights_a: Mapping[str, int], weights_b: Mapping[str, int], meaning: int | None, square_a: int, square_b: int
) -> int:
    """Return the likeness from the weights of both, their squares, and the cosine of their meaning; None, of another encoder: the words alone."""
    if not weights_a or not weights_b:
        return 0
    common = sum([weight * weights_b[root] for root, weight in weights_a.items() if root in weights_b])
    length = isqrt(square_a * square_b)
    return to_scale(common * 1000 // length if length else 0, min(len(weights_a), len(weights_b)), meaning)


def at_most(squares: Mapping[str, int], square: int, stems: Collection[str], meaning: int | None) -> int:
    """Return what the likeness to a text of these stems can be at most, whatever they weigh; `squares` are of the weights, `square` is their sum."""
    if square < SQUARE_MIN:
        return 1000
    common = sum([squares[root] for root in stems if root in squares])
    return to_scale(cosine_at_most(common, square), min(len(squares), len(stems)), meaning)


def cosine_at_most(common: int, square: int) -> int:
    """Return what the cosine of the words of two texts can be at most, in thousandths: of the `square` of one, so much is of common stems.

    By the inequality of Cauchy and Schwarz it is no more than the root of that share.
    """
    return min(1000, isqrt(common * 1_000_000 // square) + ROUNDED) if square >= SQUARE_MIN else 1000


def mixed_for(wanted: int, fewer: int) -> int:
    """Return the least mixed cosine of what is alike by `wanted`, in thousandths; `fewer` are the stems of the shorter."""
    return bisect_left(range(1001), wanted, key=lambda mixed: to_scale(mixed, fewer, None))


def cosine_for(mixed: int, fewer: int, meaning: int | None) -> int:
    """Return the least cosine of the words that this meaning makes as much as `mixed`; above 1000 where none is enough. `fewer`: at least one."""
    if meaning is None:
        return mixed
    return max(mixed - LIFT_MAX, -((BALANCE * meaning - mixed * (fewer + BALANCE)) // fewer))


def to_scale(mixed: int, fewer: int, meaning: int | None) -> int:
    """Return the likeness; it never falls where `mixed`, the cosine of the words, grows. `fewer` are the stems of the shorter."""
    if meaning is not None:
        meant = (fewer * mixed + BALANCE * meaning) // (fewer + BALANCE)
        mixed = min(meant, mixed + LIFT_MAX)
    chance = _BY_CHANCE[min(fewer, len(_BY_CHANCE) - 1)]
    if mixed < chance:
        return CHANCE_IS * mixed // chance
    return CHANCE_IS + (1000 - CHANCE_IS) * (mixed - chance) // (1000 - chance)


def texts_with(here: int, others: int) -> int:
    """Return the logarithm of the number of texts with a stem: so many here, `others` from `others_with`."""
    return log2((here << 16) + others)


def all_texts(here: int) -> int:
    """Return the logarithm of the number of all texts, those here and the `PRIOR` others.

    Less `texts_with` it is a stem's inverse document frequency (Spärck Jones) in all of them together.
    """
    return log2((here + PRIOR + 1) << 16)


def others_with(rarity: int) -> int:
    """Return how many of the `PRIOR` others have a stem of this general rarity (eighths of a bit), and half a text, times 2^16."""
    others = (PRIOR << 16) >> (rarity >> 3)
    return others - others * (rarity & 7) // 16 + (1 << 15)  # the eighths, in a straight line


def log2(number: int) -> int:
    """Return the binary logarithm in 1/256, in straight lines between powers of two: whole numbers, the same everywhere."""
    bits = number.bit_length() - 1
    return (bits << 8) + ((number << 8 >> bits) - 256)


def square(weights: Mapping[str, int]) -> int:
    """Return the square of the length of weighted stems."""
    return sum([weight * weight for weight in weights.values()])


def is_stop_word(word: str) -> bool:
    """Tell a word that says nothing of the matter."""
    return word in _STOP


def _content(words: Iterable[str]) -> Iterable[str]:
    """Return the stems of those words that say something of the matter."""
    return filter(None, map(_TELLING.__getitem__, words))


def _telling(word: str) -> str:
    """Return the stem of a word that says something of the matter, nothing of others."""
    return stem(word) if word not in _STOP and (len(word) > 1 or word.isdigit()) else ""


_STOP_STEMS = frozenset(map(stem, _STOP))
_SMALL_SHARE = tuple(
    SMALL_LEAST + (256 - SMALL_LEAST) * max(0, stems - SMALL_FEW) // (SMALL_MANY - SMALL_FEW)
    for stems in range(SMALL_MANY)
)
_STEMS, _TELLING = Kept(stem), Kept(_telling)
