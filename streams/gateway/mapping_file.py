"""Reads a mapping from YAML; every problem is told with line, column and what was expected."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from processors.vocabulary import ANNOUNCED, COMMUNITY
from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_text import parse_yaml, read_text
from streams.errors import UserError
from streams.gateway.mapping import Mapping, Rule

RULES_MAX = 200


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a file. Raises `UserError` with every problem found."""
    problems: list[Problem] = []
    content = read_text(path, problems)
    data = None if content is None else parse_yaml(path, content, problems)
    mapping = Mapping(())
    if data is not None:
        block = Block(str(path), data, problems)
        block.allow("each", "events")
        mapping = Mapping(_rules(block), block.text("each", ""))
    elif not problems:
        problems.append(Problem(str(path), 1, 1, "an empty file; expected events: and a list of rules"))
    if problems:
        raise UserError("the mapping has problems:\n" + "\n".join(map(str, sorted(problems))))
    return mapping


def _rules(block: Block) -> tuple[Rule, ...]:
    given = block.data.get("events")
    if not isinstance(given, list) or not 0 < len(given) <= RULES_MAX:
        block.problem("events", f"events: expected a list of 1 to {RULES_MAX} rules, each with type and member")
        return ()
    return tuple(_rule(Block(block.path, one, block.problems, name="a rule of events")) for one in given)


def _rule(block: Block) -> Rule:
    block.allow("type", "when", "member", "id", "time", "data")
    kind = block.text("type") if "type" in block.data else ""
    if kind not in COMMUNITY:
        near = get_close_matches(kind, COMMUNITY, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; one of {', '.join(sorted(COMMUNITY))}"
        block.problem("type", f"type: expected a type of the vocabulary, found {kind or 'nothing'}{hint}")
        return Rule(type="")
    if "member" not in block.data and kind not in ANNOUNCED:
        block.problem(None, "member: missing; expected the path of the member's id, such as user.id")
    return Rule(
        type=kind,
        when=_conditions(block.block("when")),
        member=block.text("member", ""),
        ids=block.texts("id"),
        time=block.text("time", ""),
        data=_data(block.block("data"), kind, block),
    )


def _conditions(block: Block | None) -> dict[str, tuple[str, ...]]:
    if block is None:
        return {}
    return {str(path): _wanted(block, path) for path in block.data}


def _wanted(block: Block, path: str) -> tuple[str, ...]:
    value: Any = block.data[path]
    values = value if isinstance(value, list) else [value]
    if not values or any(isinstance(one, bool) or not isinstance(one, str | int) for one in values):
        block.problem(path, f"{path}: expected a text or number, or a list of them")
        return ()
    return tuple(map(str, values))


def _data(block: Block | None, kind: str, rule: Block) -> dict[str, str]:
    fields = {field.name: field for field in msgspec.structs.fields(COMMUNITY[kind])}
    given = {} if block is None else {str(name): block.text(str(name)) for name in block.data}
    if block is not None:
        block.allow(*fields)
    for name, field in fields.items():
        if field.required and name not in given:
            rule.problem("data", f"data: {kind} needs {name}")
    return {name: path for name, path in given.items() if name in fields}
