"""What the browsers' tests leave out in a second colour scheme cannot change there."""

import re
from pathlib import Path

import pytest

from tests.support.tree import ROOT

SHEETS = sorted((ROOT / "streams/web/static").glob("*.css"))
SCHEME = "@media (prefers-color-scheme: dark)"
COLOURS = re.compile(r"\s*\{\s*:root\s*\{(?:\s*--[a-z-]+:\s*(?:#[0-9a-f]{3,6}|\d+(?:, \d+){2});?)*\s*\}\s*\}")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: one.name)
def test_a_colour_scheme_sets_colours_alone(sheet: Path) -> None:
    """So names, roles, order and sizes are held in one scheme, and contrast in both."""
    text = sheet.read_text(encoding="utf-8")
    sections = text.split(SCHEME)[1:]
    assert text.count("prefers-color-scheme") == len(sections)
    for section in sections:
        assert COLOURS.match(section), section[:200]


def test_there_are_such_sheets() -> None:
    """Else nothing is held here."""
    assert sum(SCHEME in one.read_text(encoding="utf-8") for one in SHEETS) >= 3
