"""Cues that meet: all that are needed and none that is barred, within a sentence and its neighbours."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text import distress_grammar
from processors.text.distress import GRAMMARS, LANGUAGES, assess
from processors.text.distress_together import WHO, WHO_OTHERS, WHO_SUPPOSED, Together, meetings

RULES = meetings({"wish": "(PILL|ROPE) HAND SELF !GAME / FAREWELL SELF / = ? SLEEP LONG SELF !GAME"})


def test_choices_are_written_out_by_their_anchor() -> None:
    """The first class of a rule is where it begins."""
    assert sorted(RULES) == ["FAREWELL", "PILL", "ROPE", "SLEEP"]
    (one,) = RULES["ROPE"]
    assert (one.kind, one.needed, one.barred) == ("wish", {"ROPE", "HAND", "SELF"}, {"GAME"})


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        ([{"SELF", "HAND", "ROPE"}], [(0, "wish", "ROPE", WHO)]),
        ([{"SELF", "ROPE"}], []),
        ([{"SELF", "ROPE"}, {"HAND"}], [(0, "wish", "ROPE", WHO)]),
        ([{"HAND"}, {"SELF", "ROPE"}], [(1, "wish", "ROPE", WHO)]),
        ([{"SELF", "ROPE"}, set(), {"HAND"}], []),
        ([{"SELF", "HAND", "ROPE"}, {"GAME"}], []),
        ([{"SELF", "FAREWELL"}, {"GAME"}], [(0, "wish", "FAREWELL", WHO)]),
        ([{"SELF", "LONG", "SLEEP"}], [(0, "wish", "SLEEP", WHO_SUPPOSED)]),
        ([{"SELF", "SLEEP"}, {"LONG"}], []),
        ([{"SELF", "LONG", "SLEEP"}, {"GAME"}], []),
    ],
)
def test_what_meets(sentences: list[set[str]], found: list[tuple[int, str, str, str]]) -> None:
    """Next door counts unless the rule wants one sentence, farther away does not; what is barred next door bars."""
    together = Together(RULES)
    assert list(together.met([together.mask(one) for one in sentences])) == found


def test_a_rule_without_the_author_tells_what_others_feel() -> None:
    """Its subject may be anybody, where that of the others is the author."""
    found = meetings({"wish": "RELIEF ALL / PILL SELF"}, selves=["SELF"])
    assert [one.who for rules in found.values() for one in rules] == [f"{WHO}{WHO_OTHERS}", WHO]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("the pills are counted out in front of me", 2),
        ("in front of me, counted out: the pills", 2),
        ("the pills are counted out in front of me lol", 0),
        ("the pills are counted out in front of the boss in this game, I lost", 0),
        ("my friend has the pills counted out in front of her", 0),
        ("I have never had pills counted out in front of me", 0),
    ],
)
def test_order_is_free_but_context_decides(text: str, tier: int) -> None:
    """Jest, games, others and negation take it away; a plan told by cues alone stays an offer."""
    assert assess(text).tier == tier


@st.composite
def _talk(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Draw a language and sentences of its cues, whole or cut short, in any order, with other words between."""
    language = draw(st.sampled_from(LANGUAGES))
    grammar = GRAMMARS[language]
    dice = random.Random(draw(st.integers()))
    rules = [one for listed in grammar.together.values() for one in listed]
    sentences: list[list[str]] = []
    for _ in range(dice.randint(1, 6)):
        names = [*dice.choice(rules).needed, *(dice.choice(sorted(grammar.classes)) for _ in range(dice.randint(0, 2)))]
        dice.shuffle(names)
        said = [dice.choice(grammar.classes[name]).split() for name in names if dice.random() < 0.9]
        said = [words[: -1 if len(words) > 1 and dice.random() < 0.1 else None] for words in said]
        sentences.append([word for words in said for word in (*words, *(["table"] * dice.randint(0, 1)))])
    return language, [sentence for sentence in sentences if sentence]


@given(_talk())
def test_what_cannot_meet_is_told_beforehand(talk: tuple[str, list[list[str]]]) -> None:
    """Sentences that the quick look leaves alone hold nothing that the full one finds."""
    grammar, sentences = GRAMMARS[talk[0]], talk[1]
    assert len(sentences) <= distress_grammar.LOOKED_MAX  # so all are looked at
    if not grammar.may_meet(sentences):
        assert grammar.meetings(grammar.said(sentences)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_calm_sentences_are_left_alone(language: str) -> None:
    """The quick look is worth it: most sentences that hold an anchor hold nothing that meets."""
    dice = random.Random(language)
    grammar = GRAMMARS[language]
    words = sorted(grammar.vocabulary.known)
    walls = [[[dice.choice(words) for _ in range(3)] for _ in range(10)] for _ in range(40)]
    assert sum(map(grammar.may_meet, walls)) < len(walls) // 2
