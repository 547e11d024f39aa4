"""Recorded figures: what each task gave on which data, so that a page can show it and a test can hold it.

`python -m streams.evaluation.recorded FOLDER [TASK ...]` measures anew, FOLDER being where the data sets lie.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson

from streams.evaluation.datasets import DATASETS, Dataset
from streams.evaluation.task import Figures, Options
from streams.evaluation.tasks import TASKS

FOLDER = Path(__file__).parent / "recorded"
TOLERANCE = (
    0.02  # a figure may be so much worse before a test fails; data sets of a few hundred labels give no finer answer
)
# Figures of which less is better; all others that lie between 0 and 1 are better when larger.
LESS_IS_BETTER = frozenset({"rate_any", "rate_severe", "false_merge_rate", "any_per_10k", "severe_per_10k"})
# Counts of what must not happen, or not more often: none may grow.
NO_MORE = frozenset(
    {"nudged_after_done", "duplicates", "nudges_per_member_max", "sends_per_member_week_max", "distress_severe"}
)


class Record(msgspec.Struct, frozen=True):
    """One measurement: the data set's label and use, and the figures."""

    label: str
    use: str
    figures: dict[str, Any]


def recorded(task: str) -> list[Record]:
    """Return the recorded measurements of a task."""
    return msgspec.json.decode((FOLDER / f"{task}.json").read_bytes(), type=list[Record])


def measure(task: str, dataset: Dataset, folder: Path) -> Figures:
    """Run a task over a data set in `folder`, with default options."""
    return TASKS[task].evaluate([folder / name for name in dataset.files], Options())


def fallen(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what has become worse by more than the tolerance, as `key: before -> now`."""
    worse = []
    for name, was in before.items():
        found = now.get(name)
        if name in NO_MORE and (found is None or found > was):
            worse.append(f"{name}: {was} -> {found}")
        elif isinstance(was, float) and 0.0 <= was <= 1.0:
            loss = (float(found or 0.0) - was) * (1 if name in LESS_IS_BETTER else -1)
            if found is None or loss > TOLERANCE:
                worse.append(f"{name}: {was:.3f} -> {found}")
    return worse


def main() -> None:
    """Measure and write the tasks that are named, or all."""
    folder, wanted = Path(sys.argv[1]), sys.argv[2:] or list(DATASETS)
    for task in wanted:
        rows = [Record(one.label, one.use, _rounded(measure(task, one, folder))) for one in DATASETS[task]]
        FOLDER.joinpath(f"{task}.json").write_bytes(
            orjson.dumps(msgspec.to_builtins(rows), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
        sys.stdout.write(f"{task}: {len(rows)} data sets\n")


def _rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _rounded(value) if isinstance(value, Mapping) else round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }


if __name__ == "__main__":
    main()
