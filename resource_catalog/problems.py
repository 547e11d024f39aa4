"""What is wrong with content, said so that its author can mend it."""

from datetime import date
from difflib import get_close_matches
from math import inf
from typing import Any, NamedTuple

from resource_catalog.yaml_words import NO_BREAK

# The kinds of values as an author calls them, by JSON's names and the decoder's.
KINDS = {
    "str": "a text", "int": "a number", "float": "a number", "bool": "true or false", "array": "a list", "object": "fields",
    "null": "nothing", "date": "a date",
}  # fmt: skip
_NAMES = {
    dict: "object",
    list: "array",
    str: "str",
    bool: "bool",
    int: "int",
    float: "float",
    date: "date",
}  # true is an int, too


class Problem(NamedTuple):
    """One thing wrong: where (1-based line and column), what, and what was expected."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class CatalogError(Exception):
    """Content that cannot be used; carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Block:
    """A YAML map with positions; whatever is asked of it and not there, or not as expected, becomes a problem."""

    def __init__(
        self,
        path: str,
        data: Any,
        problems: list[Problem],
        offset: int = 0,
        name: str = "",
        place: tuple[int, int] | None = None,
    ) -> None:
        """`place` is where the map stands, as `place()` gives it, for one that knows no position of its own."""
        self.path, self.problems, self.offset, self.name = path, problems, offset, name
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self._position = getattr(data, "lc", None)
        if not isinstance(data, dict):
            at = place if place and self._position is None else self.place(None)
            mend = f"; {NO_BREAK}" if "\u00a0" in str(data) else ""
            fault = Problem(path, *at, f"{name or 'the file'}: expected fields, found {_kind(data)}{mend}")
            if fault not in problems:  # a field may be asked for more than once
                problems.append(fault)

    def problem(self, field: str | None, message: str) -> None:
        """Note a problem at a field, or at the beginning of the block."""
        self.problems.append(Problem(self.path, *self.place(field), message))

    def place(self, field: str | None) -> tuple[int, int]:
        """Return line and column (from 1) of a field's value, or of the beginning of the block."""
        line, column = 0, 0
        if self._position is not None:
            try:
                line, column = (
                    self._position.value(field) if field in self.data else (self._position.line, self._position.col)
                )
            except (KeyError, TypeError):
                line, column = self._position.line or 0, self._position.col or 0
        return line + 1 + self.offset, column + 1

    def allow(self, *fields: str) -> None:
        """Note each field that is not among these, with the nearest right word."""
        for field in self.data:
            if field not in fields:
                near = get_close_matches(str(field), fields, 1)
                hint = f"; did you mean {near[0]}?" if near else f"; expected one of {', '.join(fields)}"
                if str(field).startswith("\u00a0"):
                    hint = f"; before it stands {NO_BREAK}"
                if self.data[field] is None and " " in str(field):
                    hint = "; a text with a comma within { } needs quotes"
                self.problem(field, f"unknown field {str(field).strip()}{hint}")

    def text(self, field: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there."""
        value = self.data.get(field, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return str(value).strip()
        self.problem(field, f"{field}: expected a text, found {'nothing' if value == '' else _kind(value)}")
        return default or ""

    def choice(self, field: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Return one of the choices."""
        given = self.data.get(field)
        if given is not None and not isinstance(given, str):
            self.problem(field, f"{field}: expected one of {', '.join(choices)}, found {str(given).lower()}")
            return default or choices[0]
        value = self.text(field, default)
        if value not in choices and field in self.data:
            near = get_close_matches(value, choices, 1)
            self.problem(
                field,
                f"{field}: expected one of {', '.join(choices)}, found {value}"
                + (f"; did you mean {near[0]}?" if near else ""),
            )
        return value if value in choices else default or choices[0]

    def number(self, field: str, default: float, low: float, high: float) -> float:
        """Return a number within bounds (inclusive)."""
        value = self.data.get(field, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.problem(field, f"{field}: expected a number from {low:g} to {high:g}, found {value!r}")
            return default
        return float(value)

    def truth(self, field: str, default: bool) -> bool:
        """Return yes or no."""
        value = self.data.get(field, default)
        if not isinstance(value, bool):
            self.problem(field, f"{field}: expected true or false, found {_kind(value)}")
            return default
        return value

    def duration(self, field: str, default: float = 0.0) -> float:
        """Return seconds from a text such as `10 minutes`, `3 days`, `2h`, `90s`."""
        if field not in self.data:
            return default
        seconds = parse_duration(self.data[field])
        if seconds is None:
            value = self.data[field]
            found = repr(value) if isinstance(value, str) else str(value)
            self.problem(field, f"{field}: expected a duration such as '10 minutes' or '3 days', found {found}")
        return default if seconds is None else seconds

    def block(self, field: str) -> "Block | None":
        """Return a nested map, None where there is none."""
        if field not in self.data:
            return None
        return Block(self.path, self.data[field], self.problems, self.offset, field, self.place(field))

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        value = self.data.get(field, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list):
            self.problem(field, f"{field}: expected a list of texts, found {_kind(value)}")
            return ()
        for number, one in enumerate(values):
            if not isinstance(one, str):
                self.problems.append(Problem(self.path, *self._place_in(field, number), f"{field}: {_no_text(one)}"))
                return ()
        return tuple(map(str, values))

    def _place_in(self, field: str, number: int) -> tuple[int, int]:
        """Return line and column (from 1) of one value of a list."""
        position = getattr(self.data[field], "lc", None)
        if position is None:
            return self.place(field)
        line, column = position.item(number)
        return line + 1 + self.offset, column + 1


UNITS = {
    "s": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "w": 604800,
    "week": 604800,
}


def parse_duration(value: Any) -> float | None:
    """Return seconds for `10 minutes`, `3d` and the like, 0 for 0; None for anything else."""
    if value == 0:
        return 0.0
    text = str(value).strip().lower()
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text[len(digits) :].strip()
    seconds = UNITS.get(unit) or UNITS.get(unit.removesuffix("s"))
    try:
        length = float(digits) * seconds if seconds else None
    except ValueError:
        return None
    return length if length is not None and 0.0 <= length < inf else None


def _no_text(value: Any) -> str:
    mend = "a text with a colon needs quotes" if isinstance(value, dict) else "put it in quotes"
    return f"expected texts, found {_kind(value)}; {mend}"


def _kind(value: Any) -> str:
    if value is None:
        return KINDS["null"]
    return next((KINDS[name] for kind, name in _NAMES.items() if isinstance(value, kind)), type(value).__name__)
