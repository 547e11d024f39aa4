"""An application run from its checkout or image: names that are ours alone, a whole wheel, a lock in step."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

from tests.support.tree import PACKAGES, ROOT, kept_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = [version for version in range(9, 20) if f"3.{version}" in SpecifierSet(PROJECT["project"]["requires-python"])]
MACHINES = {
    "linux-x86-64": ["manylinux1_x86_64", "manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in range(17, 29))],
    "linux-arm64": ["manylinux2014_aarch64", *(f"manylinux_2_{minor}_aarch64" for minor in range(17, 29))],
    "macos-arm64": list(mac_platforms((14, 0), "arm64")),
}  # fmt: skip


def uv() -> str:
    """Return uv: the one that `make setup` put under .tools, else any."""
    found = next(map(str, ROOT.glob(".tools/*/bin/uv")), None) or shutil.which("uv")
    assert found, "uv is not here; make setup brings it"
    return found


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
    checked = subprocess.run(
        [uv(), "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("version", PYTHONS)
def test_nothing_is_compiled_where_lotse_is_set_up(version: int, machine: str) -> None:
    """All that is locked has a wheel for each Python that is promised; Faust alone, on Linux on ARM, is built, which needs no compiler."""
    tags = {
        *cpython_tags((3, version), platforms=MACHINES[machine]),
        *compatible_tags((3, version), f"cp3{version}", [*MACHINES[machine], "any"]),
    }
    built = {name for name in used() if not any(tags & wheel for wheel in wheels(name))}
    assert built <= ({"faust-streaming"} if machine == "linux-arm64" else set())


def test_each_place_names_the_same_pythons() -> None:
    """What the project promises is what is asked of a Python before .venv is made of it, and none was tried that is not promised."""
    asked = f"not (3, {PYTHONS[0]}) <= version <= (3, {PYTHONS[-1]})"
    assert asked in (ROOT / "deploy/check-python.sh").read_text(encoding="utf-8")
    assert f"Python 3.{PYTHONS[0]} to 3.{PYTHONS[-1]} " in (ROOT / "README.md").read_text(encoding="utf-8")
    tried = re.findall(r"Python :: 3\.(\d+)", " ".join(PROJECT["project"]["classifiers"]))
    assert set(map(int, tried)) <= set(PYTHONS)


@cache
def used() -> set[str]:
    """Return the names of all that `make setup` and the image install; of what Windows alone needs, nothing."""
    told = subprocess.run(
        [uv(), "export", "--frozen", "--offline", "--quiet", "--no-hashes", "--no-emit-project", "--all-extras", "--no-group", "peers"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    asked = [
        line for line in told.splitlines() if "==" in line and not line.endswith("== 'win32'") and line[0].isalpha()
    ]
    return {line.split("==")[0] for line in asked}


@cache
def locked() -> list[dict[str, Any]]:
    """Return the packages of the lock."""
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return packages


def wheels(name: str) -> list[frozenset[Tag]]:
    """Return the tags of each wheel of a package, of whichever version."""
    urls = [wheel["url"] for package in locked() if package["name"] == name for wheel in package.get("wheels", ())]
    return [parse_wheel_filename(url.rsplit("/", 1)[1])[3] for url in urls]


def test_the_console_script_is_the_one_there_is() -> None:
    """One name on the PATH: lotse."""
    assert PROJECT["project"]["scripts"] == {"lotse": "streams.cli:main"}
