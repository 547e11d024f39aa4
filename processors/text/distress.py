"""Distress in an author's own fresh words, in tiers; English and German; precision before recall.

A keyword alone is T1 at most. T2 asks for a sincere statement: the author, now, meant, without jest. T3 asks for an
intention, a plan or means. Rules: processors/detectors/README.md.
"""

from typing import NamedTuple

from processors.text.distress_context import Context, read_context
from processors.text.distress_grammar import Grammar, Match
from processors.text.distress_reading import clauses, gate_words, own_words

LANGUAGES = ("en", "de")
GRAMMARS = {language: Grammar(language) for language in LANGUAGES}
# The tier of a sincere statement of each kind.
TIERS = {
    "intent": 3, "plan": 3, "attempt": 3,
    "wish": 2, "ideation": 2, "selfharm": 2, "hopeless": 2,
    "past_attempt": 1, "trapped": 1, "notworth": 1, "burden": 1, "worthless": 1, "unbearable": 1, "strain": 1, "low": 1,
    "lonely": 1, "illness": 1, "plea": 1,
}  # fmt: skip


class Assessment(NamedTuple):
    """Tier 0 to 3, kinds of evidence, whom it is about (self, other, none), and a score from 0 to 1."""

    tier: int
    kinds: tuple[str, ...]
    about: str
    score: float


CALM = Assessment(0, (), "none", 0.0)


def assess(text: str) -> Assessment:
    """Assess one message: see the module's rules."""
    return look(text)


def look(text: str) -> Assessment:
    words = own_words(text)
    best: dict[str, int] = {}
    other = False
    for grammar in GRAMMARS.values():
        sentences = clauses(words, grammar.contractions, grammar.known)
        found = [(index, match) for index, sentence in enumerate(sentences) for match in grammar.matches(sentence)]
        if not found:
            continue
        context = read_context(grammar, words, sentences)
        for index, match in found:
            if match.kind == "concern":
                other = other or context.concerned(index, match)
                continue
            tier = context.meant(index, match, TIERS.get(match.kind, 0))
            if tier:
                best[match.kind] = max(best.get(match.kind, 0), tier)
    if best:
        tier = max(best.values())
        return Assessment(tier, tuple(sorted(best)), "self", tier / 3)
    if other:
        return Assessment(0, ("third_person",), "other", 0.5)
    return CALM
