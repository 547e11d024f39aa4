"""Being lost, stuck or annoyed: one's own, now, at a thing."""

import pytest

from processors.text.frustration import frustration


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I'm stuck, and I've tried everything", ("stuck",)),
        ("I am so confused by these settings", ("lost",)),
        ("This makes no sense. I give up.", ("annoyed", "stuck")),
        ("Ich komme nicht weiter, das nervt", ("stuck", "annoyed")),
        ("ich blicke da nicht durch", ("lost",)),
    ],
)
def test_words_of_ones_own(text: str, kinds: tuple[str, ...]) -> None:
    """Each kind once, in order."""
    assert frustration(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Are you stuck?", "If I'm stuck I read the manual", "when i'm confused i draw it", "he says i'm lost", "Stuck bits are reset at boot",
        "I'm stuck in traffic, back in ten", "don't give up", "The loop gives up after three tries", "> I'm stuck\ntry the other flag",
        "wenn ich nicht weiter weiß, frage ich", "kommst du nicht weiter?", "", "lost packets: 3",
    ],
)  # fmt: skip
def test_of_others_supposed_or_about_something_else(text: str) -> None:
    """None of these is a sign."""
    assert frustration(text) == ()
