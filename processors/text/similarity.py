"""How alike two questions are: stems weighted by how rare they are in the live window."""

from collections.abc import Mapping
from math import fsum, log, sqrt

from processors.text.normalise import fresh_words, tokens

TERMS_MAX = 24
PRIOR = 50  # questions
_STOP = frozenset(
    "a about after all also am an and any anybody anyone are as at be because been but by can can't could did do does doesn't don't "  # noqa: SIM905
    "for from get getting got had has have hello help hey hi how i i'm i've if in into is isn't it it's its just know like me my need "
    "no not of on one or other our please problem question should so some somebody someone something still than thank thanks that the "
    "their them then there these they thing this to try trying up use using want was way we were what when where which who why will "
    "with work working works would you your aber als am an auch auf aus bei bin bitte da danke das dass dem den der des die doch du "
    "ein eine einem einen einer er es für gibt habe haben hallo hat ich im in ist jemand kann kein keine man mein meine mich mir mit "
    "nach nicht noch nur oder schon sich sie sind so um und uns von vor war was wenn wer wie wir wo zu zum zur".split()
)
_ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ed", "es", "en", "er", "ly", "e", "s")


def stem(word: str) -> str:
    """Return the word without a common English or German ending; at least four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def terms(text: str) -> tuple[str, ...]:
    """Return the first `TERMS_MAX` distinct content stems, in order of appearance."""
    found: dict[str, None] = {}
    for word in tokens(fresh_words(text)):
        if word not in _STOP and (len(word) > 1 or word.isdigit()):
            found[stem(word)] = None
            if len(found) == TERMS_MAX:
                break
    return tuple(found)


def idf(term: str, frequencies: Mapping[str, int], total: int) -> float:
    """Return log((N + 50) / (n + 0.5)): inverse document frequency (Spärck Jones), as if 50 other questions were known.

    Without those a young community's first words would weigh nothing as soon as they are asked again.
    """
    return log((total + PRIOR) / (frequencies.get(term, 0) + 0.5))


def idf_cosine(a: tuple[str, ...], b: tuple[str, ...], frequencies: Mapping[str, int], total: int) -> float:
    """Return the cosine (0 to 1) of two sets of terms with idf weights; exact sums, so that no order matters."""
    if not a or not b:
        return 0.0
    weight = {term: max(idf(term, frequencies, total), 0.1) ** 2 for term in {*a, *b}}
    common = fsum(weight[term] for term in set(a) & set(b))
    return common / sqrt(fsum(weight[term] for term in a) * fsum(weight[term] for term in b))
