"""Distress as people type it in chats: beside a request, in haste, in one sentence of a long post; and what sounds alike."""

import pytest

from processors.text import distress, distress_context
from processors.text.distress import assess
from tests.processors.text import distress_statements_typed as typed


@pytest.mark.parametrize("text", [*typed.LOWER_EN, *typed.LOWER_DE])
def test_what_is_hard_is_noticed_and_not_severe(text: str) -> None:
    """Without apostrophes or capitals, with slips and abbreviations."""
    assert assess(text).tier == 1


@pytest.mark.parametrize("text", [*typed.SEVERE_EN, *typed.SEVERE_DE])
def test_what_is_severe_is_so_in_any_spelling(text: str) -> None:
    """Wishes, thoughts, plans and harm."""
    assert assess(text).tier >= 2


@pytest.mark.parametrize("text", [*typed.CALM, *typed.LONG_CALM])
def test_what_sounds_alike_is_calm(text: str) -> None:
    """Idiom, jest, things, others, the past, reviews, reports."""
    assert assess(text).tier == 0


@pytest.mark.parametrize(
    ("said", "frames"),
    [
        ("Honestly I am so depressed and lonely.", typed.FRAMES_EN),
        ("Ehrlich gesagt bin ich einsam und verzweifelt.", typed.FRAMES_DE),
    ],
)
def test_one_sentence_of_a_long_post_counts(said: str, frames: tuple[str, ...]) -> None:
    """Beside talk of work, and not without that sentence."""
    for frame in frames:
        assert assess(frame.replace("{S} ", "")).tier == 0
        assert assess(frame.replace("{S}", said)).tier > 0


@pytest.mark.parametrize(
    ("told", "not_told"),
    [
        ("im so lonely, and my build is slow", "i feel burnt out in this game"),
        ("i feel like such a burden on my team", "i feel like such a burden on the server"),
        ("I am burned out, my doctor says so", "I am burned out, says the hero"),
        ("my dad died two weeks ago and i dont know how to cope", "years ago i did not know how to cope"),
        ("id rather be dead, and no im not joking", "id rather be dead, just joking"),
        ("ohne sie kann ich nicht leben", "ohne das plugin kann ich nicht leben"),
        ("ich würde am liebsten sterben", "für eine pizza würde ich sterben"),
        ("hab mich schon wieder geschnitten", "hab mich beim rasieren schon wieder geschnitten"),
        ("i cant stop crying", "what a movie, i cant stop crying"),
        ("my anxiety is back and it never leaves me", "my anxiety about the demo was for nothing"),
        ("ich fühle mich so allein, und der build läuft auch nicht", "der build fühlt sich allein"),
    ],
)
def test_what_stands_around_tells_them_apart(told: str, not_told: str) -> None:
    """Of each pair the first is the author's own, the second none."""
    assert assess(told).tier > 0
    assert assess(not_told).tier == 0


def test_what_was_read_before_does_not_matter() -> None:
    """Words kept from other texts are not those of a language."""
    text = "I never said that he or she would not help him or her, if you ask me: people who know someone say so. ich will sterben"
    before = assess(text)
    for one in distress.GRAMMARS.values():
        one.vocabulary.read(text.split())
    distress._gates.cache_clear()
    assert assess(text) == before


@pytest.mark.parametrize(
    "around", ["lol", "haha, just kidding", "you should talk to someone, you matter", "my day was long", "you and you"]
)
def test_what_is_told_first_of_a_whole_message_takes_nothing_away_that_would_stay(
    around: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jest and talk to others are asked for before all else; what they leave out would have come to nothing."""
    said = [*typed.LOWER_EN, *typed.SEVERE_EN, *typed.CALM]
    texts = [text for one in said for text in (f"{one}. {around}", f"{around} {one}")]
    quick = [assess(text) for text in texts]
    monkeypatch.setattr(distress_context.Context, "_is_lost", lambda *_: False)
    assert [assess(text) for text in texts] == quick
