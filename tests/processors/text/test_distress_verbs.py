"""Choices in phrases, and the forms of verbs that part."""

from processors.text.distress import assess
from processors.text.distress_verbs import conjugated, written_out


def test_choices_are_written_out() -> None:
    """All combinations; an empty choice leaves the words out."""
    assert list(written_out("(end/take) my (own/) life")) == [
        "end my own life", "end my life", "take my own life", "take my life",
    ]  # fmt: skip


def test_a_verb_that_parts_has_its_forms() -> None:
    """Main clause, subordinate clause, infinitives; short forms unless they are read as whole ones anyway."""
    finite, infinite = conjugated("mich um+bringen", frozenset())
    assert finite == ["bringe mich um", "mich umbringe", "bring mich um", "mich umbring"]
    assert infinite == ["mich umbringen", "mich umzubringen"]
    assert conjugated("mir weh tun", frozenset({"tu"}))[0] == ["tue mir weh", "mir weh tue"]
    assert conjugated("mein leben beenden", frozenset())[1] == ["mein leben beenden", "mein leben zu beenden"]


def test_the_forms_of_a_table_are_statements() -> None:
    """Whatever the place of the verb: behind a condition, at the end of a clause, with "zu"."""
    for text in (
        "dann bringe ich mich um",
        "ich glaube dass ich mich umbringe",
        "ich habe vor mich umzubringen",
        "ich setze allem ein ende",
    ):
        assert assess(text).tier == 3
