"""JSON lines, plain or gz: one object a line, each fault with file and line."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

_GZIP, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\xef\xbb\xbf"


class HistoryError(ValueError):
    """A file that cannot be used; the message says what, where and how to mend it."""


def json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of each line that is not blank. Raises `HistoryError`."""
    try:
        with _opened(path) as lines:
            for number, raw in enumerate(lines, 1):
                line = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
                if line.strip():
                    yield number, _object(path, number, line)
    except (OSError, EOFError, zlib.error) as error:
        raise HistoryError(
            f"{path}: cannot be read ({error.strerror if isinstance(error, OSError) and error.strerror else error})"
        ) from None


def _opened(path: Path) -> BinaryIO:
    """Open a file of lines; whether it is gz is told by its first bytes, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise HistoryError(f"{path}:{number}: no JSON ({error}); expected one JSON object a line") from None
    if not isinstance(row, dict):
        raise HistoryError(f"{path}:{number}: expected a JSON object, found {type(row).__name__}")
    return row
