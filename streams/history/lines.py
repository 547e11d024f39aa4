"""JSON lines, plain or gz, of files or standard input: one object a line, each fault with file and line."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any

import orjson

FOUND = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
STANDARD_INPUT = "/dev/stdin"  # what `-` stands for, as in other programs
LINE_MAX = 16 << 20  # bytes: a thousand times the longest line of a chat; what has no line breaks would fill the memory
_GZIP, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\xef\xbb\xbf"


class HistoryError(ValueError):
    """A file that cannot be used; the message says what, where and how to mend it."""


def given(name: str) -> str:
    """Return the file that a name on the command line means: `-` is standard input."""
    return STANDARD_INPUT if name == "-" else name


def json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of each line that is not blank; `-` is standard input. Raises `HistoryError`."""
    for number, line in lines_of(path):
        yield number, _object(path, number, line)


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (line number, line) of each line that is not blank; `-` is standard input. Raises `HistoryError`.

    Of a file no more than one line is in memory, and a line of more than `LINE_MAX` bytes is refused.
    """
    try:
        with _opened(path) as file:
            lines: Iterable[bytes] = iter(partial(file.readline, LINE_MAX + 1), b"")
            for number, raw in enumerate(lines, 1):
                line = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
                _check(path, number, line)
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        raise HistoryError(
            f"{path}: cannot be read ({error.strerror if isinstance(error, OSError) and error.strerror else error})"
        ) from None


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader | gzip.GzipFile]:
    """Open a file of lines; whether it is gz is told by its first bytes, whatever its name. Once, for a pipe is read but once."""
    with Path(given(str(path))).open("rb") as file:
        if file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
            with gzip.open(file) as unpacked:
                yield unpacked
        else:
            yield file


def _check(path: Path, number: int, line: bytes) -> None:
    if number == 1 and line.startswith(_UTF_16):
        raise HistoryError(f"{path}:1: expected UTF-8 text, found UTF-16; save the file with the encoding UTF-8")
    if len(line) > LINE_MAX:
        raise HistoryError(
            f"{path}:{number}: a line of more than {LINE_MAX >> 20} MiB; expected one JSON object a line, with line breaks between them"
        )


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
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return f"expected UTF-8 text; byte {error.start + 1} of the line is none; save the file with the encoding UTF-8"
    mend = "; `lotse import` makes chat logs of exports, CSV too" if number == 1 else ""
    return f"no JSON ({said}); expected one JSON object a line{mend}"
