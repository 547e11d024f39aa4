"""What a long message says as a whole: learned worths of its words, their pairs, and the concepts that words belong to.

Who writes sixty words about themselves may tell of distress without any sentence that a grammar knows. In chats a few
messages in a hundred are that long, so a border may be so high that of a thousand calm ones hardly one reaches it, and
most others still do. It makes T1 at most, and counts of hardship that it doubts are none. The worths are made by
`python -m streams.evaluation.learning.distress_long`; no word can be read back from those of words.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain, repeat
from math import sqrt
from pkgutil import get_data
from zlib import crc32

import msgspec

from processors.text.distress_context import HARDSHIP_SELF, Context

WORDS_MIN = 30  # words from which a message is long
BUCKETS = 1 << 16
SCALE = 32.0  # a worth of 1.0 is stored as 32; of words and pairs in one signed byte
# Log-odds from which a message tells of strain.
ENOUGH = {"en": 1.8, "de": 0.5}
# Log-odds without words and pairs, from which these lead nowhere near: of 8,700 long messages none, and they cost the most.
HOPELESS = -3.0
DOUBTED = -1.0  # from the border; below it what has words of hardship is about something else
# Lists of words whose share is learned: of whom and of what a message is.
SHARES = ("me", "you", "other", "life", "theme", "domain", "past", "negation")
UNKNOWN = "unknown"  # the concept of words that have none
_MARKS = frozenset(",:()?.!;\n")


class Worths(msgspec.Struct, frozen=True, array_like=True):
    """What is learned: `concepts` for each word of one, `shares` for the share of words of a kind, `bias` of a language."""

    version: str
    bias: dict[str, int]
    concepts: dict[str, int]
    shares: dict[str, int]
    buckets: bytes


def words_of(found: Iterable[str]) -> list[str]:
    """Return the words among words and marks (`distress_reading.pieces`)."""
    return [word for word in found if word not in _MARKS]


def buckets(words: Sequence[str]) -> set[int]:
    """Return the buckets of words and of pairs of neighbours (CRC-32 of the text, so that they are the same everywhere)."""
    said = [word.encode() for word in words]
    first = list(map(crc32, said))
    pairs = map(crc32, [b" " + one for one in said[1:]], first)  # goes on where the first word ended
    return {code % BUCKETS for code in chain(first, pairs)}


def measured(
    words: Sequence[str], concepts: Mapping[str, Sequence[str]], kinds: Mapping[str, AbstractSet[str]]
) -> tuple[dict[str, int], dict[str, float]]:
    """Return how many different words each concept has, and the share of words of each of `SHARES`: what is learned from."""
    counts: dict[str, int] = {}
    for word in set(words):
        for name in concepts.get(word, (UNKNOWN,)):
            counts[name] = counts.get(name, 0) + 1
    return counts, {name: sum(map(kinds[name].__contains__, words)) / len(words) for name in SHARES}


class LongTexts:
    """Weighs long messages of one language: `concepts` are those of each word, `kinds` the words of each of `SHARES`."""

    def __init__(
        self,
        language: str,
        concepts: Mapping[str, Sequence[str]],
        kinds: Mapping[str, AbstractSet[str]],
        own: AbstractSet[str],
        worths: Worths,
    ) -> None:
        self._own = own
        self._enough = ENOUGH[language]
        self._bias = worths.bias[language] / SCALE
        self._unknown = worths.concepts[UNKNOWN]
        self._worths = {word: sum(map(worths.concepts.__getitem__, names)) for word, names in concepts.items()}
        self._of_kinds: dict[str, int] = {}
        for name in SHARES:
            for word in kinds[name]:
                self._of_kinds[word] = self._of_kinds.get(word, 0) + worths.shares[name]
        self._buckets = memoryview(worths.buckets).cast("b")

    def log_odds(self, words: Sequence[str]) -> float:
        """Return the learned log-odds that words, one at least, are of distress."""
        found = buckets(words)
        concepts, of_kinds = self._without_words(words)
        worth = concepts + sum(map(self._buckets.__getitem__, found))
        return self._bias + (worth / sqrt(len(found)) + of_kinds) / SCALE

    def _without_words(self, words: Sequence[str]) -> tuple[int, float]:
        """Return what the concepts of words come to, and what the shares do."""
        concepts = sum(map(self._worths.get, set(words), repeat(self._unknown)))
        return concepts, sum(map(self._of_kinds.get, words, repeat(0))) / len(words)

    def weighed(self, found: Sequence[str]) -> int:
        """Return 1 if words and marks tell of strain, -1 if they are surely of something else; 0 for what is between, or not long."""
        if len(found) < WORDS_MIN or sum(map(self._own.__contains__, found)) < HARDSHIP_SELF:
            return 0
        words = words_of(found)
        return self._verdict(words) if len(words) >= WORDS_MIN else 0

    def _verdict(self, words: Sequence[str]) -> int:
        concepts, of_kinds = self._without_words(words)
        if self._bias + (concepts / sqrt(2 * len(words)) + of_kinds) / SCALE < HOPELESS:
            return -1
        above = self.log_odds(words) - self._enough
        return (above >= 0) - (above < DOUBTED)


class Weighed:
    """What a message says as a whole, weighed when it is first asked; without `texts` nothing."""

    def __init__(self, texts: LongTexts | None, found: Sequence[str]) -> None:
        self._texts, self._found = texts, found

    @cached_property
    def worth(self) -> int:
        """See `LongTexts.weighed`."""
        return self._texts.weighed(self._found) if self._texts else 0


def is_of_oneself(context: Context) -> bool:
    """Tell whether a long message as a whole is the author's, about themselves, and meant."""
    if context.jest or context.recovered or context.me < HARDSHIP_SELF:
        return False
    return (context.you + context.advice) * 2 <= context.me and sum(context.domain) <= max(context.life, 1)


def shipped() -> Worths:
    """Return the worths that are shipped."""
    return msgspec.msgpack.decode(get_data("processors.text", "weights/distress_long.msgpack") or b"", type=Worths)
