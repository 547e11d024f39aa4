"""Which Python `make setup` takes: no slow build where the system has a good one, and nothing that it cannot use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import ROOT

PROFILED, UNPROFILED = "--prefix=/here --enable-optimizations", "--prefix=/here --enable-shared"


def python(at: Path, built: str, version: tuple[int, int] = (3, 11)) -> Path:
    """Put a Python there that says of itself how it was built, and which it is."""
    says = f"sysconfig.get_config_vars()['CONFIG_ARGS'] = {built!r}; sys.version_info = {version}"
    at.parent.mkdir(exist_ok=True)
    at.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys, sysconfig; {says}; $2"\n')
    at.chmod(0o755)
    return at


def chosen(path: Path, system: Path) -> str:
    """Return what is chosen with this folder first on the path."""
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "deploy/choose-python.sh"), str(system)],
        env={"PATH": f"{path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("built", "version", "taken"),
    [(UNPROFILED, (3, 11), "system"), (PROFILED, (3, 11), "python3"), (UNPROFILED, (3, 9), "python3")],
    ids=["slow", "fast already", "the system's is too old"],
)
def test_the_systems_own_is_taken_where_the_first_is_slow(
    tmp_path: Path, built: str, version: tuple[int, int], taken: str
) -> None:
    """Only a slow build is passed over, and only for one that can be used."""
    first = python(tmp_path / "first" / "python3", built)
    system = python(tmp_path / "system" / "python3", UNPROFILED, version)
    assert chosen(first.parent, system) == (str(system) if taken == "system" else "python3")


def test_what_is_not_there_is_not_taken(tmp_path: Path) -> None:
    """Neither a system without Python, nor a system's Python that is the first one already, whatever it says of itself."""
    first = python(tmp_path / "first" / "python3", UNPROFILED)
    assert chosen(first.parent, tmp_path / "none") == "python3"
    assert chosen(first.parent, first) == "python3"
