"""Edits of a playbook's text: fields are set where they stand; every other line, comments too, stays as it is to the byte."""

import re
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from resource_catalog.playbook_file import FIELDS
from resource_catalog.problems import Problem
from resource_catalog.yaml_text import parse_yaml

Place = tuple[str, ...]  # a field, or a field within a field
_KEY = re.compile(r"^([A-Za-z_]+)\s*:(?=\s|$)")
_SCALAR = re.compile(
    r"^(?P<key>[A-Za-z_]+\s*:[ \t]+)(?P<value>[^\[{|>&*!\s#'\"][^#\n]*?|\"[^\"\n]*\"|'[^'\n]*')(?P<rest>[ \t]+#[^\n]*)?\n?$"
)
_PLAIN = re.compile(r"\w[\w .()/–’-]*")
WIDTH = 4096  # characters: lines are not broken anew


def edited(text: str, changes: Mapping[Place, Any]) -> str:
    """Return the text with fields set to values (texts, numbers, lists, maps), or removed where the value is None.

    Raises `ValueError` where the text is no YAML map of fields.
    """
    for top in dict.fromkeys(path[0] for path in changes):
        own = {path[1:]: value for path, value in changes.items() if path[0] == top}
        text = _edit(text, top, own)
    return text


def changed(text: str, top: str, change: Callable[[Any], None]) -> str:
    """Return the text with the value of one field changed in place, comments within it kept; `change` gets the map or list that stands there.

    Raises `ValueError` where the text is no YAML map of fields, or has no such field.
    """
    data = fields_of(text)
    lines = text.splitlines(keepends=True)
    span = _span(lines, top) if top in data else None
    if top not in data:
        raise ValueError(f"{top}: not there")
    if span is None or data.fa.flow_style():
        change(data[top])
        return _dumped(data, text)
    begin, end = span
    part = "".join(lines[begin:end])
    own = fields_of(part)
    change(own[top])
    return "".join([*lines[:begin], _dumped(own, part) if own.get(top) else "", *lines[end:]])


def as_written(value: Any) -> Any:
    """Return a value as playbooks are written, for `changed`: short maps and lists on one line, quotes where they are needed."""
    return _flow(value)


def moved_under_steps(text: str, name: str) -> str:
    """Return the text with its offer as the first step of a sequence, comments kept. Raises `ValueError` where that is not possible."""
    data, lines = fields_of(text), text.splitlines(keepends=True)
    span = _span(lines, "offer")
    if "steps" in data or span is None or data.fa.flow_style():
        raise ValueError("steps: this file's offer does not stand on lines of its own; write the steps as YAML")
    begin, end = span
    offer = [f"    {line}" if line.strip() else line for line in lines[begin:end]]
    return "".join([*lines[:begin], "steps:\n", f"  - id: {name}\n", *offer, *lines[end:]])


def fields_of(text: str) -> CommentedMap:
    """Return the fields of a text. Raises `ValueError` where it is no YAML map, or one with anchors, aliases or tags."""
    problems: list[Problem] = []
    data = parse_yaml(Path(), text, problems, quotes=True)
    if problems:
        raise ValueError(problems[0].message)
    if not isinstance(data, CommentedMap):
        raise ValueError("expected fields")
    return data


def field_at(text: str, line: int) -> str:
    """Return the topmost field that a line (from 1) belongs to; empty before the first."""
    found = ""
    for number, row in enumerate(text.splitlines(), 1):
        key = _KEY.match(row)
        if number > line:
            break
        found = key[1] if key else found
    return found


def _edit(text: str, top: str, own: dict[Place, Any]) -> str:
    data = fields_of(text)
    own = {path: value for path, value in own.items() if _at(data.get(top), path) != value}
    if not own:
        return text
    lines = text.splitlines(keepends=True)
    span = _span(lines, top) if top in data else None
    if (top in data and span is None) or data.fa.flow_style():  # fields share lines, as in {id: x, ...}
        return _whole(text, data, top, own)
    if span is None:
        fresh = own[()] if () in own else {path[0]: value for path, value in own.items() if value is not None}
        return text if fresh in (None, {}, []) else _inserted(lines, top, _dumped({top: _flow(fresh)}))
    begin, end = span
    part = "".join(lines[begin:end])
    return "".join([*lines[:begin], _part(part, top, own), *lines[end:]])


def _at(found: Any, path: Place) -> Any:
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _part(part: str, top: str, own: dict[Place, Any]) -> str:
    """Return the lines of one field, changed."""
    if () in own:
        value = own[()]
        if value is None:
            return ""
        row = _SCALAR.match(part)
        if row and not isinstance(value, dict | list):
            return f"{row['key']}{_inline(value)}{row['rest'] or ''}\n"
        return _dumped({top: _flow(value)})
    data = fields_of(part)
    if not isinstance(data[top], dict):
        data[top] = _flow({})
    _set(data[top], own)
    return _dumped(data, part) if data[top] else ""


def _set(inner: dict[str, Any], own: dict[Place, Any]) -> None:
    for path, value in own.items():
        if value is None:
            inner.pop(path[0], None)
        else:
            inner[path[0]] = _flow(value)


def _whole(text: str, data: CommentedMap, top: str, own: dict[Place, Any]) -> str:
    if () not in own:
        if not isinstance(data.get(top), dict):
            data[top] = _flow({})
        _set(data[top], own)
        own = {(): data[top] or None}
    if own[()] is None:
        data.pop(top, None)
    else:
        data[top] = _flow(own[()])
    return _dumped(data, text)


def _span(lines: list[str], top: str) -> tuple[int, int] | None:
    """Return the lines [begin, end) of a field; comments and blank lines before the next one are not its own."""
    begins = [number for number, line in enumerate(lines) if (key := _KEY.match(line)) and key[1] == top]
    if len(begins) != 1:
        return None
    begin, end = begins[0], begins[0] + 1
    last = end
    while end < len(lines) and not _KEY.match(lines[end]):
        if lines[end].strip() and not lines[end].startswith("#"):
            last = end + 1
        end += 1
    return begin, last


def _inserted(lines: list[str], top: str, fresh: str) -> str:
    """Return the lines with a new field after the last of those that usually stand before it."""
    before = FIELDS[: FIELDS.index(top)] if top in FIELDS else FIELDS
    spans = [span for name in before if (span := _span(lines, name))]
    at = max((end for _, end in spans), default=0 if top == "id" else len(lines))
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    return "".join([*lines[:at], fresh, *lines[at:]])


def _flow(value: Any) -> Any:
    """Return a value as playbooks are written: short maps and lists on one line, quotes around whatever might be read otherwise."""
    if type(value) is str and not _PLAIN.fullmatch(value):
        return DoubleQuotedScalarString(value)
    if isinstance(value, dict) and not isinstance(value, CommentedMap):
        made = CommentedMap((name, _flow(one)) for name, one in value.items())
        made.fa.set_flow_style()
        return made
    if isinstance(value, list) and not isinstance(value, CommentedSeq):
        listed = CommentedSeq(_flow(one) for one in value)
        listed.fa.set_flow_style()
        return listed
    return value


def _dumped(data: Any, like: str = "") -> str:
    writer = YAML(typ="rt")
    writer.width, writer.preserve_quotes, writer.allow_unicode = WIDTH, True, True
    dash = re.search(r"^( *)- ", like, re.MULTILINE)
    offset = len(dash[1]) if dash else 2
    writer.indent(mapping=2, sequence=offset + 2, offset=offset)
    out = StringIO()
    writer.dump(data, out)
    return out.getvalue()


def _inline(value: Any) -> str:
    """Return a scalar as YAML writes it, on one line."""
    return _dumped({"x": _flow(value)}).removeprefix("x: ").rstrip("\n")
