"""An application run from its checkout or image: names that are ours alone, a whole wheel, a lock in step."""

import importlib.metadata
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, ROOT, kept_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def uv() -> str | None:
    """Return uv: the one that `make setup` put under .tools, else any."""
    return next(map(str, ROOT.glob(".tools/*/bin/uv")), None) or shutil.which("uv")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_owns_our_names(package: str) -> None:
    """A public package of the same name would shadow ours, wherever it is installed."""
    owners = importlib.metadata.packages_distributions().get(package, ["lotse"])
    assert set(owners) == {"lotse"}


def test_it_is_never_published() -> None:
    """Four generic import names belong in no registry."""
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """Content, schemas and the demo's history travel with the code; tests and deployment do not."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {path.as_posix() for path in kept_files() if path.parts[0] in PACKAGES}


def test_the_lock_is_in_step_with_the_project() -> None:
    """`uv sync --frozen` installs what pyproject.toml asks for."""
    found = uv()
    if found is None:
        pytest.skip("uv is not here; make setup brings it")
    checked = subprocess.run(
        [found, "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_the_console_script_is_the_one_there_is() -> None:
    """One name on the PATH: lotse."""
    assert PROJECT["project"]["scripts"] == {"lotse": "streams.cli:main"}
