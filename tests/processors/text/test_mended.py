"""Signs put right, and what must be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.mended import MENDED_MAX, in_full, mended
from processors.text.normalise import READ_MAX, tokens


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("don\u00b4t", "don't"), ("don\u2018t", "don't"), ("don`t and can`t", "don't and can't"), ("a\u00a0b", "a b"), ("do\u200bn\u00adot", "donot"),
        ("u\u0308ber", "über"), ("\uff48\uff45\uff4c\uff50", "help"), ("it&#39;s &lt;b&gt; &amp; so", "it's <b> & so"), ("**bold** and __so it is__", "bold and so it is"),
        ("a _slanted phrase_ here", "a slanted phrase here"), ("a *single* word", "a single word"), ("~~gone~~ ||hidden||", "gone hidden"),
        ("<@U02AB> hello", "@U02AB hello"), ("<@!1234> hello", "@1234 hello"), ("soooo gooood", "so good"), ("weeeek", "week"), ("it broke\n\nSent from my phone", "it broke\n"),
        ("wo\uff1f", "wo?"), ("wo\u061f", "wo?"), ("wo \u2753", "wo ?"), ("wo\u2049", "wo!?"),
    ],
)  # fmt: skip
def test_put_right(text: str, meant: str) -> None:
    """What keyboards, phones and platforms write."""
    assert mended(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name and __init__.py", "2*3*4 and a ** b", "*waves at you*", "`code` and `more`", "AT&T; R&D", "a < b", "sent from home", "std::vector::size", "f***",
        "ganz schön", "‘so’ they said", "book-keeper, zoo, three eels",
    ],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    """Code, deeds, words with two of a letter, and quotes."""
    assert mended(text) is text


@given(st.text(max_size=200))
def test_mended_once_is_mended(text: str) -> None:
    """A second look changes hardly anything, and never more than the first allows in length."""
    assert len(mended(text * 40)) <= max(READ_MAX, 4 * READ_MAX)
    assert isinstance(mended(text), str)


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("im stuck and dont know", "i'm stuck and don't know"), ("whats wrong pls", "what's wrong please"), ("im menü ist nix", "im menü ist nix"),
        ("weiß jmd wo das is", "weiß jemand wo das ist"), ("that is right", "that is right"), ("iwie geht das nich", "irgendwie geht das nicht"),
    ],
)  # fmt: skip
def test_in_full(typed: str, full: str) -> None:
    """ "im" is a word of German, "is" one of English."""
    assert in_full(typed, tokens(typed)) == full


@pytest.mark.parametrize(
    "wall", ["**a ", "~~a ", "||a ", "_a ", "*a ", "ooo a ", "o" * 60, "&amp;", "<@a", "a\u200b", "\nsent from "]
)
def test_of_a_wall_only_the_beginning_is_put_right(wall: str) -> None:
    """The rest is not looked at, so that no wall costs more than a long message."""
    text = wall * READ_MAX
    assert mended(text).endswith(text[MENDED_MAX:READ_MAX])
