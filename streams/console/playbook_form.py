"""A playbook's usual fields as those of a form: read from its text, and written back into it where they were changed."""

from collections.abc import Mapping
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from processors.commands import CHANNELS
from processors.resources import Playbook
from resource_catalog.condition_fields import plain
from resource_catalog.playbook_file import LANES, ONCE_PER, PRIORITIES
from resource_catalog.playbook_text import Place, edited, fields_of
from resource_catalog.trigger_fields import FORMS

Values = dict[str, str]
ON = "1"  # what a ticked box says
LANGUAGES = ("en", "de")


class Field(NamedTuple):
    """One input: its name, where it stands in the file, what it takes; `choices` make a list of it, `offers` name completions."""

    name: str
    path: Place
    kind: str = "text"
    choices: tuple[str, ...] = ()
    offers: str = ""


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
    Field("goal", ("goal", "event"), "list", offers="event"),
    Field("goal_within", ("goal", "within"), "duration"),
    Field("once_per", ("limits", "once_per"), "choice", ONCE_PER),
    Field("expires", ("limits", "expires"), "duration"),
    Field("cooldown", ("limits", "cooldown"), "duration"),
    Field("priority", ("limits", "priority"), "choice", PRIORITIES),
    Field("lane", ("lane",), "choice", LANES),
    Field("holdout", ("holdout",), "number"),
    Field("randomised", ("randomised",), "number"),
)
BY_NAME = {field.name: field for field in FIELDS}
LINES = {"because": ("because",), "say": ("offer", "say")}  # texts, one a language


def form_of(text: str) -> Values:
    """Return the fields of a text as a form shows them. Raises `ValueError` where the text is no map of fields."""
    data = fields_of(text)
    values = {field.name: _shown(_at(data, field.path)) for field in FIELDS}
    values |= _trigger(data.get("when"))
    values["if"] = _conditions(data.get("if"))
    for name, path in LINES.items():
        found = _at(data, path)
        for at, language in enumerate(LANGUAGES):
            line = found.get(language, "") if isinstance(found, dict) else (found or "") if at == 0 else ""
            values[f"{name}_{language}"] = line if isinstance(line, str) else ""
    channels = _at(data, ("offer", "channels")) or []
    listed = [channels] if isinstance(channels, str) else channels
    values |= {f"channel_{name}": ON if name in listed else "" for name in CHANNELS}
    return values


def closed_fields(text: str) -> set[str]:
    """Return the fields that only the text can show: of a sequence the offer, and lines with tones."""
    data = fields_of(text)
    closed = {name for name, path in LINES.items() if _has_tones(_at(data, path))}
    if "steps" in data:
        closed |= {"resource", "otherwise", "say", "channels"}
    if isinstance(data.get("offer"), dict) and "best_of" in data["offer"]:
        closed |= {"resource", "otherwise"}
    return closed


def with_form(text: str, given: Mapping[str, str]) -> str:
    """Return the text with what a form changed of it. Raises `ValueError` where the text is no map of fields, or a part is no YAML."""
    shown, closed = form_of(text), closed_fields(text)
    data = fields_of(text)
    new = {
        name: given.get(name, "" if name.startswith("channel_") else value).replace("\r\n", "\n").strip()
        for name, value in shown.items()
    }
    changed = {name for name, value in shown.items() if new[name] != value.strip()}
    changes: dict[Place, Any] = {
        field.path: _value(field.kind, new[field.name]) for field in FIELDS if field.name in changed - closed
    }
    if changed & {"when_form", "when_value", "when_more"}:
        changes["when",] = _when(new)
    if "if" in changed:
        changes["if",] = _mapping("if", new["if"]) or None
    for name, path in LINES.items():
        if name not in closed and changed & {f"{name}_{language}" for language in LANGUAGES}:
            changes[path] = _lines(_at(data, path), {one: new[f"{name}_{one}"] for one in LANGUAGES})
    if "channels" not in closed and any(name.startswith("channel_") for name in changed):
        changes["offer", "channels"] = [one for one in CHANNELS if new[f"channel_{one}"] == ON] or None
    return edited(text, changes)


def trigger_words(spec: Playbook) -> str:
    """Return what a playbook starts with, in few words."""
    return ", ".join(one for one in (spec.trigger, *spec.also) if one) or "–"


def _at(data: Any, path: Place) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict) else str(value)


def _value(kind: str, text: str) -> Any:
    """Return what is written for a field of a form; nothing removes the field."""
    if not text:
        return None
    if kind == "list":
        parts = [one.strip() for one in text.split(",") if one.strip()]
        return parts[0] if len(parts) == 1 else parts
    if kind == "number":
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text  # the linter says what was expected
    return 0 if kind == "duration" and text == "0" else text


def _trigger(when: Any) -> Values:
    """Return `when` as three inputs: its form, what it names, and the rest as YAML on one line."""
    if not isinstance(when, dict):
        return {"when_form": "event", "when_value": "", "when_more": ""}
    form = next((name for name in FORMS if name in when), "event")
    more = {name: plain(value) for name, value in when.items() if name != form}
    return {"when_form": form, "when_value": _shown(when.get(form)), "when_more": _one_line(more) if more else ""}


def _when(new: Values) -> dict[str, Any]:
    form = new["when_form"] if new["when_form"] in FORMS else "event"
    return {form: _value("list", new["when_value"]) or "", **_mapping("when", new["when_more"])}


def _conditions(found: Any) -> str:
    """Return conditions one a line."""
    if not isinstance(found, dict):
        return ""
    return "\n".join(f"{name}: {_one_line(plain(value))}" for name, value in found.items())


def _mapping(field: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        found = fields_of(text)
    except ValueError:
        raise ValueError(f"{field}: expected lines such as member.posts: {{lt: 3}}") from None
    return dict(plain(found))


def _lines(before: Any, new: dict[str, str]) -> Any:
    """Return texts by language; a text without a language stays one while there is no other."""
    given = {language: text for language, text in new.items() if text}
    if isinstance(before, str) and set(given) <= {LANGUAGES[0]}:
        return given.get(LANGUAGES[0])
    kept = (
        {name: plain(line) for name, line in before.items() if name not in LANGUAGES}
        if isinstance(before, dict)
        else {}
    )
    return {**given, **kept} or None


def _has_tones(found: Any) -> bool:
    return isinstance(found, dict) and any(not isinstance(found.get(one, ""), str) for one in LANGUAGES)


def _one_line(value: Any) -> str:
    """Return a value as YAML on one line."""
    writer = YAML(typ="safe")
    writer.default_flow_style, writer.width, writer.allow_unicode = True, 4096, True
    out = StringIO()
    writer.dump(value, out)
    return out.getvalue().strip().removesuffix("...").strip()
