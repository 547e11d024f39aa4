"""Which words can follow: never fewer than a pattern takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.normalise import tokens
from processors.text.question_follows import follows
from processors.text.question_inverted import INVERTED
from processors.text.question_phrases import spelt


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (r" (?:do|can) (?:i|we)\b", {"do", "can"}),
        (r"(?: (?:tf|on earth))? (?:do|can) i\b", {"tf", "on", "do", "can"}),
        (r" any ?(?:one|body|1)\b", {"any", "anyone", "anybody", "any1"}),
        (r"(?:'t| not)(?: (?:even|really))? (?:log ?in|get (?!over))\b", {"not", "even", "really", "log", "login", "get"}),
        (r"(?:'m| am) (?:trying|stuck)\b", {"am", "trying", "stuck"}),
        (r"[,!]? (?:i|my)\b", {"i", "my"}),
        (r" (?:eine?|k[ae]n) tipp", {"ein", "eine", "kan", "ken"}),
        (r" help(?: me)?\W*$", {"help"}),
        (r" (?:es|\w+ing)\b", None),
        (r" hel", None),
        (r"(?: \w+)? need\b", None),
        (r"\b.{0,60}\bmy\b", None),
    ],
)  # fmt: skip
def test_what_may_follow(end: str, words: set[str] | None) -> None:
    """None where any word may."""
    assert follows(end) == words


PHRASES = [(word, spelt(end)) for words, end in INVERTED for word in words.split() if "'" not in word]


@given(st.data())
def test_whatever_a_pattern_takes_begins_with_one_of_them(data: st.DataObject) -> None:
    """So nothing is lost that is not looked for."""
    word, end = data.draw(st.sampled_from(PHRASES))
    words = follows(end)
    if words is not None:
        text = data.draw(st.from_regex(f"^{word}{end}", alphabet=st.characters(codec="latin-1")))
        assert [part.partition("'")[0] for part in tokens(text)][1] in words
