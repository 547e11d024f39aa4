"""Walks: what leads on, what is passed over, what ends them; and that phrases that go on alike are one object."""

import random
from itertools import pairwise

import pytest

from processors.text.distress import GRAMMARS, LANGUAGES
from processors.text.distress_phrases import Words, edges_of, heads_of
from processors.text.distress_trie import GAP, grown
from processors.text.distress_walk import Phrasing, Walked, Walks

_PHRASES: dict[str, list[tuple[list[str], str]]] = {
    "i": [([], "I")],
    "want": [([], "WANT"), (["to"], "WANT")],
    "rest": [([], "REST"), (["for", "good"], "REST")],
    "so": [([], "FILLER"), (["very", "much"], "FILLER")],
}
_BITS = {name: 1 << number for number, name in enumerate(("I", "WANT", "REST", "FILLER"))}


def _walks() -> Walks:
    firsts = {"I": {"i"}, "WANT": {"want"}, "REST": {"rest"}, "FILLER": {"so"}}
    sequences = [("wish", ("I", "WANT", "REST")), ("leap", ("I", GAP, "REST"))]
    heads, opening, filling = (
        heads_of(_PHRASES, names, lambda _: frozenset(), lambda listed: sum(_BITS[one] for one in listed))
        for names in (_BITS.keys(), {"I"}, {"FILLER"})
    )
    trie = grown(sequences, firsts, frozenset({"so"}), _BITS)
    vetoes = {"REST": {"in": [(["class"], "REST")]}}
    return Walks(
        trie, Phrasing(heads, opening, filling, vetoes), fillers={"so"}, closing={"and"}, negation=frozenset({"not"})
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("i want rest", {"wish": 3, "leap": 3}),
        ("i want to rest for good", {"wish": 6, "leap": 6}),
        ("i so want so very much rest", {"wish": 7}),
        ("i may yet rest", {"leap": 4}),
        ("i not rest", {}),
        ("i , rest", {}),
        ("i want rest in class", {}),
        ("i one two three four rest", {"leap": 6}),
        ("i one two three four five rest", {}),
    ],
)
def test_a_walk_leads_over_fillers_and_leaps(said: str, found: dict[str, int]) -> None:
    """Of each kind the longest is found; a mark or a negation ends a leap, a veto takes the sense away."""
    tokens = said.split()
    begun = _walks().begun(Walked(tokens, range(len(tokens) + 1), {}), 0)
    assert {match.kind: match.end for match in begun} == found


def _all_words(heads: dict[str, Words]) -> list[Words]:
    """Return all objects, each as often as it is come to."""
    found = list(heads.values())
    for words in found:
        found += words.following.values()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_on_alike_is_one_object_and_no_phrase_is_lost(language: str) -> None:
    """Each phrase of a class that stands in a sequence is found, and few objects hold them all."""
    grammar = GRAMMARS[language]
    in_order = {name for _, names in grammar.sequences for name in names}
    dice = random.Random(language)
    missing = []
    for name, listed in grammar.classes.items():
        for phrase in dice.sample(listed, min(20, len(listed))):
            words = [word for word in phrase.split() if word not in grammar.dropped]
            whole = len(words) == len(phrase.split())
            if name in in_order and whole and (name, len(words)) not in grammar.edges(words, 0):
                missing.append((name, phrase))
    assert missing == []
    every = _all_words(grammar.heads)
    assert len({id(words) for words in every}) * 4 < len(every)


def test_words_that_may_part_a_phrase_part_no_whole_one() -> None:
    """Two phrases with the same words go on alike only where the same may stand within them."""
    phrases = {"put": [(["end"], "PARTED"), (["end"], "WHOLE")], "set": [(["end"], "WHOLE")]}
    within = {"PARTED": frozenset({"an"}), "WHOLE": frozenset()}
    heads = heads_of(phrases, {"PARTED", "WHOLE"}, lambda name: frozenset(within[name]))
    assert edges_of(heads["put"], ["put", "an", "end"], 0) == [("PARTED", 3)]
    assert edges_of(heads["put"], ["put", "end"], 0) == [("PARTED", 2), ("WHOLE", 2)]
    assert edges_of(heads["set"], ["set", "an", "end"], 0) == []
    assert edges_of(heads["set"], ["set", "end"], 0) == [("WHOLE", 2)]
    assert all(first is not second for first, second in pairwise(heads.values()))
