"""German for the word vectors: words that mean what their English glosses mean, and how common German words are in general.

The encoder that teaches the vectors knows English only, so German words get their meaning through a glossary of our own
(german_words.txt). How common a word is, and which forms it has, comes from spacy-lookups-data (Copyright (c) 2019 ExplosionAI
GmbH, MIT): a million words with the logarithm of their probability, and the lemma of each form. Nothing of it is in the table
but rounded numbers under the CRC-32 of words.
"""

import gzip
from collections import defaultdict
from collections.abc import Mapping
from math import exp, log2
from pathlib import Path
from pkgutil import get_data
from zlib import crc32

import msgspec
import numpy as np

from processors.text.similarity import is_stop_word
from processors.text.spelling import stem
from processors.text.word_vectors import Table

DATA = Path("spacy_lookups_data/data")
WORDS = 15  # of a question, on average: what makes the share of texts from a share of words
RAREST = 16.0  # bits: stems rarer than this are as good as unknown
FORM_RAREST = 19.0  # bits: forms of a glossary's word that are rarer are not worth a vector
SMALL = 7.0  # bits: words as common as this say nothing of the matter, unless the glossary has them
NATIVE = 3.0  # bits: a word so much more common in German than in English means what it means in German
APART = (
    2.0  # bits: a stem of both languages counts as so much rarer than in German alone, since a text is of one of them
)
FOREIGN = 13.0  # bits: in English so rare that it is a German word

Bits = dict[str, float]  # minus the binary logarithm of the share of texts, by word or stem


class Lexicon:
    """How common German words are, and the forms of each, all in small letters."""

    def __init__(self, logarithms: Mapping[str, float], lemmas: Mapping[str, str]) -> None:
        self._shares: dict[str, float] = defaultdict(float)
        for word, logarithm in logarithms.items():
            if word.isalpha():
                self._shares[word.lower()] += exp(logarithm)
        self._forms: dict[str, set[str]] = defaultdict(set)
        for form, lemma in lemmas.items():
            self._forms[lemma.lower()].add(form.lower())

    def words(self) -> Bits:
        """Return how rare each word is."""
        return {word: _bits(share) for word, share in self._shares.items()}

    def stems(self) -> Bits:
        """Return how rare texts with each stem are, in any of its forms."""
        shares: dict[str, float] = defaultdict(float)
        for word, share in self._shares.items():
            shares[stem(word)] += share
        return {root: _bits(share) for root, share in shares.items()}

    def forms(self, lemma: str) -> set[str]:
        """Return the word with its forms, as listed, or made by rule for verbs where people write them so."""
        made = {lemma} | self._forms.get(lemma, set()) | _conjugated(lemma)
        return {form for form in made if form == lemma or _bits(self._shares.get(form, 0.0)) <= FORM_RAREST}


def lexicon(packages: Path) -> Lexicon:
    """Read the lexicon of the package in this folder."""
    return Lexicon(
        msgspec.json.decode(_unpacked(packages, "lexeme_prob"), type=dict[str, float]),
        msgspec.json.decode(_unpacked(packages, "lemma_lookup"), type=dict[str, str]),
    )


def _unpacked(packages: Path, name: str) -> bytes:
    return gzip.decompress((packages / DATA / f"de_{name}.json.gz").read_bytes())


def glossary() -> dict[str, list[str]]:
    """Return the glosses of each word of ours."""
    lines = (get_data(__package__, "german_words.txt") or b"").decode().splitlines()
    listed = (line.split() for line in lines if line and not line.startswith("#"))
    return {word: glosses for word, *glosses in listed}


def with_german(table: Table, glosses: Mapping[str, list[str]], known: Lexicon) -> Table:
    """Return the table with German words and stems; a table that has them already comes out the same."""
    rows, words = _rows(table), known.words()
    english = dict(zip(_numbers(table.stems), table.rarity, strict=True))
    nothing = np.zeros(table.dims, np.int8)
    meant = {form: nothing for form, bits in words.items() if bits <= SMALL or is_stop_word(form)}
    for word, found in glosses.items():
        vector = _mean(rows, found)
        if vector is not None:
            meant.update(dict.fromkeys(known.forms(word), vector))
    for word, vector in meant.items():
        number, usual = crc32(word.encode()), english.get(crc32(stem(word).encode()), 0)
        if number not in rows or usual >= 8 * (words.get(word, FORM_RAREST) + NATIVE):
            rows[number] = vector
    rarity = _rarity(english, known.stems())
    names, roots = sorted(rows), sorted(rarity)
    return Table(
        table.version,
        table.dims,
        np.array(names, "<u4").tobytes(),
        np.array([rows[name] for name in names]).tobytes(),
        np.array(roots, "<u4").tobytes(),
        bytes(rarity[root] for root in roots),
    )


def _mean(rows: Mapping[int, np.ndarray], glosses: list[str]) -> np.ndarray | None:
    found = [row for gloss in glosses if (row := rows.get(crc32(gloss.encode()))) is not None]
    return np.rint(np.mean(found, axis=0)).astype(np.int8) if found else None


def _rarity(english: Mapping[int, int], german: Bits) -> dict[int, int]:
    """Return the rarity of all stems in eighths of a bit; a text is in one language, so what both have counts between them."""
    rarity = dict(english)
    for root, bits in german.items():
        if bits <= RAREST:
            number = crc32(root.encode())
            usual = english.get(number)
            foreign = usual is None or usual >= 8 * FOREIGN
            eighths = round(8 * (bits if foreign else bits + APART))
            rarity[number] = eighths if usual is None else min(usual, eighths)
    return rarity


def _conjugated(verb: str) -> set[str]:
    """Return regular forms of a verb, of one with a prefix that parts, too."""
    if not verb.endswith("n") or len(verb) < 5:
        return set()
    root = verb[:-2] if verb.endswith("en") else verb[:-1]
    link = "e" if root[-1] in "td" else ""
    plain = {f"{root}e", f"{root}{link}st", f"{root}{link}t", f"{root}{link}te", f"{root}{link}ten", f"ge{root}{link}t"}
    for prefix in (
        "ab",
        "an",
        "auf",
        "aus",
        "ein",
        "her",
        "hoch",
        "mit",
        "runter",
        "um",
        "vor",
        "weiter",
        "zurück",
        "zu",
    ):
        if root.startswith(prefix) and len(root) > len(prefix) + 2:
            rest = root[len(prefix) :]
            plain |= {f"{prefix}ge{rest}{link}t", f"{prefix}ge{rest}en", f"{prefix}zu{rest}en"}
    return plain


def _bits(share_of_words: float) -> float:
    share = 1 - (1 - min(share_of_words, 0.999)) ** WORDS
    return -log2(share) if share > 0 else 99.0


def _rows(table: Table) -> dict[int, np.ndarray]:
    numbers = _numbers(table.words)
    vectors = np.frombuffer(table.rows, dtype=np.int8).reshape(len(numbers), table.dims)
    return dict(zip(numbers, vectors, strict=True))


def _numbers(packed: bytes) -> list[int]:
    numbers: list[int] = np.frombuffer(packed, dtype="<u4").tolist()
    return numbers
