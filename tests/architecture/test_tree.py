"""The shape of the tree: layers, sizes, names, docstrings, registration, packaging."""

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from processors import detectors
from processors.policy import NAMES
from sinks.channels import CHANNELS

ROOT = Path(__file__).parents[2]
PACKAGES = ("streams", "processors", "sinks", "resource_catalog")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
BANNED = {"utils", "common", "core", "helpers", "lib"}


def test_import_contracts_hold() -> None:
    """Layers, purity and independence, as pyproject.toml states them."""
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_small_named_well_and_says_what_it_is(path: Path) -> None:
    """At most 400 lines, functions of at most 70, a docstring, no heap of a name."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(tree)
    assert not BANNED & {path.stem, *path.relative_to(ROOT).parts}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 70, node.name


def test_detectors_stages_and_channels_are_registered() -> None:
    """What lies in the folder is in the list, and the other way round."""

    def stems(folder: str) -> set[str]:
        return {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}

    assert stems("processors/detectors") == {module.__name__.rpartition(".")[2] for module in detectors.DETECTORS}
    assert stems("processors/policy/stages") == set(NAMES)
    assert stems("sinks/channels") == set(CHANNELS)


def test_no_other_distribution_owns_our_names() -> None:
    """A public package of one of the four names would shadow ours."""
    owners = importlib.metadata.packages_distributions()
    assert {name: set(owners.get(name, ["lotse"])) for name in PACKAGES} == {name: {"lotse"} for name in PACKAGES}


def test_ci_calls_make_test_and_the_readme_names_the_two_commands() -> None:
    """CI does what a newcomer does."""
    assert "make test" in (ROOT / ".ci/run").read_text()
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme
