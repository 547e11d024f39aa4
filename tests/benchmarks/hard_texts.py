"""Texts made to be dear to read: walls, cue words over and over, no blanks, marks, masks; the words come from the detectors' own tables.

No text here says anything: words are drawn by lot.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from processors.text import conflict_words, frustration
from processors.text.distress import GRAMMARS
from tests.benchmarks.reference_mix import FILLERS, TERMS

LENGTH = 10_000  # characters; what follows changes nothing
_ASKING = [
    "how",
    "do",
    "i",
    "why",
    "does",
    "my",
    "which",
    "should",
    "what",
    "is",
    "the",
    "best",
    "anyone",
    "know",
    "can",
    "somebody",
    "help",
    "wie",
    "kann",
    "ich",
    "warum",
    "wo",
    "finde",
    "ich",
    "jemand",
]
_STOPS = ("", "", "", "", "", "", "", ",", ".", ".", "!", "?", "\n")

Kind = Callable[[random.Random], str]


def of_words(words: Sequence[str], dice: random.Random, between: str = " ", stops: Sequence[str] = _STOPS) -> str:
    """Return `LENGTH` characters of words drawn by lot, with marks."""
    parts: list[str] = []
    length = 0
    while length < LENGTH:
        part = dice.choice(words) + dice.choice(stops)
        parts.append(part)
        length += len(part) + len(between)
    return between.join(parts)


@cache
def cues(language: str) -> tuple[str, ...]:
    """Return the words that open the gates of distress in a language."""
    return tuple(sorted(GRAMMARS[language].words["gate"]))


@cache
def phrases(language: str) -> tuple[str, ...]:
    """Return all phrases of the grammar of a language."""
    return tuple(sorted({phrase for listed in GRAMMARS[language].classes.values() for phrase in listed}))


def statements(language: str, dice: random.Random) -> str:
    """Return sequences of phrases as the rules ask for them, cut short by lot, so that walks go far and seldom end."""
    grammar = GRAMMARS[language]
    made: list[str] = []
    length = 0
    while length < LENGTH:
        _, names = dice.choice(grammar.sequences)
        known = [name.removesuffix("+I") for name in names if name.removesuffix("+I") in grammar.classes]
        part = " ".join(dice.choice(grammar.classes[name]) for name in known[: dice.randint(1, len(known) or 1)])
        made.append(part + dice.choice(_STOPS))
        length += len(part)
    return " ".join(made)


def _both(one: Sequence[str], other: Sequence[str]) -> list[str]:
    return [*one, *other]


def _attacks() -> list[str]:
    return sorted(conflict_words.HEADS | conflict_words.YOU)


def _masked(dice: random.Random) -> str:
    words = [word for language in GRAMMARS for word in cues(language) if len(word) > 2]
    return of_words(
        [f"{word[0]}*{word[2:]}" if dice.random() < 0.5 else word.replace("e", "3") for word in words], dice
    )


def _letters(dice: random.Random, alphabet: str) -> str:
    return "".join(dice.choice(alphabet) for _ in range(LENGTH))


def _unseen(dice: random.Random) -> str:
    letters = _letters(dice, "abcdefghijklmnopqrstuvwxyzz")
    return " ".join(letters[at : at + 6] for at in range(0, LENGTH, 6))


KINDS: dict[str, Kind] = {
    "prose": lambda dice: of_words([*FILLERS["en"], *TERMS["en"]], dice),
    "German prose": lambda dice: of_words([*FILLERS["de"], *TERMS["de"], "für", "über"], dice),
    "cues": lambda dice: of_words(cues("en"), dice),
    "German cues": lambda dice: of_words(cues("de"), dice),
    "cues of both": lambda dice: of_words(_both(cues("en"), cues("de")), dice),
    "one cue": lambda dice: of_words([dice.choice(cues("en"))], dice, stops=("",)),
    "phrases": lambda dice: of_words(phrases("en"), dice),
    "German phrases": lambda dice: of_words(phrases("de"), dice),
    "phrases of both": lambda dice: of_words(_both(phrases("en"), phrases("de")), dice),
    "phrases without marks": lambda dice: of_words(phrases("en"), dice, stops=("",)),
    "statements": lambda dice: statements("en", dice),
    "German statements": lambda dice: statements("de", dice),
    "I": lambda dice: of_words(["i", "i", "i", *cues("en")], dice),
    "ich": lambda dice: of_words(["ich", "ich", "ich", *cues("de")], dice),
    "masked cues": _masked,
    "attacks": lambda dice: of_words(_attacks(), dice),
    "attacks and prose": lambda dice: of_words([*_attacks(), *TERMS["en"], *TERMS["de"]], dice),
    "you": lambda dice: of_words(["you", "u", "ya", *TERMS["en"]], dice),
    "du": lambda dice: of_words(["du", "dich", "ihr", "für", *TERMS["de"]], dice),
    "frustrations": lambda dice: of_words([word for kind in frustration.PHRASES.values() for one in kind for word in one.split()], dice),
    "asking": lambda dice: of_words(_ASKING, dice),
    "my": lambda dice: of_words(["my"], dice, stops=("",)),
    "marks": lambda dice: _letters(dice, "?!.,;:()[]{}<>*_'\"`~@# \n"),
    "question marks": lambda dice: of_words(["?"], dice, stops=("",)),
    "one letter": lambda dice: of_words(list("abcdefghijklmnopqrstuvwxyz"), dice, stops=("",)),
    "no blank": lambda dice: _letters(dice, "abcdefghijklmnopqrstuvwxyz"),
    "no blank, umlauts": lambda dice: _letters(dice, "äöüßabcdefgh"),
    "same letter": lambda dice: dice.choice("ahlo") * LENGTH,
    "unseen words": _unseen,
    "combining": lambda dice: "a\u0301\u0302 " * (LENGTH // 4) + cues("en")[0],
    "Cyrillic cues": lambda dice: of_words([cue.translate(str.maketrans("aeo", "\u0430\u0435\u043e")) for cue in cues("en")], dice),
    "emoji": lambda dice: _letters(dice, "😀😂🙃👍 life"),
    "quoted lines": lambda dice: "\n".join(f"> {word}" for word in of_words(cues("en"), dice).split()),
    "lines": lambda dice: of_words(cues("en"), dice, between="\n"),
    "code": lambda dice: of_words([f"`{word}`" for word in cues("en")], dice),
    "open fences": lambda dice: of_words(["```", "`", "http://", "www."], dice, between=" a"),
    "quotes": lambda dice: of_words([f'"{word}' for word in cues("en")], dice),
    "names": lambda dice: of_words([f"@{word}" for word in cues("en")], dice),
    "apostrophes": lambda dice: of_words([f"{word}'s" for word in cues("en")], dice),
}  # fmt: skip


def texts(each: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield (kind, text), `each` of every kind, each with other words."""
    for name, kind in KINDS.items():
        for number in range(each):
            yield name, kind(random.Random(f"{seed}/{name}/{number}"))
