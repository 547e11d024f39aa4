"""German words for the word vectors: meaning by glosses, rarity by a lexicon."""

from math import log
from zlib import crc32

import numpy as np

from processors.text.word_vectors import Table, WordVectors, cosine
from streams.evaluation.learning.german import Lexicon, glossary, with_german

ENGLISH = {"password": (90, 0), "cake": (0, 90), "change": (60, 60), "die": (70, -70), "tag": (-90, 0)}
# How often words are written in German, of a thousand; in English "die" and "tag" are words of their own.
GERMAN = {"die": 40, "und": 40, "Passwort": 0.02, "Kuchen": 0.03, "ändern": 0.1, "ändere": 0.01, "Kennwort": 0.001}
LEMMAS = {"ändere": "ändern", "Kuchens": "Kuchen"}


def _table() -> Table:
    rows = sorted((crc32(word.encode()), vector) for word, vector in ENGLISH.items())
    stems = sorted((crc32(word.encode()), bits) for word, bits in (("passwo", 64), ("die", 88), ("tag", 64)))
    return Table(
        "mine",
        2,
        np.array([number for number, _ in rows], "<u4").tobytes(),
        np.array([vector for _, vector in rows], np.int8).tobytes(),
        np.array([number for number, _ in stems], "<u4").tobytes(),
        bytes(bits for _, bits in stems),
    )


def _known() -> Lexicon:
    return Lexicon({word: log(often / 1000) for word, often in GERMAN.items()}, LEMMAS)


GLOSSES = {
    "kennwort": ["password"],
    "kuchen": ["cake", "unheard"],
    "ändern": ["change"],
    "tag": ["cake"],
    "nix": ["unheard"],
}
LEARNED = with_german(_table(), GLOSSES, _known())
VECTORS = WordVectors(LEARNED)


def test_words_mean_what_their_glosses_mean() -> None:
    """With their forms; a gloss that the vectors do not know counts nothing."""
    for word, gloss in (("kennwort", "password"), ("kuchen", "cake"), ("ändern", "change"), ("ändere", "change")):
        assert cosine(VECTORS.encode([word]), VECTORS.encode([gloss])) > 970, word
    assert VECTORS.encode(["nix"]) == b""


def test_a_word_of_both_languages_keeps_its_meaning_unless_german_has_it_far_more_often() -> None:
    """ "Tag" stays a label; "die" is an article, which says nothing."""
    assert VECTORS.encode(["tag"]) == WordVectors(_table()).encode(["tag"])
    assert VECTORS.encode(["die"]) == b""
    assert VECTORS.encode(["und", "kennwort"]) == VECTORS.encode(["kennwort"]), "a small word is known"


def test_rarity_is_that_of_the_language_in_which_a_stem_is_commoner() -> None:
    """Never rarer than before; what German alone has by its share of questions of fifteen words."""
    assert VECTORS.rarity("und") == round(-8 * np.log2(1 - 0.96**15))
    assert VECTORS.rarity("die") < 88
    assert VECTORS.rarity("passwo") == 64
    assert VECTORS.rarity("frobni") == 160


def test_german_is_added_once() -> None:
    """A table that has it already comes out the same."""
    assert with_german(LEARNED, GLOSSES, _known()) == LEARNED


def test_the_glossary_is_whole() -> None:
    """Each word is in small letters, stands once (a dictionary could not tell) and has a gloss."""
    words = glossary()
    assert len(words) > 900
    assert all(word == word.lower() and glosses for word, glosses in words.items())
