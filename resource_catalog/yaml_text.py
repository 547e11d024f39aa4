"""Files as text and as YAML with positions; what cannot be read is a problem with its place."""

from functools import lru_cache
from hashlib import blake2b
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from resource_catalog.problems import Block, Problem

KEPT = 512  # parsed texts: a catalog and another over it, about 10 MB; parsing them anew takes a second


def read_block(path: Path, problems: list[Problem]) -> Block | None:
    """Return the fields of a file; None after a problem."""
    text = read_text(path, problems)
    data = None if text is None else parse_yaml(path, text, problems)
    return None if data is None else Block(str(path), data, problems)


def parse_yaml(path: Path, text: str, problems: list[Problem], offset: int = 0, *, quotes: bool = False) -> Any:
    """Return YAML with positions, to be read only: the same text gives the same object. None after a problem.

    Aliases and custom tags are refused. With `quotes` it is a new object with its quotes, to be changed and written again.
    """
    try:
        refused = _first_reference(text)
        if refused is None:
            return _read(text, quotes=True) if quotes else _kept(text)
        where = refused.start_mark
        message = "anchors, aliases and tags are not allowed; write the value out"
        problems.append(Problem(str(path), where.line + 1 + offset, where.column + 1, message))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.append(Problem(str(path), line + offset, column, f"no valid YAML: {error.problem}"))
    except (YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(str(path), 1 + offset, 1, f"no valid YAML: {error}"))
    return None


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return a file's text; None after a problem."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(str(path), 1, 1, f"expected UTF-8 text; byte {error.start + 1} is none"))
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


def _first_reference(text: str) -> Any:
    """Return the event of the first reference; None, and nothing is parsed, where no character begins one."""
    if not any(sign in text for sign in "&*!"):
        return None
    return next((event for event in YAML(typ="rt").parse(StringIO(text)) if _is_reference(event)), None)


def _is_reference(event: Any) -> bool:
    """Tell an alias, an anchor or a tag of the author's own: they can make a small file huge, or anything of it."""
    return isinstance(event, AliasEvent) or bool(getattr(event, "anchor", None) or getattr(event, "tag", None))


def version_of(path: Path) -> str:
    """Return a hash of a file's bytes (12 hexadecimal digits)."""
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()


def versions_joined(*versions: str) -> str:
    """Return one version of several, whatever their order."""
    return blake2b("".join(sorted(versions)).encode(), digest_size=6).hexdigest()
