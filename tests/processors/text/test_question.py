"""Questions, and whose need they ask for."""

from time import perf_counter

import pytest

from processors.text.question import QuestionKind, question_kind


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
