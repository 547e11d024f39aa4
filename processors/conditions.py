"""Conditions of a playbook, compiled once to closures over facts."""

from collections.abc import Callable, Mapping
from typing import Any

from processors.lifecycle import lifecycle
from processors.member import MemberState

Facts = Mapping[str, str | float | int]
Condition = Callable[[MemberState, Facts, float], bool]
Getter = Callable[[MemberState, Facts, float], Any]

MEMBER_FIELDS: dict[str, Getter] = {
    "member.posts": lambda state, _facts, _now: state.posts,
    "member.questions": lambda state, _facts, _now: state.questions,
    "member.role": lambda state, _facts, _now: state.role,
    "member.region": lambda state, _facts, _now: state.region,
    "member.interests": lambda state, _facts, _now: state.interests,
    "member.locale": lambda state, _facts, _now: state.locale,
    "member.answers": lambda state, _facts, _now: state.answers,
    "member.lifecycle": lambda state, _facts, now: lifecycle(state, now),
    "member.active_days": lambda state, _facts, _now: state.rhythm.total if state.rhythm else 0,
    "member.days": lambda state, _facts, now: (now - state.joined) / 86400 if state.joined else 0.0,
}
OPERATORS = ("any", "not", "gte", "gt", "lte", "lt")


class ConditionError(ValueError):
    """A condition that cannot be compiled; `path` is the field at fault."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def compile_condition(path: str, wanted: Any) -> Condition:
    """Return a closure for one line of `if`: `path` a field name, `wanted` a value or `{operator: value}`.

    Raises `ConditionError` for an unknown operator or a comparison with something that is no number.
    """
    get = MEMBER_FIELDS.get(path) or _fact(path)
    if not isinstance(wanted, dict):
        return lambda state, facts, now: _holds(get(state, facts, now), wanted)
    tests = [_operator(path, name, value) for name, value in wanted.items()]
    return lambda state, facts, now: all(test(get(state, facts, now)) for test in tests)


def _fact(path: str) -> Getter:
    return lambda _state, facts, _now: facts.get(path)


def _holds(found: Any, wanted: Any) -> bool:
    return wanted in found if isinstance(found, tuple) else found == wanted


def _operator(path: str, name: str, value: Any) -> Callable[[Any], bool]:
    if name == "any" and isinstance(value, list | tuple):
        return lambda found: any(_holds(found, one) for one in value)
    if name == "not":
        return lambda found: not _holds(found, value)
    if name not in OPERATORS or name == "any":
        raise ConditionError(path, f"expected a value or one of {', '.join(OPERATORS)}, not {name!r}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConditionError(path, f"{name} compares numbers, not {value!r}")
    compare: dict[str, Callable[[Any], bool]] = {
        "gte": lambda found: isinstance(found, int | float) and found >= value,
        "gt": lambda found: isinstance(found, int | float) and found > value,
        "lte": lambda found: isinstance(found, int | float) and found <= value,
        "lt": lambda found: isinstance(found, int | float) and found < value,
    }
    return compare[name]
