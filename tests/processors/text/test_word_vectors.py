"""Word vectors: whole numbers, no text inside, other tables read as well."""

import msgspec
import numpy as np
import pytest

from processors.text.spelling import stem
from processors.text.word_vectors import LENGTH, SHIPPED, Table, WordVectors, cosine, meanings, read


def test_texts_have_vectors_of_one_length() -> None:
    """Whatever the number of words."""
    for words in (["disk"], ["disk", "partition", "mount"], ["wifi"] * 60):
        vector = np.frombuffer(SHIPPED.encode(words), dtype=np.int8).astype(int)
        assert abs(np.sqrt((vector * vector).sum()) - LENGTH) < 4


def test_a_text_of_which_little_is_known_has_no_vector() -> None:
    """It would be the vector of the few words that another language has by chance, or of nothing."""
    assert SHIPPED.encode([]) == b""
    assert SHIPPED.encode(["frobnicatorium"]) == b""
    assert SHIPPED.encode(["frobnicatorium", "gloxinated", "disk"]) == b""
    assert SHIPPED.encode(["frobnicatorium", "disk"]) == SHIPPED.encode(["disk"])
    assert SHIPPED.encode(["und", "dann", "der"]) == b"", "known, and nothing meant"


def test_near_in_meaning_is_near_in_space() -> None:
    """Words of one matter are nearer than those of another, in German as well."""
    wifi, wireless, cake = (SHIPPED.encode([word]) for word in ("wifi", "wireless", "cake"))
    assert cosine(wifi, wireless) > cosine(wifi, cake)
    kennwort, passwort, tomate = (SHIPPED.encode([word]) for word in ("kennwort", "passwort", "tomate"))
    assert cosine(kennwort, passwort) > cosine(kennwort, tomate)


def test_german_is_known_to_be_common() -> None:
    """Small words are common, words of a matter rare; before, each of them was as rare as could be."""
    small = [SHIPPED.rarity(stem(word)) for word in ("wie", "kann", "ich", "für", "der", "die")]
    matter = [SHIPPED.rarity(stem(word)) for word in ("passwort", "drucker", "anmeldung", "tomaten", "frobnicatorium")]
    assert max(small) < 50 < min(matter), "eighths of a bit"


def test_a_table_of_ones_own_is_read() -> None:
    """Two words, two dimensions; what is no table is refused."""
    from zlib import crc32  # noqa: PLC0415

    keys = sorted([crc32(b"disk"), crc32(b"drive")])
    table = Table("mine", 2, np.array(keys, "<u4").tobytes(), bytes([10, 0, 10, 0]))
    mine = read(msgspec.msgpack.encode(table))
    assert mine.encode(["disk"]) == bytes([LENGTH, 0])
    assert isinstance(mine, WordVectors)
    assert mine.version == "mine"
    with pytest.raises(msgspec.DecodeError):
        read(b"none")


def test_the_cosines_with_several_are_those_with_each() -> None:
    """A vector of another encoder has none."""
    texts = ("violin repair", "printer driver", "mend a fiddle")
    one, *others = [SHIPPED.encode(text.split()) for text in texts]
    assert meanings(one, [*others, b"short"]) == [*(cosine(one, other) for other in others), None]
    assert meanings(b"", others) == [None] * len(others)
    assert meanings(one, []) == []
