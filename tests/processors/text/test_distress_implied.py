"""What chats leave out of a statement: subjects, commas, apostrophes."""

import pytest

from processors.text.distress import assess
from processors.text.distress_implied import Implied

IMPLIED = Implied(
    "ich", ["will", "bin", "stelle mir"], {"halt": "halte : das"}, frozenset({"echt"}), frozenset({"und"}), frozenset({"er", "du"})
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("will nicht mehr", "_ich will nicht mehr"),
        ("echt , bin fertig", "echt , _ich bin fertig"),
        ("ich bin hier und will weg", "ich bin hier und _ich will weg"),
        ("er ist hier und will weg", "er ist hier und will weg"),
        ("will er weg", "will er weg"),
        ("will weg ?", "will weg ?"),
        ("stelle das weg", "stelle das weg"),
        ("ich will weg", "ich will weg"),
        ("ich halt das aus", "ich halte das aus"),
        ("so ist es halt", "so ist es halt"),
    ],
)
def test_a_subject_is_put_in_where_the_author_is_meant(said: str, read: str) -> None:
    """At the beginning of a clause, unless another subject is named, and never in a question."""
    assert IMPLIED.completed([said.split()]) == [read.split()]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("if nothing changes i will end my life", 3),
        ("if i want to die is none of their business", 0),
        ("if I have to read one more form I'm going to kill myself", 0),
        ("wenn sich nichts ändert nehme ich mir das leben", 3),
        ("wenn ich mir das leben nehme, sagte sie", 0),
        ("wenn noch ein formular kommt bringe ich mich um", 0),
        ("nobody would notice if i died", 2),
        ("hoffentlich wach ich morgen nicht mehr auf", 2),
        ("bin müde und will nicht mehr leben", 2),
        ("er ist müde und will nicht mehr leben", 0),
        ("Vor zehn Jahren wollte ich sterben, heute geht es mir gut", 0),
        ("let me die, said the king", 0),
        ("tomorrow i'll be dead tired", 0),
        ("morgen bin ich tot müde", 0),
        ("ich will nicht mehr leben, zweite Zeile meines Songs", 0),
        ("seit dem Sommer will ich sterben", 2),
        ("I won't be here tomorrow, dentist", 0),
        ("ich bin nächste Woche nicht mehr da", 0),
        ("I used to think about suicide", 0),
        ("I used to think about suicide and now I do again", 2),
        ("ill never be safe from myself tonight, i want to be dead", 2),
    ],
)
def test_clauses_with_and_without_commas_and_subjects(text: str, tier: int) -> None:
    """What follows a condition is meant, what it supposes is not, nor what is long over, nor what a nuisance is said to do."""
    assert (assess(text).tier >= tier) if tier else (assess(text).tier == 0)
