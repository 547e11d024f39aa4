"""Distress in single texts: each is the only message of a new member, in a community with distress support on."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from processors.text.distress import score
from streams.evaluation.distress_reading import tier_of
from streams.evaluation.figures import auc, precision_recall_f1, ratio
from streams.evaluation.reading import items, label_of
from streams.evaluation.task import Figures, Options

NAME = "distress"
READS = "{text, label, category}: label 2 severe, 1 and more positive, 0 none, null left out"
KEYS: tuple[str, ...] = (
    "rate_any", "rate_severe", "by_category", "recall_any", "recall_severe", "precision_any", "f1_any", "auc",
)  # fmt: skip
SEVERE = 2  # the tier and the label from which a statement is severe


class Told(NamedTuple):
    """A text's label and category, and what the detector said."""

    label: int
    category: str
    tier: int
    score: float


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return rates over all texts and by category, and how well tier and score tell the labelled apart."""
    told = items(files, _told, "text and label (2, 1, 0 or null)")
    precision, recall, f1 = precision_recall_f1([(one.tier > 0, one.label > 0) for one in told])
    groups: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        groups[one.category].append(one)
    return {
        **_rates(told),
        "by_category": {name: {"n": len(group), **_rates(group)} for name, group in sorted(groups.items()) if name},
        "recall_any": recall,
        "recall_severe": precision_recall_f1([(one.tier >= SEVERE, one.label >= SEVERE) for one in told])[1],
        "precision_any": precision,
        "f1_any": f1,
        "auc": auc([(one.score, one.label > 0) for one in told]),
    }


def _rates(told: Sequence[Told]) -> dict[str, float]:
    return {
        "rate_any": ratio(sum(one.tier > 0 for one in told), len(told)),
        "rate_severe": ratio(sum(one.tier >= SEVERE for one in told), len(told)),
    }


def _told(row: dict[str, Any]) -> Told | None:
    text, label = row.get("text"), label_of(row.get("label"))
    if not isinstance(text, str) or label is None:
        return None
    return Told(label, str(row.get("category") or ""), tier_of(text), score(text))
