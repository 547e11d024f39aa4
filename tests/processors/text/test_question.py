"""Questions, and whose need they ask for."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.question import EVIDENCE, QuestionKind, kind_of, look, question_kind
from processors.text.question_model import read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How do I mount this partition?", QuestionKind.OWN_NEED),
        ("anyone know a good mail reader?", QuestionKind.OWN_NEED),
        ("I can't get the printer to work, any ideas?", QuestionKind.OWN_NEED),
        ("Wie kann ich die Partition einbinden?", QuestionKind.OWN_NEED),
        ("did you try to restart it?", QuestionKind.OTHER),
        ("which version are you on?", QuestionKind.OTHER),
        ("thanks, that helped", QuestionKind.NONE),
        ("see https://example.org/?q=1", QuestionKind.NONE),
        ("> how do I do this?\nuse the menu", QuestionKind.NONE),
        ("", QuestionKind.NONE),
    ],
)
def test_kinds_of_questions(text: str, kind: QuestionKind) -> None:
    """Own needs, other questions, none: only fresh words count."""
    assert question_kind(text) is kind


@pytest.mark.parametrize("greeting", ["hi, ", "ok: ", "hi!, ", "so and but "])
def test_repeated_greetings_cost_no_more_than_their_length(greeting: str) -> None:
    """A flood of greetings is read in linear time; with backtracking over them this would take years."""
    begin = perf_counter()
    question_kind(greeting * 1000 + "my zz?")
    question_kind(greeting * 60 + "my zz?")
    assert perf_counter() - begin < 1.0


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("phrase of need", words)
        for words in (
            "how can i mount it", "is there any list", "are there any lists", "anyone here know it", "somebody got it", "does anyone mind",
            "has anybody seen it", "can anyone say", "could somebody say", "any ideas", "may i ask", "should i go", "where do i look",
            "what do i say", "which of the two should i take", "what's the best way", "why doesn't it start", "am i right", "i'm stuck",
            "i need help", "i can't see it", "please help", "so help me", "need some help", "my old printer won't start", "wie geht das",
            "wo ist das", "gibt es das", "kennt jemand das", "weiß wer das", "weiss jemand das", "hat jemand zeit", "kann ich das",
            "ich suche das", "was soll ich tun", "jemand eine idee",
        )
    ]
    + [
        ("phrase to another", words)
        for words in (
            "did you see", "do your lists work", "what's your name", "which u", "how ur doing", "what version do you use",
            "did you try", "you mean that", "hast du das", "kannst du das", "meinst du das", "habt ihr das", "welche version hast",
        )
    ],
)  # fmt: skip
def test_every_phrase_passes_the_look_before_its_pattern(evidence: str, words: str) -> None:
    """A pattern is searched only where a word of it stands; no phrase may fail to be looked for."""
    for text in (words, f"hello: well, {words}?", f"so,{words}"):
        assert dict(zip(EVIDENCE, look(text, read()), strict=True))[evidence], text


WORDS = "how do i mount is there any help my you did hast du error und ? . , the printer won't work".split()  # noqa: SIM905


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_an_early_leave_concludes_what_the_whole_evidence_does(words: list[str]) -> None:
    """Where neither phrase nor mark makes it a question any more, the rest is not looked at."""
    text, weights = " ".join(["how", "printer", *words]), read()
    assert question_kind(text) is kind_of(look(text, weights), weights)
