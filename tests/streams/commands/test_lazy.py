"""`lotse` starts at once: a command loads its own modules and no others; help loads none."""

import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from streams.commands import MODULES, app
from streams.commands.index import text
from streams.commands.lazy import INDEX, registered
from tests.support.tree import ROOT

HEAVY = (
    "numpy",
    "scipy",
    "faust",
    "kafka",
    "aiokafka",
    "redis",
    "aiohttp",
    "starlette",
    "jinja2",
    "argon2",
    "processors.text",
)
LOADED = "import sys\nfrom streams import cli\ntry:\n    cli.main()\nexcept SystemExit:\n    pass\nprint('loaded', *sys.modules)"


def test_the_index_is_what_the_modules_register() -> None:
    """Else a command is missing, or its help is old: make generate."""
    assert INDEX.read_text(encoding="utf-8") == text()


def test_every_module_of_commands_is_listed() -> None:
    """A new one that nobody lists has no command."""
    files = {
        path.stem for path in (ROOT / "streams/commands").glob("*.py") if "def register(" in path.read_text("utf-8")
    }
    assert files == set(MODULES)


def test_each_command_is_the_whole_of_what_all_modules_give() -> None:
    """Also a group to which several modules add."""
    lazy, eager = get_command(app), registered(MODULES)
    assert list(lazy.commands) == list(eager.commands)  # type: ignore[attr-defined]
    for name, command in eager.commands.items():
        found = lazy.commands[name]  # type: ignore[attr-defined]
        assert list(getattr(found, "commands", ())) == list(getattr(command, "commands", ())), name
        assert [one.name for one in found.params] == [one.name for one in command.params], name


@pytest.mark.parametrize(
    ("words", "free_of"),
    [
        ((), HEAVY),
        (("--help",), HEAVY),
        (("plan", "--help"), HEAVY),
        (("worker",), ("pydantic", "ruamel", "redis", "jinja2", "starlette")),
    ],
)
def test_nothing_heavy_is_loaded_in_vain(words: tuple[str, ...], free_of: tuple[str, ...]) -> None:
    """What a person waits for at a prompt is Python and Typer alone; a worker (here without a key: it ends at once) needs no Pydantic."""
    command = [sys.executable, "-c", LOADED, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT, env={})
    loaded = done.stdout.rpartition("\nloaded ")[2].split()
    assert "streams.commands.lazy" in loaded
    assert [one for one in loaded if one.startswith(free_of)] == []


WORKER = """
import sys
from processors.playbooks.resources import Bundle, Policy
from processors.text.distress import GRAMMARS
from streams.app import create_worker
from streams.settings import load_settings
worker = create_worker(load_settings().settings)
print(*sys.modules, *vars(GRAMMARS)["_laid_out"])
calm, watchful = Bundle(), Bundle(policies={"town": Policy(distress_support=True, safety_owner="owner")})
for bundle in (calm, watchful):
    worker.feed._take(bundle.hash().encode(), bundle.encode())
    print("laid out", *vars(GRAMMARS)["_laid_out"])
"""


def test_a_worker_loads_no_more_than_it_uses() -> None:
    """What reads files is for people's commands; the grammars of distress are laid out before a catalog that wants them is in force."""
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        env={"LOTSE_CONTROL_KEY": "a key of the tests"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=ROOT,
    )
    loaded, *then = done.stdout.splitlines()
    assert "streams.runtime.engine" in loaded.split()
    assert [
        one
        for one in loaded.split()
        if one.startswith(("ruamel", "typer", "redis", "jinja2", "starlette")) or one in ("en", "de")
    ] == []
    assert then == ["laid out", "laid out en de"]


def test_a_slip_of_the_pen_is_told_with_what_was_meant() -> None:
    """Without loading all to find it."""
    done = CliRunner().invoke(app, ["wroker"])
    assert done.exit_code == 2
    assert "No such command 'wroker'. Did you mean 'worker'?" in done.output
