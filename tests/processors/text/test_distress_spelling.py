"""Words as they are typed: slips and spoken endings are read as what is meant, real words as they are."""

import pytest

from processors.text.distress import GRAMMARS, assess
from processors.text.distress_reading import clauses
from processors.text.distress_spelling import as_typed, mistyped, spoken


def test_a_slip_is_a_letter_left_out_doubled_or_changed_over() -> None:
    """The first letter is right; what is a word by itself is none."""
    slips = mistyped(["lonely", "sad"], frozenset({"lonly"}))
    assert slips["loney"] == slips["lonley"] == slips["lonelly"] == "lonely"
    assert not {"lonely", "lonly", "onely", "sd"} & slips.keys()


def test_endings_are_read_as_they_are_spoken() -> None:
    """Only of words long enough to be known again."""
    assert spoken(["feeling", "leben", "ring", "sen"], {"ing": "in", "en": "n"}, frozenset({"lebn"})) == {
        "feelin": "feeling"
    }


def test_a_slip_counts_before_an_ending() -> None:
    """Where both could be meant."""
    assert as_typed(["hopelesing"], ["hopelesin"], {"ing": "in"}, frozenset()).get("hopelesn") == "hopelesin"


@pytest.mark.parametrize(("language", "typed", "meant"), [("en", "feelin", "feeling"), ("en", "overwhelmd", "overwhelmed"), ("de", "verzweifet", "verzweifelt"), ("de", "sterbn", "sterben")])  # fmt: skip
def test_the_tables_read_them(language: str, typed: str, meant: str) -> None:
    """Each as the word that it stands for."""
    assert clauses(typed, GRAMMARS[language].vocabulary) == [[meant]]


@pytest.mark.parametrize("text", ["i feel hopless", "i am so lonley", "ich bin verzweifet", "I'm feelin suicdal"])
def test_a_slip_in_the_telling_word_passes_the_gate(text: str) -> None:
    """Also where it is the only one."""
    assert assess(text).tier > 0
