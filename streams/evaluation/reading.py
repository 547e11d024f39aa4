"""Reading what an evaluation is given: labelled objects, and chat logs; a file without a usable line is an error."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from processors.playbooks.resources import Bundle
from resource_catalog.layers import load_layered
from resource_catalog.problems import CatalogError
from streams.errors import UserError
from streams.history.lines import HistoryError, json_objects
from streams.history.reader import NOISE, PRESENCE, author_of, time_of

Made = TypeVar("Made")
LABEL_DIGITS = 10


class Line(NamedTuple):
    """One line of a chat log: `ts` in epoch seconds (no zone = UTC), `row` the object as it was read."""

    ts: float
    number: int
    id: str
    author: str
    channel: str
    kind: str
    text: str
    row: dict[str, Any]

    @property
    def spoken(self) -> bool:
        """Tell whether these are somebody's words, not presence."""
        return self.kind not in PRESENCE


def items(files: Sequence[Path], make: Callable[[dict[str, Any]], Made | None], expected: str) -> list[Made]:
    """Return what `make` gives for each object of the files, in their order; None passes a line over.

    Raises `UserError` for a file that cannot be read, or of which nothing is usable; `expected` says what a line should hold.
    """
    made: list[Made] = []
    for path in files:
        before = len(made)
        try:
            made += [one for _, row in json_objects(path) if (one := make(row)) is not None]
        except HistoryError as error:
            raise UserError(str(error)) from None
        if len(made) == before:
            raise UserError(f"{path}: no usable line; expected one JSON object a line with {expected}")
    return made


def catalog_of(directory: Path) -> Bundle:
    """Return a catalog directory as it is in force, over the starter content. Raises `UserError` with every problem of its content."""
    try:
        return load_layered(directory).bundle
    except CatalogError as error:
        raise UserError(f"the catalog has problems:\n{error}") from None


def chat_logs(files: Sequence[Path]) -> list[list[Line]]:
    """Return logs in time order: one a file, or one a window where ids are `window:line` (in files without such ids, one).

    Lines without author or (likely) time, and the kinds nick and system, are left out; join, part and quit stay, as presence. Lines
    of one time keep the file's order, so that minutes that are out of order inside are put right.
    """
    return [log for path in files for log in _windows(items([path], _line(path), CHAT))]


def label_of(value: object) -> int | None:
    """Return a label that is a whole number, also where it was written as 1.0, "1" or true; None for anything else."""
    if isinstance(value, str):
        value = value.strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < LABEL_DIGITS else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, int) else None


CHAT = "ts, author, channel, kind, text"


def _line(path: Path) -> Callable[[dict[str, Any]], Line | None]:
    numbers = iter(range(1, 1 << 62))

    def make(row: dict[str, Any]) -> Line | None:
        number, time, kind = next(numbers), time_of(row), str(row.get("kind") or "message")
        if time is None or not author_of(row) or kind in NOISE:
            return None
        name = str(row.get("id") or f"{path.name}:{number}")
        return Line(
            time, number, name, author_of(row), str(row.get("channel") or ""), kind, str(row.get("text") or ""), row
        )

    return make


def _windows(lines: Iterable[Line]) -> list[list[Line]]:
    logs: dict[str, list[Line]] = {}
    for line in lines:
        window = str(line.row["id"]).rpartition(":")[0] if line.row.get("id") else ""
        logs.setdefault(window, []).append(line)
    return [sorted(log, key=lambda line: (line.ts, line.number)) for log in logs.values()]
