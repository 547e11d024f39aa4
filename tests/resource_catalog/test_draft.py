"""A draft held against the catalog: what `lotse catalog lint` would say, before any file holds it."""

from datetime import date
from pathlib import Path

import pytest

from resource_catalog.checks import checked
from resource_catalog.draft import CHARS_MAX, is_name, read_draft
from resource_catalog.layers import load_layered
from resource_catalog.loader import Loaded
from resource_catalog.problems import CatalogError
from tests.support.own_catalog import WELCOME, own_catalog

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Loaded]:
    """A catalog and its directory."""
    directory = own_catalog(tmp_path_factory.mktemp("catalog"))
    return directory, load_layered(directory)


@pytest.mark.parametrize(
    "change",
    [("member.role", "member.rolle"), ("first-steps   #", "first-step   #"), ("maturity: shadow", "maturity: shadwo"), ("  channels: [in_app, email]", "  channels: ["),
     ("describe: Say where to begin", "descripe: Say where to begin"), ("owner: team\n", ""), ("", "")],
)  # fmt: skip
def test_a_draft_is_told_what_the_linter_would_say(
    own: tuple[Path, Loaded], tmp_path: Path, change: tuple[str, str]
) -> None:
    """Line by line the same, errors and warnings, as if it were in its file."""
    text = WELCOME.replace(*change) if change[0] else WELCOME
    directory = own_catalog(tmp_path)
    path = directory / "playbooks" / "welcome.start.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        errors, warnings = checked(load_layered(directory), DAY)
    except CatalogError as error:
        errors, warnings = error.problems, []
    draft = read_draft(own[1], path, "welcome.start", text, DAY)
    assert draft.errors == [one for one in errors if one.path == str(path)]
    assert draft.warnings == [one for one in warnings if one.path == str(path)]
    assert (draft.file is None) == bool(draft.errors)


def test_a_usable_draft_is_in_the_catalog_with_all_others(own: tuple[Path, Loaded]) -> None:
    """In place of the one of its id, or beside."""
    path = own[0] / "playbooks" / "welcome.start.yaml"
    draft = read_draft(own[1], path, "welcome.start", WELCOME.replace("1 day", "2 days"), DAY)
    assert draft.loaded
    assert {one.id: one.expires for one in draft.loaded.bundle.playbooks} == {
        "crisis.offer": 86400.0,
        "welcome.start": 172800.0,
    }
    new = read_draft(own[1], path, "welcome.again", WELCOME.replace("welcome.start", "welcome.again"), DAY)
    assert new.loaded
    assert len(new.loaded.bundle.playbooks) == 3


def test_another_id_is_another_playbook(own: tuple[Path, Loaded]) -> None:
    """Nor is a huge text read at all."""
    path = own[0] / "playbooks" / "welcome.start.yaml"
    (problem,) = read_draft(own[1], path, "welcome.other", WELCOME, DAY).errors
    assert (problem.line, "expected welcome.other" in problem.message) == (2, True)
    (problem,) = read_draft(own[1], path, "welcome.start", "#" * (CHARS_MAX + 1), DAY).errors
    assert "at most" in problem.message
    assert read_draft(own[1], path, "welcome.start", "", DAY).errors


@pytest.mark.parametrize(
    ("name", "is_one"), [("a.b-c", True), ("../a", False), ("A", False), ("a" * 81, False), ("", False), ("a/b", False)]
)
def test_names_of_playbooks_are_names_of_files(name: str, is_one: bool) -> None:
    """None leads out of the folder."""
    assert is_name(name) is is_one


def test_a_page_whose_day_has_passed_is_told_at_its_place(tmp_path: Path) -> None:
    """It can be loaded, and is sent no more; from that day on, not before."""
    directory = own_catalog(tmp_path)
    page = next(path for path in (directory / "resources").rglob("*.md"))
    page.write_text(
        page.read_text(encoding="utf-8").replace("kind:", "expires: 2026-11-26\nkind:", 1), encoding="utf-8"
    )
    loaded = load_layered(directory)
    told = [one for one in checked(loaded, DAY)[1] if one.message.startswith("expires: ")]
    name, _, _ = page.name.partition(".")
    assert [(Path(one.path).name, one.message) for one in told] == [
        (page.name, f"expires: {name} is sent no more since 2026-11-26; set a later day, or retired: true [expired]")
    ]
    assert page.read_text(encoding="utf-8").splitlines()[told[0].line - 1].startswith("expires:")
    assert not [one for one in checked(loaded, date(2026, 11, 25))[1] if "[expired]" in one.message]
