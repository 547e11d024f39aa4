"""Which line of a chat answers which open question."""

from math import exp, log1p

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.community.chat_answers import (
    FEATURES,
    WEIGHTS,
    addressed,
    bare,
    begins_with,
    doubts,
    features,
    is_answered,
    line_of,
)
from processors.community.state import OpenQuestion
from processors.text.similarity import terms
from processors.threads import ThreadPost

ASKED = "how do I mount the frobnicator partition?"


def judged(
    text: str, *, at: int = 60, to: str = "", known: tuple[str, ...] = ("ann", "ben", "cem"), **state: object
) -> bool:
    """Tell whether ben's line, so many seconds later, is taken for an answer to ann's question."""
    question = OpenQuestion("q", "town/ann", "", "chat", 0, 480, terms=terms(ASKED))
    for name, value in state.items():
        setattr(question, name, value)
    line = line_of(ThreadPost("p", "post", "town/ben", "chat", "", text, float(at), to=to))
    return is_answered(question, features(question, line, known, [])[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann: use the frob option", True),
        ("@Ann use the frob option", True),
        ("cem: use the frob option", False),
        ("ann, cem: hello all", True),
        ("the meeting is at nine", False),
        ("mount the frobnicator partition with mount -t frob", True),
    ],
)
def test_names_and_words_tell_who_is_answered(text: str, expected: bool) -> None:
    """Naming the asker, or the very words of the question; another name speaks against it."""
    assert judged(text) is expected


def test_a_line_to_somebody_whom_the_asker_talks_with_is_no_new_answer() -> None:
    """The asker has since addressed ben and written more: their talk goes on about that."""
    assert not judged("ann: and now?", at=400, since=("ben",), own=4, named=True, lines=9)


def test_the_platform_s_word_counts_like_the_name() -> None:
    """A reply that the platform marks needs no name in it."""
    assert judged("use the frob option", to="town/ann")
    assert not judged("mount it with frob", to="town/cem")


def test_names_are_compared_as_people_type_them() -> None:
    """Case, punctuation and trailing digits fall away; first words that are known names address somebody."""
    assert bare("Le-Chuck_IT1") == "lechuckit"
    line = line_of(ThreadPost("p", "post", "town/ben", "chat", "", "Le-Chuck_IT: try it", 0.0))
    assert addressed(line, ("lechuckit",)) == {"lechuckit"}


@given(st.text() | st.text(alphabet="aB1é_-[]{}|^`\\ ,İʼ"))
@example("__[Le-Chuck]_IT9: try it")
@example(" - ")
def test_whom_a_line_may_begin_with_is_its_first_word(text: str) -> None:
    """The first word is found without reading the others, and is the same."""
    line = ThreadPost("p", "post", "town/ben", "chat", "", text, 0.0, to="town/Ann_2")
    assert begins_with(line) == ("ann", *line_of(line).words[:1])


@given(st.text(st.characters(max_codepoint=255), max_size=60) | st.text("aB1é²ß'_-[]{}|^`\\\\ ,\xa0\x85"))
def test_the_words_of_a_line_are_the_same_by_table_and_by_pattern(text: str) -> None:
    """A sign that Latin-1 lacks sends a line to the pattern; it is no word."""
    table, pattern = (ThreadPost("p", "post", "town/ben", "chat", "", one, 0.0) for one in (text, text + " ☃"))
    assert line_of(table).words == line_of(pattern).words


def test_doubts_add_up() -> None:
    """Several lines that may be answers are one; a line to another says next to nothing. By the formula, -ln(1 - p)."""
    question = OpenQuestion("q", "town/ann", "", "chat", 0, 480, terms=terms(ASKED))
    maybe = features(
        question,
        line_of(
            ThreadPost(
                "p",
                "post",
                "town/ben",
                "chat",
                "",
                "frobnicator, hm, well, that is something I have not seen for years",
                60.0,
            )
        ),
        (),
        [],
    )[0]
    alone = doubts(maybe)
    logit = WEIGHTS.bias + sum(value * weight for value, weight in zip(maybe, WEIGHTS.weights, strict=True))
    assert alone == pytest.approx(1000 * log1p(exp(logit / 1000)), rel=0.07)
    assert 0 < alone < WEIGHTS.least
    lines = 0
    while not is_answered(question, maybe):
        lines += 1
    assert lines == -(-WEIGHTS.least // alone) - 1
    other = features(
        question, line_of(ThreadPost("p", "post", "town/ben", "chat", "", "cem: that one", 60.0)), ("cem",), []
    )[0]
    assert doubts(other) < 10


def test_weights_fit_the_features() -> None:
    """One weight a feature; a line that addresses another is hardly ever an answer."""
    assert len(WEIGHTS.weights) == len(FEATURES)
    assert dict(zip(FEATURES, WEIGHTS.weights, strict=True))["addresses another"] < -3000
