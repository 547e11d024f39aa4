"""JSON lines, plain or gz: one object a line, each fault with file and line."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

FOUND = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
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


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[bytes]]:
    """Open a file of lines; whether it is gz is told by its first bytes, whatever its name. Once, for a pipe is read but once."""
    with path.open("rb") as file:
        if file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
            with gzip.open(file) as unpacked:
                yield unpacked
        else:
            yield file


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise HistoryError(f"{path}:{number}: {_no_json(number, line, str(error))}") from None
    if not isinstance(row, dict):
        mend = "; of a list, `jq -c '.[]'` makes one object a line" if isinstance(row, list) else ""
        raise HistoryError(f"{path}:{number}: expected a JSON object, found {FOUND.get(type(row), 'null')}{mend}")
    return row


def _no_json(number: int, line: bytes, said: str) -> str:
    if line.startswith(_UTF_16):
        return "expected UTF-8 text, found UTF-16; save the file with the encoding UTF-8"
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return f"expected UTF-8 text; byte {error.start + 1} of the line is none; save the file with the encoding UTF-8"
    mend = "; `lotse import` makes chat logs of exports, CSV too" if number == 1 else ""
    return f"no JSON ({said}); expected one JSON object a line{mend}"
