"""Insults as people type them. Hard words stand here as tests need them."""

import pytest

from processors.text.conflict import HEATED, heat
from processors.text.conflict_spelling import as_meant


@pytest.mark.parametrize(
    "text",
    [
        "you idoit", "you are a pathtic liar", "your an idiot", "ur so stupid", "ur an idiot", "u're pathetic", "I will cut ur throat", "you absolute asshat", "you fuckface",
        "du trotel", "du bist ein vollidoit", "du Oberidiot", "du bist ein Megatrottel", "du Drecksvieh", "du damlicher depp", "du bist so damlich", "du lugner", "du bist ne schlechte mutter",
        "dein beitrag is müll", "du bist so erbarmlich",
    ],
)  # fmt: skip
def test_typed_in_haste_or_joined_it_is_an_insult(text: str) -> None:
    """Slips, umlauts left out, your for you're, compounds."""
    assert heat(text) == HEATED


@pytest.mark.parametrize(
    "text",
    [
        "your idea is good", "ur idea is good", "your an hour late, no worries", "do you have a spinner for this", "you can mispaste it easily", "did you use the assembler", "du bist heute arschkalt unterwegs",
        "das ist dir scheißegal?", "you are not an idoit", "what an idoit I am", "kennst du das Drecksding da", "have you read Dickens",
    ],
)  # fmt: skip
def test_what_only_looks_so_is_none(text: str) -> None:
    """Of oneself, denied, of things, and words that end alike."""
    assert heat(text) < HEATED


@pytest.mark.parametrize(
    ("text", "heated"),
    [
        ("you pathetic asshole lol", True), ("you are a worthless piece of garbage haha", True), ("kill yourself lol", True), ("geh sterben haha", True), ("du Hurensohn 😂", True), ("you're disgusting :joy:", True),
        ("you idiot lol", False), ("du Depp haha", False), ("shut up lol", False), ("you are such an idiot :joy:", False), ("lol you are not worthless", False), ("haha this printer is a worthless piece of garbage", False),
    ],
)  # fmt: skip
def test_a_laugh_takes_back_only_what_friends_say(text: str, *, heated: bool) -> None:
    """The gravest words and wishes of death stay what they are."""
    assert (heat(text) == HEATED) is heated


def test_what_needs_no_change_is_the_same_list() -> None:
    """Most texts."""
    parts = ["you", "are", "right", "."]
    assert as_meant(parts) is parts
