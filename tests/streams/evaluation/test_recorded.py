"""Recorded figures: each task has them, and none has fallen by more than its tolerance."""

import pytest

from streams.evaluation.datasets import DATASETS, Dataset
from streams.evaluation.recorded import fallen, measure, recorded
from streams.evaluation.tasks import TASKS
from tests.support.shared_data import shared_data

MEASURED = [(task, dataset) for task, datasets in DATASETS.items() for dataset in datasets]


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_task_has_records_of_its_data_sets(task: str) -> None:
    """Label for label, with all keys of the task."""
    records = recorded(task)
    assert [(one.label, one.use) for one in records] == [(one.label, one.use) for one in DATASETS[task]]
    assert all(set(TASKS[task].KEYS) <= set(one.figures) for one in records)


@pytest.mark.parametrize(("task", "dataset"), MEASURED, ids=[f"{task}-{one.label}" for task, one in MEASURED])
def test_no_figure_falls(task: str, dataset: Dataset) -> None:
    """Measured again, where the data sets are."""
    missing = [name for name in dataset.files if not (shared_data() / name).exists()]
    if missing:
        pytest.skip(f"no data set {missing[0]}: put it beside the checkout as shared/data, or set LOTSE_SHARED_DATA")
    before = next(one for one in recorded(task) if one.label == dataset.label)
    assert fallen(before.figures, measure(task, dataset, shared_data())) == []


def test_a_fall_is_seen_in_both_directions() -> None:
    """A rate of false alarms falls upwards."""
    assert fallen({"f1": 0.9, "rate_any": 0.01}, {"f1": 0.85, "rate_any": 0.01}) == ["f1: 0.900 -> 0.85"]
    assert fallen({"f1": 0.9, "rate_any": 0.01}, {"f1": 0.95, "rate_any": 0.05}) == ["rate_any: 0.010 -> 0.05"]
    assert fallen({"f1": 0.9}, {}) == ["f1: 0.900 -> None"]
