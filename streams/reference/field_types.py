"""The type of a field in words, with its bounds."""

import types
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

_WORDS = {str: "text", float: "number", int: "whole number", bool: "true or false", dict: "object"}
_BOUNDS = (("max_length", "at most {} characters"), ("ge", "from {}"), ("le", "to {}"))


def type_in_words(kind: Any) -> str:
    """Return a type in words for a cell of a table."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return ", ".join([type_in_words(parts[0]), *_bounds(parts[1:])])
    if origin in (types.UnionType, Union):
        return " or ".join(type_in_words(one) for one in parts if one is not type(None))
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in parts)
    if origin is tuple:
        return f"list of {type_in_words(parts[0])}"
    return _plain(origin or kind)


def _plain(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"object ({kind.__name__})"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "a word of a closed list"
    return _WORDS[kind]


def _bounds(given: tuple[Any, ...]) -> list[str]:
    return [
        told.format(f"{value:.0f}" if isinstance(value, float) else value)
        for meta in given
        for name, told in _BOUNDS
        if (value := getattr(meta, name, None)) is not None
    ]
