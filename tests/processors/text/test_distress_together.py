"""Cues that meet: all that are needed and none that is barred, within a sentence and its neighbours."""

import pytest

from processors.text.distress import assess
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
