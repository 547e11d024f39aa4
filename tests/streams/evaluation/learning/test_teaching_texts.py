"""Texts and words that word vectors are learned from."""

import json
from pathlib import Path

import pytest

from streams.evaluation.learning import teaching_texts

DATA = """  1 This line is of the licence.
00001740 03 n 02 teapot 0 tea_pot 0 001 @ 00001930 n 0000 | a pot for brewing tea; "she filled the teapot to the brim"; "too short"
00001930 03 n 01 pot_plant 0 000 | a plant grown in a pot
"""


def _wordnet(folder: Path) -> Path:
    for part in ("noun", "verb", "adj", "adv"):
        (folder / f"data.{part}").write_text(DATA if part == "noun" else "", encoding="utf-8")
    return folder


def test_a_dictionary_gives_sentences_and_meanings(tmp_path: Path) -> None:
    """Long enough examples; definitions of single words, with the synonyms before them."""
    examples, definitions = teaching_texts.dictionary(_wordnet(tmp_path))
    assert examples == ["she filled the teapot to the brim"]
    assert definitions == ["teapot, tea pot: a pot for brewing tea"]


def test_names_of_members_are_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frequent word of chats is learned, a name that stands as often is not, unless it is a word in general."""
    rows = [{"author": name, "text": "glorb zwick ink is the matter here"} for name in ("Zwick", "Ink")] * 20
    (tmp_path / "chat.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "vocab.txt").write_text("[PAD]\nink\n", encoding="utf-8")
    for name, value in {"TEXTS": {"chat.jsonl": 8}, "FIRST_WORD": 1, "EXAMPLES": 1, "DEFINITIONS": 1}.items():
        monkeypatch.setattr(teaching_texts, name, value)
    found = teaching_texts.corpus(tmp_path, tmp_path, _wordnet(tmp_path))
    assert {"glorb", "ink"} <= set(found.words)
    assert "zwick" not in found.words
    assert (found.messages, len(found.texts)) == (40, 10)
    assert found == teaching_texts.corpus(tmp_path, tmp_path, tmp_path)
