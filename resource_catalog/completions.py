"""What an editor may offer while somebody writes a playbook: fields by where they stand, and values by field."""

from collections.abc import Iterable
from typing import Any

from processors.playbooks.resources import Bundle
from resource_catalog.offer_fields import MATCHING, THEME
from resource_catalog.playbook_schema import Schema, playbook

TOP = ""  # the place of the topmost fields
DEPTH_MAX = 8  # conditions hold conditions


def completions(bundle: Bundle) -> dict[str, dict[str, list[str]]]:
    """Return `fields` (by the field that they stand under, "" for the topmost) and `values` (by field), of the schema and this catalog."""
    schema = playbook()
    fields: dict[str, set[str]] = {}
    values: dict[str, set[str]] = {}
    _walk(schema, schema, TOP, fields, values, 0)
    resources = [one.id for one in bundle.resources]
    themes = sorted({one.theme for one in bundle.resources})
    values["resource"] = {*resources, MATCHING}
    values["otherwise"] = {*resources}
    values["best_of"] = {*resources, *(f"{THEME}{theme}" for theme in themes)}
    values["theme"] = {*themes, *(one.theme for one in bundle.playbooks)}
    values["owner"] = {one.owner for one in bundle.playbooks if one.owner}
    values["lifecycle"] = {*(one.kind for one in bundle.playbooks if one.kind), *(one.stage for one in bundle.stages)}
    values["segment"] = {one.id for one in bundle.segments}
    journeys = [journey for policy in bundle.policies.values() for journey in policy.journeys]
    values["stuck"] = {one.id for one in journeys}
    values["step"] = {step.id for one in journeys for step in one.steps}
    values["beside"] = {one.id for one in bundle.playbooks}
    return {"fields": _listed(fields), "values": _listed(values)}


def _walk(
    whole: Schema, part: Any, place: str, fields: dict[str, set[str]], values: dict[str, set[str]], depth: int
) -> None:
    """Note what a part of the schema allows at a place."""
    if not isinstance(part, dict) or depth > DEPTH_MAX:
        return
    if "$ref" in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    words = [one for one in (*part.get("enum", ()), part.get("const")) if isinstance(one, str)]
    if part.get("type") == "boolean":
        words = ["true", "false"]
    if words and place:
        values.setdefault(place, set()).update(words)
    for inner in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        _walk(whole, inner, place, fields, values, depth + 1)
    _walk(whole, part.get("items"), place, fields, values, depth + 1)
    for name, inner in part.get("properties", {}).items():
        known = name in fields.setdefault(place, set())
        fields[place].add(name)
        if not known:
            _walk(whole, inner, name, fields, values, depth + 1)


def _listed(found: dict[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(words) for name, words in sorted(found.items()) if words}


def all_values(found: dict[str, dict[str, list[str]]], *names: str) -> list[str]:
    """Return the values of several fields, each once."""
    lists: Iterable[list[str]] = (found["values"].get(name, []) for name in names)
    return list(dict.fromkeys(value for values in lists for value in values))
