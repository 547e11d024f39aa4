"""The task conflict: two kinds of labels, and what has none is passed over."""

from pathlib import Path

import orjson
import pytest

from streams.errors import UserError
from streams.evaluation.task import Options
from streams.evaluation.tasks import conflict

ATTACK, CALM = "You are such an idiot.", "Thank you, that worked well for me."


def written(path: Path, *rows: dict[str, object]) -> Path:
    """Write rows as JSON lines."""
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return path


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": ATTACK, "coarse": "OFFENSE"}, {"text": CALM, "coarse": "OTHER"}, {"text": CALM, "coarse": None}],
        [{"text": ATTACK, "tbdf": "Insulting"}, {"text": CALM, "tbdf": "None"}, {"text": CALM, "tbdf": None}, {"text": None, "tbdf": "Irony"}],
    ],
)  # fmt: skip
def test_both_kinds_of_labels(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    """Told apart rightly, all figures are 1; with the labels turned round, they are not."""
    figures = conflict.evaluate([written(tmp_path / "rows.jsonl", *rows)], Options())
    assert figures == {"macro_f1": 1.0, "auc": 1.0, "recall_at_p80": 1.0}
    turned = [{**row, "text": CALM if row["text"] == ATTACK else ATTACK} for row in rows if row["text"]]
    assert conflict.evaluate([written(tmp_path / "turned.jsonl", *turned)], Options())["auc"] == 0.0


def test_a_file_without_labels_is_an_error(tmp_path: Path) -> None:
    """It says what was expected."""
    with pytest.raises(UserError, match="text and tbdf"):
        conflict.evaluate([written(tmp_path / "rows.jsonl", {"text": CALM, "coarse": "?"})], Options())
