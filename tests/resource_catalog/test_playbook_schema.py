"""The schemas for editors: up to date, taking all that is shipped, refusing what the linter refuses."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from resource_catalog.loader import SHIPPED
from resource_catalog.playbook_file import FIELDS
from resource_catalog.playbook_schema import TOLD, files, journey, playbook, segment

PLAYBOOK = Draft202012Validator(playbook())
GOOD: dict[str, Any] = {
    "id": "a.b",
    "when": {"event": "post.created"},
    "offer": {"resource": "guide", "channels": ["in_app"]},
    "because": "you posted",
}


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """Return what a schema finds wrong."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def test_the_files_are_those_of_the_code() -> None:
    """`make generate` writes them; each field of a playbook is described."""
    assert {name: (SHIPPED / name).read_bytes() for name in files()} == files()
    assert set(TOLD) == set(FIELDS)


@pytest.mark.parametrize(
    ("folder", "schema"),
    [("playbooks", playbook()), ("journeys", journey()), ("segments", segment())],
    ids=lambda one: str(one)[:9],
)
def test_what_is_shipped_is_valid(folder: str, schema: dict[str, Any]) -> None:
    """All of it."""
    paths = sorted((SHIPPED / folder).rglob("*.yaml"))
    assert paths
    assert {path.name: found for path in paths if (found := faults(schema, _read(path)))} == {}


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"when": {"every": ["monday", "friday"], "at": "09:00"}},
        {"when": {"absence": "14 days"}, "if": {"member.lifecycle": {"any": ["new"]}, "any": [{"member.posts": 0}]}},
        {"because": {"en": "you posted", "de": {"plain": "du", "formal": "Sie"}}},
        {"limits": {"once_per": "month", "cooldown": "2 weeks"}, "maturity": "canary", "canary": 0.1},
    ],
)
def test_good_ones_are_taken(change: dict[str, Any]) -> None:
    """Each form."""
    assert faults(playbook(), GOOD | change) == []
    assert faults(playbook(), {"id": "a.b", "maturity": "off"}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"wehn": {}},
        {"when": {"event": "post.creatd"}},
        {"when": {"event": "post.created", "absence": "3 days"}},
        {"when": {"every": "mondy", "at": "09:00"}},
        {"when": {"every": "monday", "at": 9}},
        {"wait": "soon"},
        {"offer": {"resource": "guide", "channels": ["in_ap"]}},
        {"offer": {"resource": "guide", "best_of": "theme/x", "channels": ["in_app"]}},
        {"if": {"member.psts": 0}},
        {"if": {"member.posts": {"gte": "many"}}},
        {"because": {"english": "x"}},
        {"limits": {"once_per": "year"}},
        {"steps": [{"id": "one"}]},
        {"scenarios": [{"name": "s", "given": [], "expect": "nothin"}]},
        {"maturity": "alive"},
    ],
)
def test_mistakes_are_refused_as_by_the_linter(change: dict[str, Any]) -> None:
    """One at a time."""
    assert faults(playbook(), GOOD | change) != []
