"""Are two questions duplicates; how many are taken for the same that are not?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streams.evaluation.figures import auc, ratio, recall_at_precision
from streams.evaluation.likeness import SHIPPED_THRESHOLD, scores
from streams.evaluation.reading import items, label_of
from streams.evaluation.task import Figures, Options

NAME = "duplicate-pairs"
READS = "{q1, q2, duplicate}, or {q1_title, q1_body, q2_title, q2_body, duplicate}"
KEYS: tuple[str, ...] = ("auc", "recall_at_p95", "recall", "false_merge_rate")


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return AUC, recall at precision 0.95, and recall and the share of other pairs merged at the shipped threshold."""
    pairs = items(files, _pair, "q1, q2 (or q1_title, q1_body, ...) and duplicate (1 or 0)")
    scored = [(score, so) for score, (_, so) in zip(scores([texts for texts, _ in pairs]), pairs, strict=True)]
    positives = sum(so for _, so in scored)
    merged = [so for score, so in scored if score >= SHIPPED_THRESHOLD]
    return {
        "auc": auc(scored),
        "recall_at_p95": recall_at_precision(scored, 0.95),
        "recall": ratio(sum(merged), positives),
        "false_merge_rate": ratio(len(merged) - sum(merged), len(scored) - positives),
    }


def _pair(row: dict[str, Any]) -> tuple[tuple[str, str], bool] | None:
    label = label_of(row.get("duplicate"))
    if label is None:
        return None
    if row.get("q1") is not None and row.get("q2") is not None:
        return (str(row["q1"]), str(row["q2"])), label > 0
    if not row.get("q1_title") or not row.get("q2_title"):
        return None
    first, second = (f"{row[f'{side}_title']}\n{row.get(f'{side}_body') or ''}" for side in ("q1", "q2"))
    return (first, second), label > 0
