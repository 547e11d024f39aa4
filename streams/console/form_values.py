"""What an input of a form holds of a value of YAML, and back: the pieces of which the forms of a playbook are made."""

from collections.abc import Mapping
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from resource_catalog.condition_fields import plain
from resource_catalog.playbook_text import Place, fields_of

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


def at(data: Any, path: Place) -> Any:
    """Return what stands at a place, None where nothing does."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def shown(found: Any) -> str:
    """Return a value as an input shows it."""
    if isinstance(found, list):
        return ", ".join(map(str, found))
    if isinstance(found, bool):
        return "true" if found else "false"
    return "" if found is None or isinstance(found, dict) else str(found)


def value_of(kind: str, text: str) -> Any:
    """Return what is written for a field of a form; nothing removes the field."""
    if not text:
        return None
    if kind == "list":
        parts = [one.strip() for one in text.split(",") if one.strip()]
        return parts[0] if len(parts) == 1 else parts
    if kind == "truth":
        return {"true": True, "false": False}.get(text, text)
    if kind == "number":
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text  # the linter says what was expected
    return 0 if kind == "duration" and text == "0" else text


def conditions(found: Any) -> str:
    """Return conditions one a line."""
    if not isinstance(found, dict):
        return ""
    return "\n".join(f"{name}: {one_line(plain(value))}" for name, value in found.items())


def mapping(field: str, text: str) -> dict[str, Any]:
    """Return what lines of fields say. Raises `ValueError` where they are none."""
    if not text:
        return {}
    try:
        found = fields_of(text)
    except ValueError:
        raise ValueError(f"{field}: expected lines such as member.posts: {{lt: 3}}") from None
    return dict(plain(found))


def line_in(found: Any, language: str) -> str:
    """Return a text in a language as an input shows it; one without a language is of the first."""
    line = found.get(language, "") if isinstance(found, dict) else (found or "") if language == LANGUAGES[0] else ""
    return line if isinstance(line, str) else ""


def lines(before: Any, new: Mapping[str, str]) -> Any:
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


def has_tones(found: Any) -> bool:
    """Tell whether a text is written in tones, which one input cannot hold."""
    return isinstance(found, dict) and any(not isinstance(found.get(one, ""), str) for one in LANGUAGES)


def one_line(value: Any) -> str:
    """Return a value as YAML on one line."""
    writer = YAML(typ="safe")
    writer.default_flow_style, writer.width, writer.allow_unicode = True, 4096, True
    out = StringIO()
    writer.dump(value, out)
    return out.getvalue().strip().removesuffix("...").strip()
