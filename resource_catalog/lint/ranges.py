"""Which values conditions leave: whether one line can hold at all, and whether two sets of conditions can hold together."""

from collections.abc import Mapping
from math import inf
from typing import Any

from processors.playbooks.conditions import GROUPS

COMPARED = ("gte", "gt", "lte", "lt")


def impossible(conditions: Mapping[str, Any]) -> str:
    """Return the first path of which no value fits, empty where all may hold."""
    plain = next((path for path, wanted in conditions.items() if path not in GROUPS and not _possible(wanted)), "")
    if plain or not isinstance(conditions.get("any"), list | tuple):
        return plain
    outside = {path: wanted for path, wanted in conditions.items() if path not in GROUPS}
    ways = [one for one in conditions["any"] if isinstance(one, Mapping)]
    open_ways = [one for one in ways if not impossible(one) and not exclude_each_other(outside, one)]
    return "any" if ways and not open_ways else ""


def exclude_each_other(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether some fact must be different for each; what is not plain to see counts as compatible."""
    return any(not _together(one[path], other[path]) for path in one.keys() & other.keys() if path not in GROUPS)


def _possible(wanted: Any) -> bool:
    low, high, open_ends = _range(wanted)
    if low > high or (low == high and open_ends):
        return False
    return not (
        isinstance(wanted, dict) and "any" in wanted and "none" in wanted and set(wanted["any"]) <= set(wanted["none"])
    )


def _together(one: Any, other: Any) -> bool:
    values, others = _values(one), _values(other)
    if values is not None and others is not None:
        return bool(values & others)
    if values is not None or others is not None:
        known, wanted = (values, other) if values is not None else (others, one)
        return any(_fits(value, wanted) for value in known or ())
    first, second = _range(one), _range(other)
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return low < high or (low == high and not (first[2] or second[2]))


def _values(wanted: Any) -> set[Any] | None:
    """Return the values of which one is wanted; None where a range or a negation is."""
    if isinstance(wanted, dict):
        return set(wanted["any"]) if list(wanted) == ["any"] else None
    return {wanted} if not isinstance(wanted, list) else None


def _fits(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return True
    if "not" in wanted and value == wanted["not"]:
        return False
    if "none" in wanted and value in wanted["none"]:
        return False
    if isinstance(value, int | float) and any(name in wanted for name in COMPARED):
        low, high, open_ends = _range(wanted)
        return low <= value <= high and not (open_ends and value in (low, high))
    return True


def _range(wanted: Any) -> tuple[float, float, bool]:
    """Return the least and the greatest number that fit, and whether an end of them is left out."""
    if not isinstance(wanted, dict):
        return -inf, inf, False
    low = max(wanted.get("gte", -inf), wanted.get("gt", -inf))
    high = min(wanted.get("lte", inf), wanted.get("lt", inf))
    return low, high, "gt" in wanted or "lt" in wanted
