"""Bytes of a request or file to documents: JSON, JSON lines, or a form."""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

FORM = "application/x-www-form-urlencoded"
FIELDS_MAX = 200  # of a form


class NoJsonError(ValueError):
    """Bytes of which nothing can be read."""


class TooDeepError(NoJsonError):
    """JSON, but nested more deeply than anything that means something."""


class Documents(NamedTuple):
    """What was read; `faults` are lines that are no JSON among lines that are; `headers` come with a captured request."""

    bodies: list[Any]
    faults: list[str]
    headers: dict[str, str]


def parse(content: bytes, content_type: str = "") -> Documents:
    """Return the documents of some bytes. Raises `NoJsonError` where there is none.

    A document with `headers` and `body` is a request that somebody captured: its body counts, with its headers. Half a surrogate
    pair, as scripts leave it that cut a text in the middle of an emoji, becomes a question mark.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content_type.partition(";")[0].strip().lower() == FORM or _looks_like_a_form(content):
        return Documents([_form(content)], [], {})
    try:
        document = _loads(content)
    except orjson.JSONDecodeError as error:
        if "depth limit" in str(error):
            raise TooDeepError("nested deeper than 1,000 levels") from None
        return _lines(content, error)
    if (
        isinstance(document, dict)
        and isinstance(document.get("headers"), dict)
        and isinstance(document.get("body"), dict | list)
    ):
        headers = {str(name).lower(): value for name, value in document["headers"].items() if isinstance(value, str)}
        return Documents([document["body"]], [], headers)
    return Documents([document], [], {})


def _loads(content: bytes) -> Any:
    """Return a JSON value. Raises `JSONDecodeError`."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error) or b"\\u" not in content:
            raise
        try:
            mended = json.dumps(json.loads(content), ensure_ascii=False)
        except (ValueError, RecursionError):
            raise error from None
        return orjson.loads(mended.encode("utf-8", "replace"))


def _lines(content: bytes, error: orjson.JSONDecodeError) -> Documents:
    """Return the documents of JSON lines; a single line, and lines that are all no JSON, are the original error."""
    bodies, faults = [], []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            bodies.append(_loads(line))
        except orjson.JSONDecodeError as fault:
            faults.append(f"line {number}: no JSON ({fault})")
    # A document over several lines with a fault in it has lines such as `1` or `{}` that happen to be JSON.
    if not any(isinstance(body, dict | list) for body in bodies) or len(faults) > len(bodies):
        raise NoJsonError(f"no JSON ({error}); expected a JSON document, or one on each line")
    return Documents(bodies, faults, {})


def _looks_like_a_form(content: bytes) -> bool:
    """Tell whether this is a form: Slack's, which names its fields so, also where no header says it."""
    return content.startswith((b"payload=", b"token=")) and b"\n" not in content.strip()


def _form(content: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError:
        raise NoJsonError(f"no form; expected UTF-8 and at most {FIELDS_MAX} fields") from None
