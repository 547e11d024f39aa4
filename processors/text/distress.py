"""Distress in an author's own fresh words, in tiers; English and German; precision before recall.

A keyword alone is T1 at most. T2 asks for a sincere statement: the author, now, meant, without jest. T3 asks for an
intention, a plan or means. Rules: processors/detectors/README.md.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from math import exp
from typing import NamedTuple

from processors.text.distress_concepts import Concepts
from processors.text.distress_context import Context, read_context
from processors.text.distress_gate import Gate, Words
from processors.text.distress_grammar import Grammar
from processors.text.distress_long import LongTexts, Weighed, is_of_oneself, shipped
from processors.text.distress_reading import (
    DENSE_READ,
    READ_MAX,
    TELLING_MAX,
    bounded,
    gate_words,
    own_words,
    pieces,
    sentences,
    telling,
)
from processors.text.distress_score import log_odds
from processors.text.distress_walk import Match
from processors.text.distress_whole import SHORT, may_dwell, may_meet
from processors.text.reading import reading

LANGUAGES = ("en", "de")
DENSE_MIN = 20  # different words of the gate; of 18,000 long texts of people the richest has 20
# A language with fewer than a fifth of such words is not read, unless it has two of them and its own "I" is one.
NATIVE_SHARE, NATIVE_MIN = 5, 2
FAINT_MIN = 3  # words of the kind that mean something only together
OWN_MIN = 3  # words of the kind that mean something beside a word of oneself, or so many of them without one
OTHERS_MIN = 2  # such words beside a person
WORRIES_MAX = 4  # statements about somebody that are looked at; of a wall of them the first
SPACED_MIN, SPACED_WIDTH = 5, 3  # many words of two letters with their blanks: letters written apart
# The tier of a sincere statement of each kind.
TIERS = {
    "intent": 3, "plan": 3, "attempt": 3,
    "wish": 2, "ideation": 2, "reflexive": 2, "selfharm": 2, "hopeless": 2,
    "past_attempt": 1, "trapped": 1, "notworth": 1, "burden": 1, "worthless": 1, "unbearable": 1, "strain": 1, "low": 1,
    "lonely": 1, "illness": 1, "plea": 1,
}  # fmt: skip
HIGHEST = {**TIERS, "past_attempt": 3}  # one of late


class Assessment(NamedTuple):
    """Tier 0 to 3, kinds of evidence, whom it is about (self, other, none), and a score from 0 to 1."""

    tier: int
    kinds: tuple[str, ...]
    about: str
    score: float


class _Grammars(Mapping[str, Grammar]):
    """The grammar of each language, laid out when it is first wanted: most communities have not switched distress support on."""

    def __init__(self) -> None:
        self._laid_out: dict[str, Grammar] = {}

    def __getitem__(self, language: str) -> Grammar:
        if language not in LANGUAGES:
            raise KeyError(language)
        if language not in self._laid_out:
            self._laid_out[language] = Grammar(language)
        return self._laid_out[language]

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


GRAMMARS = _Grammars()


class _Gates(NamedTuple):
    """What the words of all grammars together say."""

    grammars: tuple[Grammar, ...]
    words: frozenset[str]  # that open one
    watched: frozenset[str]  # these, and what counts beside them
    native: Mapping[Grammar, frozenset[str]]  # small words of one language alone
    concepts: Mapping[Grammar, Concepts]
    long: Mapping[Grammar, LongTexts]
    first: Gate


@cache
def concepts_of(language: str) -> Concepts:
    """Return what adds up in a language, with its words of others, of machines and of games."""
    one = GRAMMARS[language]
    others, domain = one.words["you"] | one.words["other"], one.words["domain"] | one.words["play"]
    return Concepts(language, others, domain, one.fillers)


@cache
def _gates() -> _Gates:
    grammars = tuple(GRAMMARS.values())
    words = frozenset().union(*(one.gate | one.gate_own | one.gate_foreign for one in grammars))
    native = {
        one: frozenset()
        .union(*(one.words[name] for name in ("me", "you", "if", "negation", "other")))
        .difference(*(other.vocabulary.known for other in grammars if other is not one))
        for one in grammars
    }
    concepts = {one: concepts_of(language) for language, one in GRAMMARS.items()}
    worths = shipped()
    long = {
        one: LongTexts(name, concepts[one].kinds, one.words, one.vocabulary.meaning(one.words["me"]), worths)
        for name, one in GRAMMARS.items()
    }
    kinds = ("gate", "gate_foreign", "gate_native", "gate_own", "gate_me", "gate_faint", "gate_theirs", "gate_persons")
    listed = Words(*(frozenset().union(*(one.words.get(name, frozenset()) for one in grammars)) for name in kinds))
    watched = words.union(*(one.faint | one.words["gate_me"] | one.gate_theirs for one in grammars))
    slips = frozenset().union(*(one.slips for one in grammars))
    return _Gates(grammars, words, watched, native, concepts, long, Gate(listed, OWN_MIN, FAINT_MIN, OTHERS_MIN, slips))


def lay_out() -> None:
    """Lay the grammars out now, a fifth of a second, where else the first message would wait for it."""
    _gates()


SEVEREST = 3
OF_A_TIER = 3.0  # log-odds that a tier adds to the score; of 1 to 4 all are within 0.005 in both languages
WIDTH = 4.0  # log-odds are so much compressed, that scores of heavy texts differ still where they are averaged
CALM = Assessment(0, (), "none", 0.0)


class Opened(NamedTuple):
    """The grammars that have something to look at, and the words that opened them; a text may be a wall of these, of which less is read."""

    grammars: tuple[Grammar, ...] = ()
    cues: AbstractSet[str] = frozenset()

    @property
    def dense(self) -> bool:
        """Tell whether there are more different cues than people write."""
        return len(self.cues) > DENSE_MIN


_SHUT = Opened()


def assess(text: str) -> Assessment:
    """Assess one message: see the module's rules."""
    opened = gates(text)
    return look(text, opened) if opened.grammars else CALM


def gates(text: str) -> Opened:
    """Return what has something to look at; the usual, calm message needs but a look at its tokens."""
    if len(text) <= READ_MAX:
        known = reading(text)
        if known.found and known.whole and _gates().first.is_calm(text, known.found):
            return _SHUT
    return plain_gates(text)


def plain_gates(text: str) -> Opened:
    """Return the same by plain words alone: of digits, masks, accents, and what the first gate lets through."""
    text = bounded(text)
    listed = gate_words(text)
    known, said = _gates(), frozenset(listed)
    words = known.watched & said
    if len(listed) > SPACED_MIN and len(text) < SPACED_WIDTH * len(listed):
        opened = known.grammars
    else:
        opened = tuple(grammar for grammar in known.grammars if _opens(grammar, words, said))
        opened = opened or tuple(grammar for grammar in known.grammars if _hints(grammar, words))
    if len(opened) > 1:
        opened = _spoken(opened, said)
    return Opened(opened, words & known.words) if opened else _SHUT


def _spoken(opened: tuple[Grammar, ...], said: AbstractSet[str]) -> tuple[Grammar, ...]:
    """Return the grammars whose language a text is in, by how many small words of one language alone there are; all, where there are none."""
    native = _gates().native
    found = [native[grammar] & said for grammar in opened]
    most = max(map(len, found))
    return tuple(
        one
        for one, words in zip(opened, found, strict=True)
        if len(words) * NATIVE_SHARE >= most or (len(words) >= NATIVE_MIN and one.subject in words)
    )


def _opens(grammar: Grammar, words: AbstractSet[str], said: AbstractSet[str]) -> bool:
    """Tell whether there is a word of the gate, or one that counts only beside others, among the watched ones of all that are said.

    What other languages have too counts beside a word of this one; some words only where the author speaks of themselves.
    """
    if not grammar.gate.isdisjoint(words):
        return True
    if not (grammar.gate_foreign.isdisjoint(words) or grammar.gate_native.isdisjoint(said)):
        return True
    own = len(grammar.gate_own.intersection(words))
    if own >= OWN_MIN or (own > 0 and not grammar.words["gate_me"].isdisjoint(words)):
        return True
    of_others = own >= OTHERS_MIN or not grammar.gate_theirs.isdisjoint(words)
    return of_others and not grammar.gate_persons.isdisjoint(said)


def _hints(grammar: Grammar, words: AbstractSet[str]) -> bool:
    """Tell whether words that mean something only together stand beside one of oneself: so they do in any calm talk."""
    return len(grammar.faint.intersection(words)) >= FAINT_MIN and not grammar.words["gate_me"].isdisjoint(words)


def look(text: str, opened: Opened) -> Assessment:
    """Read a message with the grammars and judge what was found."""
    words = own_words(text, DENSE_READ if opened.dense else READ_MAX)
    whole = pieces(words)
    found = telling(whole, opened.cues, TELLING_MAX) if len(opened.grammars) > 1 else whole
    best: dict[str, int] = {}
    other = grief = False
    for grammar in opened.grammars:
        plainly = grammar.asides.read(sentences(found, grammar.vocabulary))
        said, begun = grammar.ends.completed(plainly, grammar.implied.completed)
        read = grammar.said(said, begun)
        matched = grammar.statements(read) + (grammar.meetings(read) if may_meet(grammar, said) else [])
        all_said = said if found is whole else [whole]
        concepts = _gates().concepts[grammar]
        added = None if matched else concepts.adds_up(said)  # it counts only where nothing else does
        # A message in several languages has no worth as a whole; people hardly write one, walls are.
        weighed = Weighed(_gates().long[grammar] if len(opened.grammars) == 1 else None, whole)
        if not (matched or added or may_dwell(grammar, all_said) or weighed.worth > 0):
            continue
        context = read_context(grammar, words, said, matched, all_said, begun)
        weak = 0
        listed = dict.fromkeys(matched)
        told = [one for one in listed if one[1].kind == "concern"][:WORRIES_MAX]
        worries = [one for one in told if context.concerned(*one)]
        other = other or bool(worries)
        for index, match in listed:
            if match.kind == "concern" or (worries and context.tells_of_others(index, match, worries)):
                continue
            if match.kind == "weak":
                weak += context.meant(index, match, 1)
            elif match.kind == "grief":
                grief = grief or context.meant(index, match, 1) > 0
            elif best.get(match.kind, 0) < HIGHEST.get(match.kind, 0) and (
                tier := context.meant(index, match, TIERS[match.kind])
            ):
                best[match.kind] = max(best.get(match.kind, 0), tier)
        if context.hardship(weak) and weighed.worth >= 0:
            best.setdefault("hardship", 1)
        if not best and (
            _is_meant(context, concepts.adds_up(said) if matched else added)
            or (not worries and is_of_oneself(context) and weighed.worth > 0)
        ):
            best["strain"] = TIERS["strain"]
    return _judged(best, other=other, grief=grief, brief=len(whole) <= SHORT)


def _is_meant(context: Context, added: tuple[int, int] | None) -> bool:
    """Tell whether what adds up is the author's, from their first word (sentence, place) on, now and meant."""
    if added is None:
        return False
    index, place = added
    match = Match("strain", place, len(context.sentences[index]), "I")
    return context.meant(index, match, TIERS["strain"]) > 0


def _judged(best: Mapping[str, int], *, other: bool, grief: bool, brief: bool) -> Assessment:
    tier = max(best.values(), default=0)
    if tier > (other and brief):  # who fears for somebody in a short message tells of fear too
        return Assessment(tier, tuple(sorted(best)), "self", tier / 3)
    if other:
        return Assessment(0, ("third_person",), "other", 0.5)
    return Assessment(0, ("grief",), "self", 0.0) if grief else CALM


def score(text: str) -> float:
    """Return how much a text sounds like distress, from 0 to 1: the log-odds of its words, and `OF_A_TIER` for each tier."""
    return 1.0 / (1.0 + exp(-(log_odds(text) + OF_A_TIER * assess(text).tier) / WIDTH))
