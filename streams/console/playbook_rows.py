"""The lists of a playbook as rows of a form: variants of what it offers, and the steps of a sequence; one empty row more takes another.

A row is written back into the very place where it stands, so that comments beside it stay.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from processors.commands import CHANNELS
from resource_catalog.offer_fields import VARIANTS_MAX
from resource_catalog.playbook_file import STEPS_MAX
from resource_catalog.playbook_text import Place, as_written, changed, fields_of, moved_under_steps
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
    shown,
    value_of,
)


class Shape(NamedTuple):
    """What the rows of a list hold: fields, texts by language, whether channels to tick; at most so many rows."""

    name: str
    top: str
    place: Place
    fields: tuple[Field, ...]
    texts: dict[str, Place]
    most: int
    ticks: bool = False


class Row(NamedTuple):
    """A row: its number, what its inputs hold, which of them only the text can show; the last is `fresh`, and empty."""

    number: int
    values: Values
    closed: frozenset[str]
    fresh: bool = False


VARIANT = Shape(
    "variant", "offer", ("offer", "variants"), (Field("resource", ("resource",), offers="resource"),), {"say": ("say",)}, VARIANTS_MAX
)  # fmt: skip
STEP = Shape(
    "step", "steps", ("steps",),
    (
        Field("id", ("id",)), Field("after", ("after",), "duration"), Field("resource", ("offer", "resource"), offers="resource"),
        Field("best_of", ("offer", "best_of"), "list", offers="best_of"), Field("unless", ("unless", "event"), "list", offers="event"),
        Field("goal", ("goal", "event"), "list", offers="event"), Field("goal_within", ("goal", "within"), "duration"),
    ),
    {"because": ("because",), "say": ("offer", "say")}, STEPS_MAX, ticks=True,
)  # fmt: skip
SHAPES = (VARIANT, STEP)
# What the rows of a list show of its entries, by the field within an entry.
_SHOWN = {
    "variant": {"if", "resource", "say"},
    "step": {"id", "after", "if", "unless", "goal", "offer", "because"},
}
_OF_AN_OFFER = {"resource", "best_of", "channels", "say"}


def rows_of(data: Any, shape: Shape) -> list[Row]:
    """Return the rows of a list of a playbook's fields and an empty one more; none where another thing stands in its place."""
    return list(_rows(data, shape))


def values_of_rows(data: Any) -> Values:
    """Return what the inputs of all rows hold, by their names."""
    rows = [(shape, row) for shape in SHAPES for row in _rows(data, shape)]
    return {f"{shape.name}{row.number}_{name}": value for shape, row in rows for name, value in row.values.items()}


def kept_in_rows(data: Any) -> list[str]:
    """Return what stands in the entries of lists and in no input."""
    found = []
    for shape in SHAPES:
        for number, entry in enumerate(_entries(data, shape) or (), 1):
            where = ".".join((*shape.place, str(number)))
            found += [f"{where}.{name}" for name in entry if name not in _SHOWN[shape.name]]
            if shape is STEP and isinstance(entry.get("offer"), dict):
                found += [f"{where}.offer.{name}" for name in entry["offer"] if name not in _OF_AN_OFFER]
            found += [f"{where}.unless.if"] * ("if" in (at(entry, ("unless",)) or ()))
            found += [f"{where}.{name} (tones)" for name, path in shape.texts.items() if has_tones(at(entry, path))]
    return found


def with_rows(text: str, given: Mapping[str, str]) -> str:
    """Return the text with what a form changed of its rows. Raises `ValueError` where a part is no YAML."""
    for shape in SHAPES:
        data = fields_of(text)
        asked = [(row, _wish(row, shape, given)) for row in _rows(data, shape)]
        wishes = [(row, new) for row, new in asked if new is not None and new != row.values]
        if wishes:
            text = changed(text, shape.top, partial(_write, shape=shape, wishes=wishes))
    return text


def as_sequence(text: str) -> str:
    """Return a playbook whose offer has become the first step of a sequence. Raises `ValueError` where it cannot."""
    return moved_under_steps(text, "first")


def _rows(data: Any, shape: Shape) -> Iterator[Row]:
    entries = _entries(data, shape)
    if entries is None:
        return
    for number, entry in enumerate(entries):
        closed = {name for name, path in shape.texts.items() if has_tones(at(entry, path))}
        yield Row(number, _values(entry, shape), frozenset(closed))
    if len(entries) < shape.most:
        yield Row(len(entries), _values({}, shape), frozenset(), fresh=True)


def _entries(data: Any, shape: Shape) -> list[Any] | None:
    """Return the entries of a list, none where it may begin, None where the file has no place for it."""
    if shape is VARIANT and ("steps" in data or not isinstance(data.get("offer"), dict)):
        return None
    found = at(data, shape.place)
    if found is None:
        return [] if shape is VARIANT else None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def _values(entry: Any, shape: Shape) -> Values:
    values = {field.name: shown(at(entry, field.path)) for field in shape.fields}
    values["if"] = conditions(entry.get("if"))
    for name, path in shape.texts.items():
        values |= {f"{name}_{language}": line_in(at(entry, path), language) for language in LANGUAGES}
    if shape.ticks:
        listed = at(entry, ("offer", "channels")) or []
        listed = [listed] if isinstance(listed, str) else listed
        values |= {f"channel_{name}": ON if name in listed else "" for name in CHANNELS}
    return values


def _wish(row: Row, shape: Shape, given: Mapping[str, str]) -> Values | None:
    """Return what a form wants a row to hold: {} that it goes; None where the form did not show it."""
    before = f"{shape.name}{row.number}_"
    if f"{before}if" not in given:
        return None
    if given.get(f"{before}remove") == ON:
        return None if row.fresh else {}
    return {
        name: given.get(before + name, "" if name.startswith("channel_") else value).replace("\r\n", "\n").strip()
        for name, value in row.values.items()
    }


def _write(top: Any, shape: Shape, wishes: list[tuple[Row, Values]]) -> None:
    """Change the value of a topmost field in place."""
    entries = top if shape.place == (shape.top,) else top.get(shape.place[-1])
    for row, new in wishes:
        if row.fresh:
            if entries is None:
                entries = top[shape.place[-1]] = CommentedSeq()
            entry = CommentedMap()
            entry.fa.set_flow_style()
            _fill(entry, shape, row, new)
            entries.append(entry)
        elif new:
            _fill(entries[row.number], shape, row, new)
    for row, new in reversed(wishes):
        if not new:
            del entries[row.number]
    if not entries and shape is VARIANT:
        top.pop(shape.place[-1], None)


def _fill(entry: Any, shape: Shape, row: Row, new: Values) -> None:
    different = {name for name, value in row.values.items() if new[name] != value.strip()}
    where = f"{shape.name} {row.number + 1}"
    if "if" in different:
        _set(entry, ("if",), mapping(f"{where}: if", new["if"]) or None)
    for field in shape.fields:
        if field.name in different:
            _set(entry, field.path, value_of(field.kind, new[field.name]))
    if any(name.startswith("channel_") for name in different):
        _set(entry, ("offer", "channels"), [one for one in CHANNELS if new[f"channel_{one}"] == ON] or None)
    for name, path in shape.texts.items():
        if name not in row.closed and different & {f"{name}_{language}" for language in LANGUAGES}:
            _set(entry, path, lines(at(entry, path), {one: new[f"{name}_{one}"] for one in LANGUAGES}))


def _set(entry: Any, path: Place, value: Any) -> None:
    """Set what stands at a place within an entry, or take it away; what is empty then goes too."""
    name, rest = path[0], path[1:]
    if not rest:
        if value is None:
            entry.pop(name, None)
        else:
            entry[name] = as_written(value)
        return
    if not isinstance(entry.get(name), dict):
        if value is None:
            return
        entry[name] = CommentedMap()
        entry[name].fa.set_flow_style()
    _set(entry[name], rest, value)
    if not entry[name]:
        entry.pop(name)
