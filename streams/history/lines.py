"""JSON lines, plain or gz: one object a line, each fault with file and line."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson


class HistoryError(ValueError):
    """A file that cannot be used; the message says what, where and how to mend it."""


def json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of each line that is not blank. Raises `HistoryError`."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _object(path, number, line)
    except (OSError, EOFError) as error:
        raise HistoryError(
            f"{path}: cannot be read ({error.strerror if isinstance(error, OSError) and error.strerror else error})"
        ) from None


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise HistoryError(f"{path}:{number}: no JSON ({error}); expected one JSON object a line") from None
    if not isinstance(row, dict):
        raise HistoryError(f"{path}:{number}: expected a JSON object, found {type(row).__name__}")
    return row
