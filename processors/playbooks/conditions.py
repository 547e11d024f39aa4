"""Conditions of a playbook, compiled once to closures over facts."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from processors.ids import digest
from processors.member.facts import LIFECYCLE, MEMBER_FIELDS, NUMBERS, SEGMENT, TAGS, TIME_FIELDS, ZONE, Facts, Getter
from processors.member.state import MemberState
from processors.playbooks.foresight import Turns, least_active_days, turns

Condition = Callable[[MemberState, Facts, float], bool]
OPERATORS = ("any", "all", "none", "not", "known", "named", "gte", "gt", "lte", "lt")
GROUPS = ("any", "none")  # instead of a fact: a list of conditions of which at least one, or not one, holds
DEPTH_MAX = 8  # segments within segments


class Segment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named condition: who belongs to it. Never stored: asked of the state whenever it matters."""

    id: str
    conditions: dict[str, Any]
    title: str = ""


class StageRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stage of the lifecycle and its condition; of a list of rules the first that holds is the member's stage."""

    stage: str
    conditions: dict[str, Any] = {}


class ConditionError(ValueError):
    """A condition that cannot be compiled; `path` is the field at fault."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class Definitions:
    """What conditions may name: segments, stages of the lifecycle, tags of channels.

    `tags` maps a tag to patterns of channels: a name, with `*` for any letters, behind `community/` where it is of one alone.
    """

    def __init__(
        self,
        segments: Iterable[Segment] = (),
        stages: tuple[StageRule, ...] = (),
        tags: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.tags = dict(tags or {})
        self._specs = {one.id: one for one in segments}
        self._segments: dict[str, Condition] = {}
        self._under_way: list[str] = []
        self._tagged: dict[tuple[str, str], frozenset[str]] = {}
        self.stage_names = tuple(rule.stage for rule in stages)
        self._rules = stages
        self.stage: Getter = self._stages(stages) if stages else MEMBER_FIELDS[LIFECYCLE]

    @property
    def turns(self) -> Turns:
        """What may turn stages and segments while no event comes (processors.playbooks.foresight)."""
        named = {one.id: one.conditions for one in self._specs.values()}
        return turns((*named.values(), *(rule.conditions for rule in self._rules)), named, bool(self._rules))

    @property
    def key(self) -> str:
        """A hash of what stages and segments mean."""
        return digest(msgspec.json.encode((*self._specs.values(), *self._rules)).decode())

    @property
    def segment_names(self) -> tuple[str, ...]:
        """The segments that there are."""
        return tuple(self._specs)

    def segment(self, name: str) -> Condition:
        """Return the condition of a segment. Raises `ConditionError` for one that is unknown or that asks for itself."""
        if name not in self._specs:
            raise ConditionError(SEGMENT, _unknown("segment", name, self._specs))
        if name not in self._segments:
            if name in self._under_way or len(self._under_way) >= DEPTH_MAX:
                raise ConditionError(SEGMENT, f"segment {name} asks for itself: {' > '.join((*self._under_way, name))}")
            self._under_way.append(name)
            try:
                self._segments[name] = every(compile_conditions(self._specs[name].conditions, self))
            finally:
                self._under_way.pop()
        return self._segments[name]

    def in_stage(self, name: str) -> Condition:
        """Return a condition that holds for whoever is in that stage, and perhaps for others whose stage comes before it."""
        own = [every(compile_conditions(rule.conditions, self)) for rule in self._rules if rule.stage == name]
        if not self._rules:
            return lambda state, facts, now: self.stage(state, facts, now) == name
        return own[0] if len(own) == 1 else lambda state, facts, now: any(holds(state, facts, now) for holds in own)

    def asked_of(self, *, stage: str = "", segment: str = "") -> list[Mapping[str, Any]]:
        """Return what is asked of those in a stage, by each of its rules, or in a segment; nothing where the program's own stages rule."""
        if segment:
            return [self._specs[segment].conditions]
        return [rule.conditions for rule in self._rules if rule.stage == stage]

    def turns_with_days(self, segment: str) -> bool:
        """Tell whether somebody may enter or leave a segment while no event comes."""
        named = {one.id: one.conditions for one in self._specs.values()}
        asked = turns((named[segment],), named, own_stages=True)
        return asked.daily or asked.stages or bool(asked.silent or asked.back or asked.joined or asked.windows)

    def tagged(self, community: str, channel: str) -> frozenset[str]:
        """Return the tags of a channel."""
        known = self._tagged.get((community, channel))
        if known is None:
            if len(self._tagged) >= 4096:  # channels of all communities of a deployment
                self._tagged.clear()
            known = self._tagged[community, channel] = frozenset(
                tag for tag, patterns in self.tags.items() if any(_fits(community, channel, one) for one in patterns)
            )
        return known

    def _stages(self, rules: tuple[StageRule, ...]) -> Getter:
        compiled = [
            (least_active_days(rule.conditions), every(compile_conditions(rule.conditions, self)), rule.stage)
            for rule in rules
        ]

        def stage(state: MemberState, facts: Facts, now: float) -> str:
            days = state.rhythm.total if state.rhythm is not None else 0
            for least, holds, name in compiled:
                if least <= days and holds(state, facts, now):
                    return name
            return ""

        return stage


def compile_conditions(conditions: Mapping[str, Any], definitions: Definitions | None = None) -> tuple[Condition, ...]:
    """Return a closure for each line of `if`. Raises `ConditionError` for one that cannot be asked."""
    definitions = definitions or NONE_DEFINED
    return tuple(compile_condition(path, wanted, definitions) for path, wanted in conditions.items())


def compile_condition(path: str, wanted: Any, definitions: Definitions | None = None) -> Condition:
    """Return a closure for one line of `if`: `path` a field name, `wanted` a value or `{operator: value}`.

    Instead of a field, `any` and `none` take a list of conditions. Raises `ConditionError` for an unknown operator, segment,
    stage or tag, or a comparison with something that is no number.
    """
    definitions = definitions or NONE_DEFINED
    if path in GROUPS:
        return _group(path, wanted, definitions)
    if path == SEGMENT:
        return _in_segments(wanted, definitions)
    _check_names(path, wanted, definitions)
    get = _getter(path, definitions)
    if not isinstance(wanted, dict):
        return lambda s, f, n: wanted in found if isinstance(found := get(s, f, n), _SEVERAL) else found == wanted
    tests = [_operator(path, name, value) for name, value in wanted.items()]
    if len(tests) == 1:
        ((name, value),) = wanted.items()
        if name in _COMPARED:
            return (_OF_NUMBERS if path in NUMBERS else _COMPARED)[name](get, value)
        return _tested(get, tests[0])
    return _tested(get, lambda found: all([test(found) for test in tests]))  # noqa: C419  (a list is cheaper than a generator)


def every(conditions: tuple[Condition, ...]) -> Condition:
    """Return the condition that all of these hold."""
    if len(conditions) == 1:
        return conditions[0]

    def hold(state: MemberState, facts: Facts, now: float) -> bool:
        for condition in conditions:  # noqa: SIM110  (asked for each event: a generator costs as much as a condition)
            if not condition(state, facts, now):
                return False
        return True

    return hold


def _some(conditions: list[Condition]) -> Condition:
    """Return the condition that one of these holds."""
    if len(conditions) == 1:
        return conditions[0]

    def hold(state: MemberState, facts: Facts, now: float) -> bool:
        for condition in conditions:  # noqa: SIM110  (a generator costs more than what it finds)
            if condition(state, facts, now):
                return True
        return False

    return hold


def negated(condition: Condition) -> Condition:
    """Return the condition that this one does not hold."""
    return lambda state, facts, now: not condition(state, facts, now)


def facts_asked(conditions: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facts of the moment (not the member's own) that conditions read, those of groups and of time too."""
    found: list[str] = []
    for path, wanted in conditions.items():
        if path in GROUPS:
            found += [asked for one in wanted for asked in facts_asked(one)]
        elif path == TAGS:
            found += ["event.channel", "community.name"]
        elif path in TIME_FIELDS:
            found.append(ZONE)
        elif not path.startswith("member."):
            found.append(path)
    return tuple(dict.fromkeys(found))


def _group(path: str, wanted: Any, definitions: Definitions) -> Condition:
    if not isinstance(wanted, list | tuple) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise ConditionError(path, f"{path}: expected a list of conditions, such as [{{member.posts: 0}}]")
    some = _some([every(compile_conditions(one, definitions)) for one in wanted])
    return some if path == "any" else negated(some)


def _in_segments(wanted: Any, definitions: Definitions) -> Condition:
    """Return whether the member is in a segment, in `any` of some, in `all`, in `none`, or `not` in one."""
    name, value = next(iter(wanted.items())) if isinstance(wanted, dict) and len(wanted) == 1 else ("any", wanted)
    values = [value] if isinstance(value, str) else value
    if name not in ("any", "all", "none", "not") or not isinstance(values, list | tuple) or not values:
        raise ConditionError(SEGMENT, "expected the name of a segment, or {any: [...]}, {all: [...]}, {none: [...]}")
    parts = [definitions.segment(str(one)) for one in values]
    if name == "all":
        return every(tuple(parts))
    return _some(parts) if name == "any" else negated(_some(parts))


def _check_names(path: str, wanted: Any, definitions: Definitions) -> None:
    """Refuse a tag or a stage that nothing defines: such a condition would never hold."""
    known = {TAGS: tuple(definitions.tags), LIFECYCLE: definitions.stage_names}.get(path, ())
    values = list(wanted.values()) if isinstance(wanted, dict) else [wanted]
    for value in [one for some in values for one in (some if isinstance(some, list | tuple) else [some])]:
        if (known or path == TAGS) and value not in known:
            raise ConditionError(path, _unknown("tag" if path == TAGS else "stage", str(value), known))


def _getter(path: str, definitions: Definitions) -> Getter:
    if path == TAGS:
        return lambda _state, facts, _now: definitions.tagged(
            str(facts.get("community.name", "")), str(facts.get("event.channel", ""))
        )
    if path == LIFECYCLE:
        return definitions.stage
    return MEMBER_FIELDS.get(path) or TIME_FIELDS.get(path) or (lambda _state, facts, _now: facts.get(path))


def _holds(found: Any, wanted: Any) -> bool:
    return wanted in found if isinstance(found, _SEVERAL) else found == wanted


def _operator(path: str, name: str, value: Any) -> Callable[[Any], bool]:
    if name in ("any", "all", "none") and isinstance(value, list | tuple):
        return _of_list(name, value)
    if name == "not":
        return lambda found: not _holds(found, value)
    if name == "known":
        return _known(path, value)
    if name == "named":  # as it stands in the id of a resource
        return lambda found: any(_slug(one) == value for one in (found if isinstance(found, tuple) else (found,)))
    if name not in OPERATORS or name in ("any", "all", "none"):
        near = get_close_matches(str(name), OPERATORS, 1) if name not in OPERATORS else []
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConditionError(path, f"expected a value or one of {', '.join(OPERATORS)}, not {name!r}{hint}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConditionError(path, f"{name} compares numbers, not {value!r}")
    compare: dict[str, Callable[[Any], bool]] = {
        "gte": lambda found: isinstance(found, _NUMBER) and found >= value,
        "gt": lambda found: isinstance(found, _NUMBER) and found > value,
        "lte": lambda found: isinstance(found, _NUMBER) and found <= value,
        "lt": lambda found: isinstance(found, _NUMBER) and found < value,
    }
    return compare[name]


_NUMBER, _SEVERAL = (int, float), (tuple, frozenset)
# Comparisons of numbers are most conditions: fact and comparison in one closure.
_COMPARED: dict[str, Callable[[Getter, float], Condition]] = {
    "gte": lambda get, value: lambda s, f, n: isinstance(found := get(s, f, n), _NUMBER) and found >= value,
    "gt": lambda get, value: lambda s, f, n: isinstance(found := get(s, f, n), _NUMBER) and found > value,
    "lte": lambda get, value: lambda s, f, n: isinstance(found := get(s, f, n), _NUMBER) and found <= value,
    "lt": lambda get, value: lambda s, f, n: isinstance(found := get(s, f, n), _NUMBER) and found < value,
}

_OF_NUMBERS: dict[str, Callable[[Getter, float], Condition]] = {  # of facts that are never anything else
    "gte": lambda get, value: lambda s, f, n: get(s, f, n) >= value,
    "gt": lambda get, value: lambda s, f, n: get(s, f, n) > value,
    "lte": lambda get, value: lambda s, f, n: get(s, f, n) <= value,
    "lt": lambda get, value: lambda s, f, n: get(s, f, n) < value,
}


def _tested(get: Getter, test: Callable[[Any], bool]) -> Condition:
    return lambda state, facts, now: test(get(state, facts, now))


def _of_list(name: str, values: list[Any] | tuple[Any, ...]) -> Callable[[Any], bool]:
    if name == "all":
        return lambda found: all(_holds(found, one) for one in values)
    if name == "none":
        return lambda found: not any(_holds(found, one) for one in values)
    return lambda found: any(_holds(found, one) for one in values)


def _known(path: str, value: Any) -> Callable[[Any], bool]:
    if not isinstance(value, bool):
        raise ConditionError(path, f"known is true or false, not {value!r}")
    return lambda found: (found not in (None, "", ())) is value


def _slug(value: Any) -> str:
    """Return a value in lower case, with a hyphen for all that is no letter from a to z and no digit."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).casefold()).strip("-")


def _fits(community: str, channel: str, pattern: str) -> bool:
    return fnmatchcase(f"{community}/{channel}" if "/" in pattern else channel, pattern)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    there = f"; there are {', '.join(known)}" if list(known) else f"; no {what} is defined yet"
    return f"unknown {what} {name}" + (f"; did you mean {near[0]}?" if near else there)


NONE_DEFINED = Definitions()
