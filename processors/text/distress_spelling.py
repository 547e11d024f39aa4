"""Words as they are typed in haste: a letter left out, doubled, or changed over with the next; and endings as they are spoken."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from processors.text.spelling import slips

MISTYPED_MIN = 6  # letters of a word whose slips are still its own: of shorter ones they are often other words
SPOKEN_MIN = 4  # letters of a word that has an ending to lose


def mistyped(words: Iterable[str], known: AbstractSet[str]) -> dict[str, str]:
    """Return slips by what was meant; the first letter is right, the last not doubled, and what is a word by itself is no slip."""
    found: dict[str, str] = {}
    for word in sorted(words):
        if len(word) < MISTYPED_MIN:
            continue
        for slip in slips(word, last_doubled=False) - known:
            found.setdefault(slip, word)
    return found


def spoken(words: Iterable[str], endings: Mapping[str, str], known: AbstractSet[str]) -> dict[str, str]:
    """Return words with endings as they are spoken ("feelin", "lebn"), by what was meant."""
    found: dict[str, str] = {}
    for word in sorted(words):
        for ending, heard in endings.items():
            short = f"{word.removesuffix(ending)}{heard}"
            if len(word) >= SPOKEN_MIN + len(ending) - len(heard) and word.endswith(ending) and short not in known:
                found.setdefault(short, word)
    return found


def as_typed(
    words: Iterable[str], misspelt: Iterable[str], endings: Mapping[str, str], known: AbstractSet[str]
) -> dict[str, str]:
    """Return what words may be typed as, by what was meant; a slip counts before an ending."""
    return {**spoken(words, endings, known), **mistyped(misspelt, known)}
