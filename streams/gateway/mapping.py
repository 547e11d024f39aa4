"""A mapping without code: which payloads give which event, and where in them its parts are found.

`streams/gateway/mapping_file.py` reads it from YAML; this applies it.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from processors.vocabulary import ANNOUNCED, COMMUNITY, Data
from streams.gateway.payloads import Delivery, Ignored, Outcome, PayloadError, each
from streams.gateway.reading import LINK_MAX, NAME_MAX, TEXT_MAX, identifier, names, plain, text, time_of, whole

LITERAL = "="  # what begins so is no path but the value itself
MEMBERS = frozenset({"to", "by", "author"})  # fields of data that hold a member


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of event. Values are paths (`user.id`, `items.0.name`) or, after =, literals.

    `when` maps paths to the texts that each may have there; all must hold. Without `ids` the id is a hash of the payload.
    """

    type: str
    when: dict[str, tuple[str, ...]] = {}
    member: str = ""
    ids: tuple[str, ...] = ()
    time: str = ""
    data: dict[str, str] = {}


class Mapping(msgspec.Struct, frozen=True):
    """Rules, of which the first that fits is used; `each` is the path of a list whose elements are mapped one by one."""

    rules: tuple[Rule, ...]
    each: str = ""


def apply(mapping: Mapping, delivery: Delivery) -> Iterable[Outcome]:
    """Yield the events of a payload; ignored where no rule fits. An element of a list is read like a payload of its own."""
    if not mapping.each:
        return _first_rule(mapping, delivery)
    found = at(delivery.body, mapping.each)
    if not isinstance(found, list):
        return [Ignored(f"{mapping.each}: no list there")]
    return each(delivery, found, lambda one: _first_rule(mapping, one), mapping.each)


def _first_rule(mapping: Mapping, delivery: Delivery) -> Iterable[Outcome]:
    for rule in mapping.rules:
        if all(text(at(delivery.body, path)) in wanted for path, wanted in rule.when.items()):
            yield _event(rule, delivery)
            return
    yield Ignored("no rule of the mapping fits")


def _event(rule: Rule, delivery: Delivery) -> Outcome:
    data = read_data(rule.type, {field: at(delivery.body, path) for field, path in rule.data.items()}, delivery)
    about = [identifier(at(delivery.body, path)) for path in rule.ids]
    time = at(delivery.body, rule.time) if rule.time else None
    if rule.type in ANNOUNCED and not rule.member:
        return delivery.announcement(rule.type, time, data, *about)
    return delivery.event(
        rule.type, delivery.neutral_key(identifier(at(delivery.body, rule.member))), time, data, *about
    )


def read_data(event_type: str, values: dict[str, Any], delivery: Delivery) -> Data:
    """Return data of a type from values under the vocabulary's names, others left out. Raises `PayloadError`."""
    wanted = {field.name: field for field in msgspec.structs.fields(COMMUNITY[event_type])}
    read = {
        name: _read(name, str(field.type), values[name], delivery) for name, field in wanted.items() if name in values
    }
    given = {name: value for name, value in read.items() if value is not None}
    lacking = [name for name, field in wanted.items() if field.required and name not in given]
    if lacking:
        raise PayloadError(f"{event_type}: its data needs {', '.join(lacking)}")
    return COMMUNITY[event_type](**given)


def at(body: Any, path: str) -> Any:
    """Return what is at a path, None where there is nothing; a literal is itself."""
    if path.startswith(LITERAL):
        return path.removeprefix(LITERAL)
    for step in path.split("."):
        if isinstance(body, list) and step.isascii() and step.isdigit():
            body = body[int(step)] if len(step) < 6 and int(step) < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body


def _read(field: str, kind: str, value: Any, delivery: Delivery) -> Any:
    """Return a value as a field of the vocabulary wants it, None where there is none of that kind."""
    if field in MEMBERS:
        return delivery.neutral_key(identifier(value))
    if "tuple" in kind:
        return names(value)
    if "int" in kind:
        return whole(value)
    if "float" in kind:
        return time_of(value)
    if field == "text":
        return plain(value) if isinstance(value, str) and "</" in value else text(value, TEXT_MAX)
    return text(value, LINK_MAX if field in ("url", "query") else NAME_MAX)
