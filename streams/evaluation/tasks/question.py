"""Is it a question, and is it a request for help of the author's own need?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processors.text.question import QuestionKind, question_kind
from streams.evaluation.figures import precision_recall_f1
from streams.evaluation.reading import items, label_of
from streams.evaluation.task import Figures, Options

NAME = "question"
READS = "{text, label}: 2 asks for the author's own need, 1 another question, 0 none, null left out"
KEYS: tuple[str, ...] = ("f1_any", "f1_help", "precision_help", "recall_help")


def evaluate(files: Sequence[Path], options: Options) -> Figures:  # noqa: ARG001  (one contract for all tasks)
    """Return F1 of any question, and precision, recall and F1 of help requests."""
    rows = items(files, _labelled, "text and label (2, 1, 0 or null)")
    told = [(question_kind(text), label) for text, label in rows]
    precision, recall, f1 = precision_recall_f1([(kind is QuestionKind.OWN_NEED, label == 2) for kind, label in told])
    return {
        "f1_any": precision_recall_f1([(kind is not QuestionKind.NONE, label >= 1) for kind, label in told])[2],
        "f1_help": f1,
        "precision_help": precision,
        "recall_help": recall,
    }


def _labelled(row: dict[str, Any]) -> tuple[str, int] | None:
    text, label = row.get("text"), label_of(row.get("label"))
    return (text, label) if isinstance(text, str) and label is not None else None
