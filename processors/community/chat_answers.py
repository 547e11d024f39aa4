"""Does this line of a chat answer that open question? In a channel without threads, who answers whom has to be told."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from math import exp, log1p
from pkgutil import get_data
from typing import NamedTuple

import msgspec

from processors.community.state import OpenQuestion
from processors.text.similarity import terms
from processors.threads import ThreadPost

LIVE = 600  # seconds for which any line may be the answer; later one that begins with the asker's name is it
WORDS_MAX = 60
NAMES_KEPT = 4096  # bare names kept
TEXT_MAX = 600  # characters of a line that are read
DIGITS = "0123456789"
INNER = "_-[]{}|^`\\"  # what names have between their letters
_INNER = re.compile(f"[{re.escape(INNER)}]+")
_WORD = re.compile(r"[^\W_]+")
# Bytes of Latin-1 in lower case; those that no word has become blanks.
_LATIN_1 = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() else 32 for byte in range(256))
_FIRST = re.compile(r"[^\W_][\w\-\[\]{}|^`\\]*")  # a word with what `_INNER` leaves out of it


class Weights(msgspec.Struct, frozen=True):
    """Integer weights of `FEATURES`, in thousandths of a logit, and the doubts (see `doubts`) from which a question is answered."""

    version: str
    weights: tuple[int, ...]
    bias: int
    least: int


class Line(NamedTuple):
    """A line as it is compared: its author's bare name, its words as bare names, its content stems, and what it is."""

    name: str
    words: list[str]
    terms: frozenset[str]
    time: int
    need: bool
    command: bool
    to: str


@lru_cache(NAMES_KEPT)
def bare(name: str) -> str:
    """Return a name as people type it: lower case, without punctuation and trailing digits."""
    return _bare("".join(_WORD.findall(name.lower())))


def asker(question: OpenQuestion) -> str:
    """Return the bare name of who asked."""
    return bare(question.member.partition("/")[2])


def begins_with(post: ThreadPost) -> tuple[str, ...]:
    """Return whom a line may name from its beginning: the bare name of whom the platform says is answered, and its first word as one."""
    first = _FIRST.search(post.text[:TEXT_MAX].lower())
    to = bare(post.to.partition("/")[2])
    return (to, _bare(_INNER.sub("", first[0]))) if first else (to,)


def line_of(post: ThreadPost) -> Line:
    """Read the parts of a post that matter here; `TEXT_MAX` characters and `WORDS_MAX` words are read."""
    text = post.text[:TEXT_MAX]
    words = [word if word[-1] > "9" else _bare(word) for word in _words(text)[:WORDS_MAX]]
    author, to = (bare(key.partition("/")[2]) for key in (post.member, post.to))
    return Line(author, words, frozenset(terms(text)), int(post.time), post.question, text.lstrip().startswith("!"), to)


def addressed(line: Line, known: Collection[str]) -> set[str]:
    """Return the names among the first two words, other than the author's own, and whom the platform says is answered."""
    found = {word for word in line.words[:2] if word in known and word != line.name}
    return found | {line.to} if line.to else found


class _Seen(NamedTuple):
    """What the features look at."""

    question: OpenQuestion
    line: Line
    named: bool
    free: bool
    overlap: int
    newer: list[OpenQuestion]

    @property
    def begins(self) -> bool:
        """Tell whether the line begins with the asker's name."""
        name = asker(self.question)
        return self.line.to == name or self.line.words[:1] == [name]

    @property
    def newer_overlap(self) -> int:
        """Return how many more words the line shares with a newer question of the asker (-2 to 2)."""
        best = max((len(self.line.terms.intersection(one.terms)) for one in self.newer), default=0)
        return max(-2, min(2, best - self.overlap))


FEATURES: dict[str, Callable[[_Seen], int]] = {
    "names the asker": lambda seen: seen.named,
    "begins with the asker's name": lambda seen: seen.begins,
    "minutes later, naming": lambda seen: seen.named * min((seen.line.time - seen.question.asked) // 60, 10),
    "addresses nobody": lambda seen: seen.free,
    "addresses nobody, the very next line": lambda seen: seen.free and seen.question.lines == 0,
    "addresses nobody, within a minute": lambda seen: seen.free and seen.line.time - seen.question.asked <= 60,
    "addresses nobody, words in common": lambda seen: seen.free * min(seen.overlap, 3),
    "addresses nobody, lines before": lambda seen: seen.free * min(seen.question.lines, 15),
    "addresses nobody, words": lambda seen: seen.free * min(len(seen.line.words), 20),
    "addresses nobody, asks for a need": lambda seen: seen.free and seen.line.need,
    "names the asker for the first time": lambda seen: seen.named and not seen.question.named,
    "naming, after more words of the asker": lambda seen: seen.named * min(seen.question.own, 4),
    "naming, after newer questions of the asker": lambda seen: seen.named * min(len(seen.newer), 2),
    "naming, more in common with a newer question": lambda seen: seen.named * seen.newer_overlap,
    "naming, whom the asker has since addressed": lambda seen: seen.named and seen.line.name in seen.question.since,
    "naming, a command to a bot": lambda seen: seen.named and seen.line.command,
    "addresses another": lambda seen: not seen.named and not seen.free,
}

_ANOTHER = (*[0] * (len(FEATURES) - 1), 1)


def features(
    question: OpenQuestion, line: Line, known: Collection[str], newer: list[OpenQuestion]
) -> tuple[tuple[int, ...], bool]:
    """Return the values of `FEATURES`, and whether the line names the asker.

    `known` are the bare names of the channel's speakers, `newer` the asker's questions since that one.
    """
    name = asker(question)
    named = name in line.words or line.to == name
    free = not named and not addressed(line, known) - {name}
    if not named and not free:  # of all features the last alone
        return _ANOTHER, False
    seen = _Seen(question, line, named, free, len(line.terms.intersection(question.terms)), newer)
    return tuple(int(value(seen)) for value in FEATURES.values()), named


def doubts(values: tuple[int, ...]) -> int:
    """Return how much a line with these features speaks against "not answered yet": -ln(1 - p), in thousandths.

    These add up over lines: together they answer with the probability 1 - product of (1 - p), the noisy or.
    """
    logit = WEIGHTS.bias + sum(map(int.__mul__, values, WEIGHTS.weights))
    return _SOFTPLUS[max(-_REACH, min(_REACH, logit // _STEP)) + _REACH]


def is_answered(question: OpenQuestion, values: tuple[int, ...]) -> bool:
    """Add the doubts of a line to those of the question; tell whether they are enough."""
    question.doubts += doubts(values)
    return question.doubts >= WEIGHTS.least


def _bare(word: str) -> str:
    return word.rstrip(DIGITS) or word


def _words(text: str) -> list[str]:
    """Return the words of a line without what names have between their letters: what Latin-1 can hold by a table of bytes."""
    try:
        return text.encode("latin-1").translate(_LATIN_1, INNER.encode()).decode("latin-1").split()
    except UnicodeEncodeError:
        return _WORD.findall(_INNER.sub("", text.lower()))


def _read() -> Weights:
    data = get_data("processors.text", "weights/chat_answers.json")
    weights = msgspec.json.decode(data or b"", type=Weights)
    if len(weights.weights) != len(FEATURES):
        raise ValueError("weights/chat_answers.json does not fit FEATURES; learn it anew")
    return weights


WEIGHTS = _read()
_STEP, _REACH = 125, 64  # thousandths of a logit; steps to either side of 0
_SOFTPLUS = tuple(round(1000 * log1p(exp((step + 0.5) * _STEP / 1000))) for step in range(-_REACH, _REACH + 1))
