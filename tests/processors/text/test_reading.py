"""One reading of a text serves all detectors: it must be what each would have read by itself."""

import re

from hypothesis import given
from hypothesis import strategies as st

from processors.text.conflict import heat
from processors.text.frustration import frustration
from processors.text.normalise import fresh_words, tokens
from processors.text.question_model import said
from processors.text.reading import reading

LETTERS = st.text(alphabet="abzäßÖÀª²×÷_'’\" -.,!?\n\t\x85\xa0İ漢1µ\u0301`>:@", max_size=40)
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@given(LETTERS)
def test_tokens_by_the_table_of_bytes_are_those_of_the_pattern(text: str) -> None:
    assert tokens(text) == TOKEN.findall(text.lower().replace("’", "'"))


@given(LETTERS)
def test_a_reading_holds_the_fresh_words_and_their_tokens(text: str) -> None:
    read = reading(text)
    assert read.words == fresh_words(text).lower().replace("’", "'")
    assert read.found == tokens(read.words)
    assert read.whole == (fresh_words(text) == text)


def test_nobody_reads_the_tokens_of_a_long_text() -> None:
    """They would cost more than all that is done with a wall; of a long text whose own words are few they are there."""
    assert reading("word " * 1000).found == []
    assert reading("> quoted\n" * 400 + "\nmy words").found == ["my", "words"]


@given(st.text(alphabet="ab:, @'\n?", max_size=30))
def test_known_tokens_are_those_behind_the_address(words: str) -> None:
    """Whoever is addressed first ("ann: ...") is no part of what is said."""
    assert said(words, tokens(words)) == said(words)


def test_the_gates_let_through_what_is_meant() -> None:
    """An insult and a cry of frustration are seen behind quotes, links and names as well as alone."""
    insult, lost = "you are an idiot", "i'm completely lost"
    for before in ("", "> quoted\n", "see https://example.org/x and ", "@ann "):
        assert heat(before + insult) == 2
        assert frustration(before + lost) == ("lost",)
    assert heat("the idiotic list") == 0
    assert frustration("a lost list") == ()
