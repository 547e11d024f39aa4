"""Classes of hostile German words: built words that stand in no list are known by their parts, and everyday words by none."""

import pytest

from processors.text import conflict_weights as weights
from processors.text.conflict import read
from processors.text.conflict_classes import class_features


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trottel", "obertrottel"), ("trottel", "trotteln"), ("idiot", "vollidioten"), ("versager", "versagern"),
        ("scheiße", "scheißladen"), ("widerlich", "widerlichem"), ("verräter", "landesverräter"), ("dumm", "dummes"),
    ],
)  # fmt: skip
def test_endings_and_compounds_are_of_the_same_class(one: str, other: str) -> None:
    """`verräter` alone is in no list: it is a part, known at the end of longer words."""
    assert class_features(other)
    assert class_features(one) in ((), class_features(other))


def test_classes_are_told_apart() -> None:
    """An insult to a person, a vulgar word and a doubtful one weigh differently, so they share nothing."""
    person, vulgar, doubtful = (set(class_features(word)) for word in ("trottel", "scheiße", "peinlich"))
    assert len(person | vulgar | doubtful) == len(person) + len(vulgar) + len(doubtful)


@pytest.mark.parametrize(
    "word",
    [
        "und", "die", "fehlermeldung", "packen", "gewicht", "gleichgewicht", "scheinbar", "meerschweinchen", "idiotensicher", "mongo", "jetpack",
        "hirnhaut", "fettarm", "sparschwein", "spinner", "gestört", "zertifikat", "dummerweise", "blöderweise", "jude", "muslim", "flüchtling",
        "ausländer", "schwul", "behindert", "merkel", "afd",
    ],
)  # fmt: skip
def test_everyday_words_and_groups_of_people_are_in_none(word: str) -> None:
    """Nor are words that only begin or end like a hostile one."""
    assert class_features(word) == ()


def test_an_insult_that_nobody_taught_raises_the_score() -> None:
    """A compound made for this test stands in no text; beside a harmless one of the same length it is called worse."""
    insult, harmless = (
        weights.learned(read(f"Das ist doch ein {word}, wie immer").parts).value
        for word in ("Bürotrottel", "Bürovorsteher")
    )
    assert insult > harmless + 0.1


def test_english_words_have_no_classes() -> None:
    """What the English table counts of a word is the word."""
    assert len(weights.features(["idiot"], weights.CUTS[1])) == 1
    assert set(class_features("idiot")) < set(weights.features(["idiot"], weights.CUTS[0]))
