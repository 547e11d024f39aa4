"""Journeys as files: read, chosen by a community's policy, and every mistake with its place."""

import shutil
from pathlib import Path

import pytest

from processors.playbooks.journeys import Step
from resource_catalog.loader import SHIPPED, load
from resource_catalog.problems import CatalogError


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A copy of the shipped catalog's policies and journeys, without playbooks."""
    for name in ("policies", "journeys"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def test_the_shipped_journeys_are_on_everywhere(catalog: Path) -> None:
    """A community that names none has all; one that names some has those."""
    with (catalog / "policies" / "policy.yaml").open("a") as file:
        file.write("town:\n  journeys: [task]\nquiet:\n  journeys: []\n")
    policies = load(catalog).bundle.policies
    assert [one.id for one in policies["*"].journeys] == ["draft", "search", "task"]
    assert [one.id for one in policies["town"].journeys] == ["task"]
    assert policies["quiet"].journeys == ()
    assert policies["town"].journeys[0].steps == (
        Step("complete", ("task.completed",), title="completing it", usual=3 * 86400.0),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: a\nbegins: [task.begin]\nsteps: [{id: s, done: task.completed}]", r"wrong\.yaml:2:9: begins: unknown event task\.begin; did you mean task\.begun\?"),
        ("id: a\nbegins: task.begun\nsteps: [{id: s}]", "done: expected at least one event"),
        ("id: a\nbegins: task.begun\nsteps: [{id: s, done: task.completed, usual: soon}]", "usual: expected a duration"),
        ("id: a\nbegins: task.begun", "steps: expected a list of 1 to 16 steps"),
        ("id: task\nbegins: task.begun\nsteps: [{id: s, done: task.completed}]", "journey task stands in .* too"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place(catalog: Path, text: str, expected: str) -> None:
    """File, line, column, what was expected and the nearest right word."""
    (catalog / "journeys" / "wrong.yaml").write_text(text)
    with pytest.raises(CatalogError, match=expected):
        load(catalog)


def test_a_policy_names_journeys_that_there_are(catalog: Path) -> None:
    """And is told which there are."""
    with (catalog / "policies" / "policy.yaml").open("a") as file:
        file.write("town:\n  journeys: [tusk]\n")
    with pytest.raises(CatalogError, match="expected some of draft, search, task, found tusk"):
        load(catalog)
