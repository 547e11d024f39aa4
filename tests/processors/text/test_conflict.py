"""How sharp words are: whom they are aimed at decides, not which words there are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.conflict import HEATED, OFFENSIVE, heat, read, sharpness
from processors.text.conflict_weights import SIGN
from processors.text.conflict_words import aimed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You are such an idiot.", "insult"), ("you idiot", "insult"), ("Are you really that... you're pathetic", "insult"),
        ("shut up", "insult"), ("Shut up and you know it", "insult"), ("You're a bunch of liars", "insult"),
        ("I will kill you", "threat"), ("watch your back", "threat"), ("go die", "wish"), ("I hope you die", "wish"),
        ("Du bist doch ein Idiot", "insult"), ("ihr seid alle Lügner", "insult"), ("bist du dumm", "insult"),
        ("Halt die Klappe!", "insult"), ("ich mach dich fertig", "threat"), ("das wirst du bereuen", "threat"),
        ("geh sterben", "wish"),
    ],
)  # fmt: skip
def test_attacks_on_the_one_addressed(text: str, kind: str) -> None:
    """English and German; the level is the highest."""
    found = sharpness(text)
    assert (found.level, found.kinds) == (HEATED, (kind,))
    assert found.score > OFFENSIVE


@pytest.mark.parametrize(
    "text",
    [
        "your stupid printer", "The parser is an idiot.", "this build is a piece of garbage", "kill the process, then kill the parent",
        "you can kill the job with -9", "I'm such an idiot", "Sorry, I was stupid", "do you think I am an idiot?",
        "if you are dumb like me, read the manual", "you are not stupid at all", "please don't kill yourself over this bug",
        "I'll shoot you an email", "guess I beat you to it", "you are such an idiot :)", "shut up lol", "fuck you, systemd",
        "this will kill you in the third level", "> you are an idiot\nI would not say that", "`you idiot` is a test string",
        "he is a liar", "dein blöder Drucker", "ich bin so dumm", "du bist nicht dumm", "Der Prozess ist tot, ich mach dir einen neuen",
        "wenn du dumm fragst, lernst du am meisten", "ich bring dich morgen zum Bahnhof",
    ],
)  # fmt: skip
def test_things_jests_quotes_and_oneself_are_no_attack(text: str) -> None:
    """Object against person, denial, supposition, jest, code and quotes."""
    assert heat(text) < HEATED


def test_the_two_ways_in_agree() -> None:
    """The stream's quick way gives the level of the full one."""
    for text in (
        "You are such an idiot.",
        "thank you, that worked",
        "you are a shameful disgrace",
        "",
        "¯\\_(ツ)_/¯",
        "Danke dir!",
    ):
        assert heat(text) == sharpness(text).level


WORDS = st.sampled_from(
    (
        "you",
        "You're",
        "du",
        "idiot",
        "shut up",
        "@you",
        "x@it's",
        "will",
        "kill",
        "I'll",
        "geh",
        "sterben",
        "halt's",
        "Maul",
        "are",
        ",",
        ".",
        "the",
        "'s",
    )
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_the_gate_loses_no_attack(text: str) -> None:
    """Whatever the rules find in the parts of a text, the level says."""
    parts = [part for part in read(text).parts if part[0] != SIGN]
    assert (heat(text) == HEATED) == bool(aimed(parts))


@given(st.text(max_size=300), st.integers(1, 60))
def test_any_text_is_read_in_bounds(text: str, times: int) -> None:
    """Whatever is written, a score from 0 to 1 and a level of 0 to 2; and the two ways in agree."""
    found = sharpness(text * times)
    assert 0.0 <= found.score <= 1.0
    assert found.level == heat(text * times)


@pytest.mark.parametrize(
    "text", ["you " * 50_000, "you are " * 30_000, "a" * 200_000, "@" * 100_000, "!" * 100_000, "'a" * 90_000]
)
def test_what_is_long_is_cut_before_work(text: str) -> None:
    """A text of hundreds of thousands of characters is the same as its beginning: nothing grows with it."""
    assert sharpness(text) == sharpness(text[:1200])


@given(
    st.lists(st.sampled_from([":", ";", "=", "-", ")", "d", "p", "x", " ", "<", "3", "^", "^^", "😂", "🙂", "ü", "漢"]))
)
def test_smiles_are_those_of_one_pattern(parts: list[str]) -> None:
    """However they are looked for: a smile makes an insult a jest among friends."""
    smile = re.compile(r"[:;=]-?[)dp](?!\w)|<3|\^\^|[😂🙂]")
    text = f"you idiot {''.join(parts)}"
    if smile.search(text):
        assert heat(text) < HEATED
    assert heat("you idiot : ) < 3") == HEATED
