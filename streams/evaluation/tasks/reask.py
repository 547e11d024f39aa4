"""Does the same member ask the same again; do two members ask the same?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from streams.evaluation.figures import average_precision, precision_recall_f1, recall_at_precision
from streams.evaluation.likeness import SHIPPED_THRESHOLD, scores
from streams.evaluation.reading import items, label_of
from streams.evaluation.task import Figures, Options

NAME = "reask"
READS = (
    "pairs {kind, a: {text}, b: {text}, label}: same-member or cross-member; 1 the same need, 0 another, null left out"
)
_KEYS = ("ap", "recall_at_p90", "precision", "recall")
KEYS: tuple[str, ...] = (*_KEYS, *(f"cross_member_{key}" for key in _KEYS))


class _Pair(NamedTuple):
    cross: bool
    texts: tuple[str, str]
    label: bool


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return average precision, recall at precision 0.9, and precision and recall at the shipped threshold; None without positives."""
    pairs = items(files, _pair, "kind, a, b and label (1, 0 or null)")
    likeness = scores([pair.texts for pair in pairs])
    figures: dict[str, Any] = {}
    for prefix, cross in (("", False), ("cross_member_", True)):
        scored = [(one, pair.label) for one, pair in zip(likeness, pairs, strict=True) if pair.cross is cross]
        precision, recall, _ = precision_recall_f1([(one >= SHIPPED_THRESHOLD, so) for one, so in scored])
        positives = any(so for _, so in scored)
        values = (
            (average_precision(scored), recall_at_precision(scored, 0.9), precision, recall)
            if positives
            else (None,) * 4
        )
        figures |= {prefix + key: value for key, value in zip(_KEYS, values, strict=True)}
    return figures


def _pair(row: dict[str, Any]) -> _Pair | None:
    a, b, label = row.get("a"), row.get("b"), label_of(row.get("label"))
    if not isinstance(a, dict) or not isinstance(b, dict) or label is None:
        return None
    return _Pair(row.get("kind") != "same-member", (str(a.get("text") or ""), str(b.get("text") or "")), label == 1)
