"""Files as text and as YAML with positions; what cannot be read is a problem with its place."""

import os
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, ScalarEvent

from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_words import NO_BREAK, cut_off, in_plain_words, no_break

FILE_MAX = 256_000  # bytes; all files together travel as one record
REFERENCE = "anchors, aliases and tags are not allowed; write the value out, or put a text that begins with &, * or ! between quotes"
CUT = re.compile(r"[ \t]#[^\s#!]")
DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
KEPT = 512  # parsed texts: a catalog and another over it, about 10 MB; parsing them anew takes a second


def read_block(path: Path, problems: list[Problem], begins: str = "") -> Block | None:
    """Return the fields of a file; None after a problem. One without any fields is a problem where `begins` says with what it begins."""
    text, before = read_text(path, problems), len(problems)
    data = None if text is None else parse_yaml(path, text, problems)
    if begins and text is not None and data is None and len(problems) == before:
        problems.append(Problem(str(path), 1, 1, f"nothing is in it; begin with {begins}, or remove the file"))
    return None if data is None else fields_of(path, data, problems)


def read_if_there(path: Path, problems: list[Problem]) -> Block | None:
    """Return the fields of a file that need not be there; what stands in its place and is none is a problem."""
    return read_block(path, problems) if os.path.lexists(path) else None  # which a closed folder does not stop


def fields_of(path: Path, data: Any, problems: list[Problem], offset: int = 0) -> Block | None:
    """Return what was parsed as fields; None, and a problem, where it is a list or a text."""
    block = Block(str(path), data, problems, offset)
    return block if isinstance(data, dict) else None


def parse_yaml(path: Path, text: str, problems: list[Problem], offset: int = 0, *, quotes: bool = False) -> Any:
    """Return YAML with positions, to be read only: the same text gives the same object. None after a problem.

    Aliases and custom tags are refused. With `quotes` it is a new object with its quotes, to be changed and written again.
    """
    try:
        refused = _refused(text)
        if refused is None:
            return _read(text, quotes=True) if quotes else _kept(text)
        where, message = refused
        problems.append(Problem(str(path), where.line + 1 + offset, where.column + 1, message))
    except (YAMLError, ValueError, RecursionError) as error:
        (line, column), said = _told(text, error)
        problems.append(Problem(str(path), line + 1 + offset, column + 1, f"no valid YAML: {said}"))
    return None


def _told(text: str, error: Exception) -> tuple[tuple[int, int], str]:
    """Return where (from 0) and what is wrong with a text that cannot be parsed."""
    if place := no_break(text):
        return place, NO_BREAK
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark
        return (mark.line, mark.column) if mark else (0, 0), in_plain_words(str(error.problem))
    return next(_wrong_dates(text), (0, 0)), in_plain_words(str(error))


def _wrong_dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield line and column (from 0) of each date that no calendar has; the parser does not say where."""
    for number, line in enumerate(text.splitlines()):
        for match in DATE.finditer(line):
            try:
                date(*map(int, match.groups()))
            except ValueError:
                yield number, match.start()


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return a file's text without a byte order mark; None after a problem."""
    try:
        size = path.stat().st_size
        if size > FILE_MAX:
            message = f"at most {FILE_MAX // 1000} kB, found {size // 1000}; is it text? A long page is better linked than sent"
            problems.append(Problem(str(path), 1, 1, message))
            return None
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2]) + 1
        message = f"expected UTF-8 text; byte {error.start + 1} is none; save the file with the encoding UTF-8"
        problems.append(Problem(str(path), line, column, message))
    except OSError as error:
        problems.append(Problem(str(path), 1, 1, f"cannot be read ({error.strerror})"))
    return None


def _read(text: str, *, quotes: bool) -> Any:
    reader = YAML(typ="rt")
    reader.preserve_quotes = quotes
    return reader.load(StringIO(text))


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> Any:
    return _read(text, quotes=False)


def _refused(text: str) -> tuple[Any, str] | None:
    """Return where and why the first thing is refused that parses and is not meant; None, and nothing is parsed, where no character begins one."""
    if not any(sign in text for sign in "&*!") and not CUT.search(text):
        return None
    for event in YAML(typ="rt").parse(StringIO(text)):
        if _is_reference(event):
            return event.start_mark, REFERENCE
        comment = (getattr(event, "comment", None) or [None])[0]
        plain = isinstance(event, ScalarEvent) and event.style is None
        if plain and comment is not None and (said := cut_off(event.value, comment.value)):
            return comment.start_mark, said
    return None


def _is_reference(event: Any) -> bool:
    """Tell an alias, an anchor or a tag of the author's own: they can make a small file huge, or anything of it."""
    return isinstance(event, AliasEvent) or bool(getattr(event, "anchor", None) or getattr(event, "tag", None))


def version_of(path: Path) -> str:
    """Return a hash of a file's bytes (12 hexadecimal digits)."""
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()


def versions_joined(*versions: str) -> str:
    """Return one version of several, whatever their order."""
    return blake2b("".join(sorted(versions)).encode(), digest_size=6).hexdigest()
