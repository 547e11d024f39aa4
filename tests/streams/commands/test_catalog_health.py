"""`lotse catalog health` and `lotse catalog index`: for people and for machines, with exit codes."""

import shutil
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from resource_catalog.loader import SHIPPED
from streams.commands import app
from streams.errors import NO, UserError
from tests.support.catalogs import GUIDE, content, play

DAY = "2026-11-20"


def run(*words: str) -> Result:
    """Run `lotse catalog ...`."""
    return CliRunner().invoke(app, ["catalog", *words])


def test_the_shipped_catalog_is_well() -> None:
    """No error, no warning, on a day before its reviews; no other place is asked, and that is said."""
    told = run("health", "--at", DAY, "--strict")
    assert (told.exit_code, "0 errors, 0 warnings" in told.stdout) == (0, True)
    assert "links to other places not asked" in told.stdout
    report = orjson.loads(run("health", "--at", DAY, "--json").stdout)
    assert (report["day"], report["links"]["asked"], report["usage"]) == (DAY, 0, None)
    assert {one["level"] for one in report["findings"]} == {"note"}
    assert {one["theme"] for one in report["themes"]} >= {"onboarding", "questions", "crisis"}


def test_its_reviews_come_due() -> None:
    """A year later each resource wants a look: warnings, which only --strict takes for a no."""
    assert run("health", "--at", "2027-11-20").exit_code == 0
    assert run("health", "--at", "2027-11-20", "--strict").exit_code == NO
    report = orjson.loads(run("health", "--at", "2027-11-20", "--json").stdout)
    assert {one["check"] for one in report["findings"] if one["level"] == "warning"} == {"stale"}


def test_an_error_is_a_no(tmp_path: Path) -> None:
    """With file, resource, what is wrong and how to mend it."""
    content(tmp_path, play(), guide_en=GUIDE + "expires: 2026-01-01\n")
    told = run("health", "--catalog", str(tmp_path), "--at", DAY)
    assert told.exit_code == NO
    assert "guide.en.md: error: guide: sent no more since 2026-01-01 though play.guide would send it" in told.stdout


def test_a_history_shows_what_is_used(tmp_path: Path) -> None:
    """What the catalog would send over it counts by theme."""
    content(tmp_path / "catalog", play(), guide_en=GUIDE)
    line = {"ts": "2026-01-05T12:00:00Z", "author": "ann", "channel": "general", "text": "Hello everybody here"}
    history = tmp_path / "history.jsonl"
    history.write_bytes(orjson.dumps(line) + b"\n")
    report = orjson.loads(
        run("health", "--catalog", str(tmp_path / "catalog"), "--at", DAY, "--json", "--history", str(history)).stdout
    )
    assert report["usage"]["sent"] == 1
    assert [one["sent"] for one in report["themes"] if one["theme"] == "topic"] == [1]


@pytest.mark.parametrize(
    "words", [("--history", "x", "--from-topic"), ("--catalog", "/nowhere"), ("--history", "/nowhere")]
)
def test_what_is_wrong_is_one_message(words: tuple[str, ...]) -> None:
    """No traceback."""
    assert isinstance(run("health", *words).exception, UserError)


def test_the_directory_is_written_and_checked(tmp_path: Path) -> None:
    """`--check` writes nothing; once written it is up to date until the content changes."""
    catalog = tmp_path / "catalog"
    content(catalog, play(), guide_en=GUIDE)
    assert run("index", "--catalog", str(catalog), "--check").exit_code == NO
    assert not (catalog / "INDEX.md").exists()
    assert run("index", "--catalog", str(catalog)).exit_code == 0
    assert "**A guide** `guide`" in (catalog / "INDEX.md").read_text(encoding="utf-8")
    assert run("index", "--catalog", str(catalog), "--check").exit_code == 0
    content(catalog, more_en=GUIDE)
    assert orjson.loads(run("index", "--catalog", str(catalog), "--check", "--json").stdout)["fresh"] is False


def test_the_index_of_a_copy_is_that_of_the_original(tmp_path: Path) -> None:
    """Links are relative, so that the page may be read wherever the catalog lies."""
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("histories", "*.py", "__pycache__"))
    assert run("index", "--catalog", str(copy), "--check").exit_code == 0
