"""Greetings, apologies, thanks and closings are not the matter."""

import pytest

from processors.text.courtesies import without_courtesies


@pytest.mark.parametrize(
    "around",
    [
        "Hi all, {}", "Hello everyone\n\n{}", "hallo zusammen {}", "Guten Morgen, {}", "@here {}", "quick question: {}", "Sorry if this was asked before, but {}",
        "Sorry, falls das hier falsch ist, aber {}", "I'm new here, {}", "noob here, {}", "{} Thanks in advance!", "{} Danke schon mal", "{}\n\nBest regards,\nRobin",
        "{}\nViele Grüße\nRobin Vale", "{}\n\nAny help is appreciated. Thanks!", "Hi, quick question: {} thx",
    ],
)  # fmt: skip
@pytest.mark.parametrize("matter", ["How do I open the lid?", "wie öffne ich den Deckel"])
def test_the_matter_alone_is_left(around: str, matter: str) -> None:
    """In both languages, before and behind."""
    assert without_courtesies(around.format(matter)).strip() == matter


@pytest.mark.parametrize(
    "text",
    [
        "Hi",
        "thanks",
        "Hallo zusammen!",
        "",
        "new tyres",
        "a question of style",
        "How do I write thanks in French",
        "I am new to this idea of his",
    ],
)
def test_where_nothing_else_is_said_it_stays(text: str) -> None:
    """Somebody who only greets or thanks says that; and not all that begins so leads to something."""
    assert without_courtesies(text) == text


def test_walls_are_read_in_linear_time() -> None:
    """Greetings over greetings, and thanks over thanks."""
    assert without_courtesies("hi all, " * 400 + "x") == "x"
    assert without_courtesies("sorry if " * 400).endswith("sorry if ")
