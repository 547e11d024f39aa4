"""Encoders of a deployment: read, converted from a static model, and refused with one clear message."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from processors.text.word_vectors import SHIPPED, cosine
from streams.encoder import convert, read_encoder
from streams.errors import UserError

WORDS = {"disk": 0, "drive": 1, "cake": 2, "##s": 3, "[CLS]": 4}


def model(folder: Path, kind: str = "F32") -> Path:
    """A static model of a few words in three dimensions."""
    matrix = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1]], dtype=np.float32)
    header = msgspec.json.encode({"embeddings": {"dtype": kind, "shape": [5, 3], "data_offsets": [0, 60]}})
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + matrix.tobytes())
    (folder / "tokenizer.json").write_bytes(msgspec.json.encode({"model": {"vocab": WORDS}}))
    return folder


def test_a_static_model_becomes_a_table(tmp_path: Path) -> None:
    """Whole words keep their neighbours, parts of words are left out, the rarity of stems is the shipped one."""
    path = tmp_path / "table"
    path.write_bytes(convert(model(tmp_path / "mine")))
    mine = read_encoder(str(path))
    disk, drive, cake = (mine.encode([word]) for word in ("disk", "drive", "cake"))
    assert cosine(disk, drive) > 900
    assert cosine(disk, cake) == 0
    assert mine.encode(["##s"]) == b""
    assert mine.version.startswith("mine-")
    assert mine.rarity("the") == SHIPPED.rarity("the")


def test_without_a_setting_the_shipped_one_is_used() -> None:
    """Nothing is needed."""
    assert read_encoder("") is SHIPPED


@pytest.mark.parametrize(("content", "expected"), [(None, "cannot be read"), (b"none", "is no table")])
def test_a_wrong_table_is_one_message(tmp_path: Path, content: bytes | None, expected: str) -> None:
    """What, where, and how to mend it."""
    path = tmp_path / "table"
    if content:
        path.write_bytes(content)
    with pytest.raises(UserError, match=f"LOTSE_WORD_VECTORS: .*{expected}"):
        read_encoder(str(path))


def test_what_is_no_static_model_is_one_message(tmp_path: Path) -> None:
    """A folder without the files, a matrix of another kind."""
    with pytest.raises(UserError, match=r"expected model\.safetensors"):
        convert(tmp_path)
    with pytest.raises(UserError, match="a matrix of F16 or F32"):
        convert(model(tmp_path / "mine", kind="I64"))
