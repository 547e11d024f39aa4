"""A playbook's fields as those of a form: read from its text, and written back into it where they were changed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from processors.commands import CHANNELS
from resource_catalog.condition_fields import plain
from resource_catalog.playbook_file import LANES, ONCE_PER, PRIORITIES
from resource_catalog.playbook_text import Place, edited, fields_of
from resource_catalog.trigger_fields import FORMS
from streams.console.form_values import (
    LANGUAGES,
    ON,
    Field,
    Values,
    at,
    conditions,
    has_tones,
    line_in,
    lines,
    mapping,
    one_line,
    shown,
    value_of,
)
from streams.console.playbook_rows import SHAPES, Row, kept_in_rows, rows_of, values_of_rows, with_rows

FIELDS = (
    Field("describe", ("describe",)),
    Field("owner", ("owner",), offers="owner"),
    Field("lifecycle", ("lifecycle",), offers="lifecycle"),
    Field("theme", ("theme",), offers="theme"),
    Field("wait", ("wait",), "duration"),
    Field("unless", ("unless", "event"), "list", offers="event"),
    Field("exit", ("exit", "event"), "list", offers="event"),
    Field("resource", ("offer", "resource"), offers="resource"),
    Field("otherwise", ("offer", "otherwise"), offers="otherwise"),
    Field("best_of", ("offer", "best_of"), "list", offers="best_of"),
    Field("variant_by", ("offer", "variant_by"), "list", offers="variant_by"),
    Field("goal", ("goal", "event"), "list", offers="event"),
    Field("goal_within", ("goal", "within"), "duration"),
    Field("once_per", ("limits", "once_per"), "choice", ONCE_PER),
    Field("expires", ("limits", "expires"), "duration"),
    Field("cooldown", ("limits", "cooldown"), "duration"),
    Field("priority", ("limits", "priority"), "choice", PRIORITIES),
    Field("lane", ("lane",), "choice", LANES),
    Field("cheerful", ("cheerful",), "truth", ("true", "false")),
    Field("holdout", ("holdout",), "number"),
    Field("randomised", ("randomised",), "number"),
)
BY_NAME = {field.name: field for field in FIELDS}
LINES = {"because": ("because",), "say": ("offer", "say")}  # texts, one a language
# Fields of the file that inputs hold, here or in rows; how far a playbook may go is told beside, and changed by promoting it.
SHOWN = frozenset({*(field.path[0] for field in FIELDS), "id", "when", "if", "because", "offer", "steps", "maturity"})


class Form(NamedTuple):
    """A playbook as a form: what inputs hold, those that it does not take, what it does not show, and its lists by their name."""

    values: Values
    closed: set[str]
    kept: list[str]
    rows: dict[str, list[Row]]


def read_form(text: str) -> Form:
    """Return a text as a form. Raises `ValueError` where the text is no map of fields.

    Not taken (`closed`) are lines with tones, and of a sequence the offer, which each step has. What is in no input (`kept`) stays as it is.
    """
    data = fields_of(text)
    return Form(_values(data), _closed(data), _kept(data), {shape.name: rows_of(data, shape) for shape in SHAPES})


def _values(data: Any) -> Values:
    values = {field.name: shown(at(data, field.path)) for field in FIELDS}
    values |= _trigger(data.get("when"))
    values["if"] = conditions(data.get("if"))
    for name, path in LINES.items():
        found = at(data, path)
        values |= {f"{name}_{language}": line_in(found, language) for language in LANGUAGES}
    channels = at(data, ("offer", "channels")) or []
    listed = [channels] if isinstance(channels, str) else channels
    values |= {f"channel_{name}": ON if name in listed else "" for name in CHANNELS}
    return values | values_of_rows(data)


def _closed(data: Any) -> set[str]:
    closed = {name for name, path in LINES.items() if has_tones(at(data, path))}
    if "steps" in data:
        closed |= {"say", "channels", *(field.name for field in FIELDS if field.path[0] == "offer")}
    return closed


def _kept(data: Any) -> list[str]:
    found = [str(name) for name in data if name not in SHOWN]
    found += [f"{name}.if" for name in ("unless", "exit") if isinstance(data.get(name), dict) and "if" in data[name]]
    for name, path in LINES.items():
        line = at(data, path)
        others = [str(one) for one in line if one not in LANGUAGES] if isinstance(line, dict) else []
        found += [f"{name}.{one}" for one in others] + [f"{name} (tones)"] * has_tones(line)
    return found + kept_in_rows(data)


def with_form(text: str, given: Mapping[str, str]) -> str:
    """Return the text with what a form changed of it. Raises `ValueError` where the text is no map of fields, or a part is no YAML."""
    data = fields_of(text)
    before, closed = _values(data), _closed(data)
    new = {
        name: given.get(name, "" if name.startswith("channel_") else value).replace("\r\n", "\n").strip()
        for name, value in before.items()
    }
    changed = {name for name, value in before.items() if new[name] != value.strip()}
    changes: dict[Place, Any] = {
        field.path: value_of(field.kind, new[field.name]) for field in FIELDS if field.name in changed - closed
    }
    if changed & {"when_form", "when_value", "when_more"}:
        changes["when",] = _when(new)
    if "if" in changed:
        changes["if",] = mapping("if", new["if"]) or None
    for name, path in LINES.items():
        if name not in closed and changed & {f"{name}_{language}" for language in LANGUAGES}:
            changes[path] = lines(at(data, path), {one: new[f"{name}_{one}"] for one in LANGUAGES})
    if "channels" not in closed and any(name.startswith("channel_") for name in changed):
        changes["offer", "channels"] = [one for one in CHANNELS if new[f"channel_{one}"] == ON] or None
    return with_rows(edited(text, changes), given)


def _trigger(when: Any) -> Values:
    """Return `when` as three inputs: its form, what it names, and the rest as YAML on one line."""
    if not isinstance(when, dict):
        return {"when_form": "event", "when_value": "", "when_more": ""}
    form = next((name for name in FORMS if name in when), "event")
    more = {name: plain(value) for name, value in when.items() if name != form}
    return {"when_form": form, "when_value": shown(when.get(form)), "when_more": one_line(more) if more else ""}


def _when(new: Values) -> dict[str, Any]:
    form = new["when_form"] if new["when_form"] in FORMS else "event"
    return {form: value_of("list", new["when_value"]) or "", **mapping("when", new["when_more"])}
