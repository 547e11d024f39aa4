"""The first gate: it lets through whatever the gate of plain words would look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.text.distress import GRAMMARS, gates, plain_gates
from processors.text.distress_gate import Gate, Words, apostrophised, spellings

WORDS = sorted(
    {word for grammar in GRAMMARS.values() for name, words in grammar.words.items() if "gate" in name for word in words}
)
CALM = ("der", "the", "printer", "Netz", "ok", "über", "läuft")
LINKS = (" ", ", ", ". ", "'s ", "-", "\n", "\r\n", " 1 ", '" ', "’", "/", " [", "] ", " #", "_", " <", "\\", "=")


@given(st.lists(st.tuples(st.sampled_from([*WORDS, *CALM * 40]), st.sampled_from(LINKS)), max_size=14))
def test_nothing_is_left_out_that_plain_words_would_let_through(said: list[tuple[str, str]]) -> None:
    """Whatever stands between them, in capitals and with umlauts too."""
    text = "".join(word + link for word, link in said)
    for variant in (text, text.upper(), text.replace("ae", "ä").replace("ue", "ü").replace("ss", "ß")):
        assert gates(variant) == plain_gates(variant)


def test_words_are_known_as_they_may_be_written() -> None:
    """With umlauts, an ß and an apostrophe."""
    assert spellings(["muede"]) == {"muede", "müde"}
    assert spellings(["scheisse"]) == {"scheisse", "scheiße"}
    assert {"cant", "can't", "ca'nt"} <= apostrophised(["cant"])


@pytest.mark.parametrize("text", ["x1y", "x*y", "é", "a b c", "漢"])
def test_what_it_cannot_read_is_not_calm(text: str) -> None:
    """Digits, masks, accents and letters apart are for the gate of plain words."""
    gate = Gate(Words(*[frozenset()] * 8), 3, 3, 2)
    assert not gate.is_calm(text, text.split())
    assert gate.is_calm("plain words, nothing else", ["plain", "words", "nothing", "else"])
