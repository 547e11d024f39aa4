"""Are words offensive or uncivil, and how surely does the score tell?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processors.text.conflict import OFFENSIVE, sharpness
from streams.evaluation.figures import auc, macro_f1, recall_at_precision
from streams.evaluation.reading import items
from streams.evaluation.task import Figures, Options

NAME = "conflict"
READS = '{text, coarse: OFFENSE or OTHER}, or {text, tbdf}, where "None" is calm'
KEYS: tuple[str, ...] = ("macro_f1", "auc", "recall_at_p80")


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return the macro F1 at the shipped threshold, and AUC and recall at precision 0.8 of the score."""
    rows = items(files, _labelled, "text and coarse (OFFENSE or OTHER), or text and tbdf")
    scored = [(sharpness(text).score, offensive) for text, offensive in rows]
    return {
        "macro_f1": macro_f1([(score > OFFENSIVE, offensive) for score, offensive in scored]),
        "auc": auc(scored),
        "recall_at_p80": recall_at_precision(scored, 0.8),
    }


def _labelled(row: dict[str, Any]) -> tuple[str, bool] | None:
    text, coarse = row.get("text"), row.get("coarse")
    if not isinstance(text, str) or not text.strip():
        return None
    if coarse in ("OFFENSE", "OTHER"):
        return text, coarse == "OFFENSE"
    # null and the word None both say that nothing uncivil was found; a line without the field has no label.
    return (text, row["tbdf"] not in (None, "None")) if "tbdf" in row else None
