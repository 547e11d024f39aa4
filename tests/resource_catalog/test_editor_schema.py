"""The schema of front matter: up to date, takes all that is shipped, and refuses what the linter refuses."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from resource_catalog.editor_schema import PATH, TOLD, encoded, schema
from resource_catalog.loader import SHIPPED
from resource_catalog.resource_file import FRONT_MATTER

VALIDATOR = Draft202012Validator(schema())
FILES = sorted((SHIPPED / "resources").rglob("*.md"))
GOOD = {"title": "A guide", "kind": "how-to", "theme": "topic", "summary": "It helps."}
WAYS = [{"say": "Yes", "end": "Well."}, {"say": "No", "resource": "more"}]


def test_the_file_is_that_of_the_code() -> None:
    """`make generate` writes it; each field is described."""
    assert PATH.read_bytes() == encoded()
    assert set(TOLD) | {"$schema"} == set(FRONT_MATTER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_shipped_is_valid(path: Path) -> None:
    """As an editor reads it: dates as text."""
    front = yaml.load(path.read_text(encoding="utf-8").split("---\n", 2)[1], yaml.BaseLoader)  # texts only
    for name in ("retired", "verified", "private"):
        front |= {name: front[name] == "true"} if name in front else {}
    assert [error.message for error in VALIDATOR.iter_errors(front)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "howto"}, {"summary": "x" * 401}, {"titel": "A"}, {"search": "yes"}, {"link": "javascript:alert(1)"}, {"review_by": "soon"},
        {"steps": [""]}, {"steps": ["a"] * 21}, {"tone": {"warn": "x"}}, {"replaced_by": "more"}, {"kind": "video"}, {"kind": "decision-tree"},
        {"branches": [{"ask": "New?", "choices": WAYS}]},
        {"kind": "decision-tree", "branches": [{"ask": "New?", "choices": WAYS[:1]}]},
        {"kind": "decision-tree", "branches": [{"ask": "New?", "choices": [*WAYS, {"say": "Hm", "end": "a", "go": "b"}]}]},
    ],
)  # fmt: skip
def test_what_the_linter_refuses_is_refused(change: dict[str, Any]) -> None:
    """One thing wrong each."""
    assert VALIDATOR.is_valid(GOOD)
    assert not VALIDATOR.is_valid({**GOOD, **change})


def test_a_tree_and_a_link_are_taken() -> None:
    """The kinds that need more, with it."""
    assert VALIDATOR.is_valid({**GOOD, "kind": "decision-tree", "branches": [{"ask": "New?", "choices": WAYS}]})
    assert VALIDATOR.is_valid(
        {**GOOD, "kind": "video", "link": "https://example.org/v", "$schema": "resource.schema.json"}
    )
