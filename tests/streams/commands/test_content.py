"""`lotse catalog lint` and `lotse playbooks test`: good and bad content, for people and for machines."""

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from resource_catalog.loader import SHIPPED
from streams.commands import app
from streams.errors import UserError

VALUES, START = Path("playbooks", "onboarding.values.yaml"), Path("playbooks", "onboarding.how-to-start.yaml")


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A copy of the shipped catalog, to spoil."""
    return Path(
        shutil.copytree(
            SHIPPED, tmp_path / "catalog", ignore=shutil.ignore_patterns("histories", "*.py", "__pycache__")
        )
    )


def spoil(catalog: Path, old: str, new: str, playbook: Path = VALUES) -> None:
    """Change a playbook; what is to be changed must be there."""
    text = (catalog / playbook).read_text(encoding="utf-8")
    assert old in text
    (catalog / playbook).write_text(text.replace(old, new), encoding="utf-8")


def test_good_content_has_no_problems(catalog: Path) -> None:
    """Exit 0, counted for people, an empty list for machines."""
    told = CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(catalog)])
    assert (told.exit_code, "no problems" in told.stdout) == (0, True)
    assert orjson.loads(CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(catalog), "--json"]).stdout) == []


def test_a_problem_has_its_place(catalog: Path) -> None:
    """Exit 1; file, line and column, what was expected, the nearest right word."""
    spoil(catalog, "once_per: member", "once_pre: member")
    told = CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(catalog)])
    assert told.exit_code == 1
    assert "onboarding.values.yaml:15:" in told.stdout
    assert "once_per" in told.stdout
    (problem,) = orjson.loads(CliRunner().invoke(app, ["catalog", "lint", "--catalog", str(catalog), "--json"]).stdout)
    assert problem["line"] == 15


def test_the_catalog_meant_is_the_one_looked_at(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--catalog .` is this directory; without the option it is that of LOTSE_CATALOG, as for publish."""
    spoil(catalog, "once_per: member", "once_pre: member")
    assert CliRunner().invoke(app, ["catalog", "lint"]).exit_code == 0
    with monkeypatch.context() as here:
        here.chdir(catalog)
        assert CliRunner().invoke(app, ["catalog", "lint", "--catalog", "."]).exit_code == 1
        published = CliRunner().invoke(app, ["catalog", "publish", "--catalog", "."])
        assert isinstance(published.exception, UserError)
        assert "the catalog has problems" in str(published.exception)
    monkeypatch.setenv("LOTSE_CATALOG", str(catalog))
    assert CliRunner().invoke(app, ["catalog", "lint"]).exit_code == 1


def test_scenarios_hold_or_fail_with_what_came_instead(catalog: Path) -> None:
    """Exit 0 where all hold; exit 1, the playbook and the scenario where one does not."""
    arguments = ["playbooks", "test", "onboarding.how-to-start", "onboarding.values", "--catalog", str(catalog)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    spoil(catalog, "by: 26h, resource: getting-started", "by: 26h, resource: how-we-talk", START)
    told = CliRunner().invoke(app, arguments)
    assert (told.exit_code, "fails  onboarding.how-to-start" in told.stdout) == (1, True)
    read = orjson.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert {one["playbook"] for one in read["played"] if one["faults"]} == {"onboarding.how-to-start"}
    assert read["failed"] == 1
    assert read["scenarios"] == len(read["played"])
    assert read["expecting_nothing"] == sum(one["expects_nothing"] for one in read["played"])
