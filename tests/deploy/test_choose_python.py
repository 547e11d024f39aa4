"""Which Python `make setup` takes: no slow build where the system has a good one, nothing that it cannot use; and what it says then."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import ROOT

PROFILED, UNPROFILED = "--prefix=/here --enable-optimizations", "--prefix=/here --enable-shared"


def python(at: Path, built: str = PROFILED, version: tuple[int, int] = (3, 11), more: str = "") -> Path:
    """Put a Python there that says of itself how it was built, and which it is."""
    says = f"sysconfig.get_config_vars()['CONFIG_ARGS'] = {built!r}; sys.version_info = {version}; {more}"
    at.parent.mkdir(exist_ok=True)
    at.write_text(
        f'#!/bin/sh\ntold=$2; shift 2\nexec {shlex.quote(sys.executable)} -c "import platform, sys, sysconfig; {says}\n$told" "$@"\n'
    )
    at.chmod(0o755)
    return at


def asked(script: str, python: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script of deploy with this folder first on the path."""
    return subprocess.run(
        ["/bin/sh", str(ROOT / "deploy" / script), str(python)],
        env={"PATH": f"{path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def chosen(path: Path, system: Path) -> str:
    """Return what is chosen with this folder first on the path."""
    return asked("choose-python.sh", system, path).stdout.strip()


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


@pytest.mark.parametrize("version", [(3, 10), (3, 15)], ids=["too old", "too new"])
def test_another_of_the_path_is_taken_where_python3_cannot_be_used(tmp_path: Path, version: tuple[int, int]) -> None:
    """Of those, the system's own before others; and python3 where there is none, so that what is wrong with it is said."""
    path = python(tmp_path / "first" / "python3", version=version).parent
    for number in (11, 12, 13, 14):
        python(path / f"python3.{number}", version=(3, 9))
    assert chosen(path, tmp_path / "none") == "python3"
    python(path / "python3.12", version=(3, 12))
    assert chosen(path, tmp_path / "none") == "python3.12"
    system = python(tmp_path / "system" / "python3")
    assert chosen(path, system) == str(system)


@pytest.mark.parametrize(
    ("version", "more", "said"),
    [
        ((3, 10), "", "CPython 3.10"),
        ((3, 15), "", "CPython 3.15"),
        ((3, 14), "sysconfig.get_config_vars()['Py_GIL_DISABLED'] = 1", "free-threaded CPython 3.14"),
        ((3, 11), "platform.python_implementation = lambda: 'PyPy'", "PyPy 3.11"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, version: tuple[int, int], more: str, said: str
) -> None:
    """It says what was found, and what to do; not a compiler, much later, what it lacks."""
    given = python(tmp_path / "bin" / "given", version=version, more=more)
    refused = asked("check-python.sh", given, tmp_path)
    (line,) = refused.stderr.splitlines()
    assert refused.returncode == 1
    assert line.startswith(f"{given} is {said}, ")
    assert "make setup PYTHON=python3" in line


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """A Python that is not there, and one that Debian has cut in two."""
    assert "There is no " in asked("check-python.sh", tmp_path / "none", tmp_path).stderr
    cut = python(tmp_path / "bin" / "cut", version=(3, 12), more="sys.modules['ensurepip'] = None")
    assert "apt-get install python3.12-venv" in asked("check-python.sh", cut, tmp_path).stderr


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_of_one_that_can_be_used_nothing_is_said(tmp_path: Path, version: tuple[int, int]) -> None:
    """Nor anything written."""
    done = asked("check-python.sh", python(tmp_path / "bin" / "given", version=version), tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
