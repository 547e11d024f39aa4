"""Being lost, stuck or annoyed: one's own, now, at a thing."""

import pytest

from processors.text.frustration import PHRASES, frustration


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I'm stuck, and I've tried everything", ("stuck",)),
        ("I am so confused by these settings", ("lost",)),
        ("This makes no sense. I give up.", ("annoyed", "stuck")),
        ("Ich komme nicht weiter, das nervt", ("stuck", "annoyed")),
        ("ich blicke da nicht durch", ("lost",)),
        ("I honestly have no idea where to start", ("lost",)),
        ("no clue where to put the second file", ("lost",)),
        ("this form is driving me absolutely crazy, second day on the same page", ("annoyed", "stuck")),
        ("nothing I try works, I'm out of ideas", ("stuck",)),
        ("stuck since yesterday. I'm stuck!", ("stuck",)),
        ("Ich komme hier einfach nicht weiter", ("stuck",)),
        ("Keine Ahnung, wo ich anfangen soll", ("lost",)),
        ("ich bin mit den vielen Knöpfen gerade total überfordert, ich verstehe nur Bahnhof", ("lost",)),
        ("Egal was ich mache, das Ding macht mich langsam verrückt", ("stuck", "annoyed")),
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
        "she's driving me crazy", "my neighbours are driving me crazy", "I'm stuck lol", "This film makes no sense", "Endlich, nach drei Tagen! Ich geb auf, sagte ich schon",
        "I was confused, but finally it makes no sense to worry", "gestern dachte ich, ich komme nicht weiter", "er macht mich verrückt", "sie nervt mich",
        "that works, thanks", "it doesn't work", "not working", "frustrating", "Ich geb nicht auf", "nichts für ungut", "falls ich nicht weiterkomme, melde ich mich",
    ],
)  # fmt: skip
def test_of_others_supposed_or_about_something_else(text: str) -> None:
    """None of these is a sign."""
    assert frustration(text) == ()


@pytest.mark.parametrize(
    ("kind", "phrase"), [(kind, phrase) for kind, phrases in PHRASES.items() for phrase in phrases]
)
def test_every_phrase_passes_the_look_before_it(kind: str, phrase: str) -> None:
    """Alone, within a sentence, with words that add weight, and in a text of which something was cut away."""
    first, _, rest = phrase.partition(" ")
    for text in (
        phrase,
        f"well, {phrase} with this form",
        f"{first} really {rest}",
        f"{phrase} `code`",
        phrase + " and on" * 300,
    ):
        assert kind in frustration(text), text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("omg this is driving me nuts ive tried everything", "annoyed"), ("im so lost rn", "lost"), ("been at this for 3 hrs and still nothing works", "stuck"), ("dont know what else to try tbh", "lost"),
        ("this makes zero sense", "annoyed"), ("spent all day on this and got nowhere", "stuck"), ("ich check das einfach nich", "lost"), ("ich komm einfach nich weiter", "stuck"),
        ("das macht doch alles keinen sinn", "annoyed"), ("bin kurz davor aufzugeben", "stuck"), ("ich bin vollig uberfordert", "lost"), ("i am totaly confsued", "lost"),
    ],
)  # fmt: skip
def test_in_the_words_of_chats(text: str, kind: str) -> None:
    """Without apostrophes, subjects, umlauts and last letters."""
    assert kind in frustration(text)
