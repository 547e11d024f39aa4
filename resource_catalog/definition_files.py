"""YAML files that define what conditions may name: segments, stages of the lifecycle, tags of channels."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from processors.pipeline import PRIVATE
from processors.playbooks.conditions import ConditionError, Definitions, Segment, StageRule
from resource_catalog.condition_fields import read_conditions
from resource_catalog.problems import Block, Problem
from resource_catalog.yaml_text import read_block, read_if_there

Read = TypeVar("Read")
ID = re.compile(r"[a-z0-9][a-z0-9-]*")
STAGES_MAX, SEGMENTS_MAX, TAGS_MAX = 16, 64, 64


def read_segment(block: Block) -> Segment:
    """Read one segment; problems are noted in the block. What it asks of other segments is checked when all are known."""
    block.allow("id", "title", "if")
    identifier = block.text("id")
    if not ID.fullmatch(identifier):
        block.problem("id", f"id: expected lower-case letters, digits and hyphens, found {identifier}")
    if "if" not in block.data:
        block.problem(None, "if: missing; a segment is a condition")
    return Segment(identifier, plain_conditions(block), block.text("title", identifier))


def read_stages(block: Block) -> tuple[StageRule, ...]:
    """Read the stages of the lifecycle, in the order in which they are asked; the last must hold for everybody."""
    block.allow("stages")
    stages = block.data.get("stages")
    if not isinstance(stages, list) or not 2 <= len(stages) <= STAGES_MAX:
        block.problem("stages", f"stages: expected a list of 2 to {STAGES_MAX} stages")
        return ()
    rules = []
    for one in stages:
        part = Block(block.path, one, block.problems, block.offset, "stages")
        part.allow("stage", "if")
        rules.append(StageRule(part.text("stage"), read_conditions(part, Definitions())))
    if rules[-1].conditions:
        block.problem("stages", "stages: the last must have no condition, so that every member has a stage")
    return tuple(rules)


def read_tags(block: Block) -> dict[str, tuple[str, ...]]:
    """Read tags of channels: each with names of channels, `*` for any letters, `community/` before one's own."""
    if len(block.data) > TAGS_MAX:
        block.problem(None, f"expected at most {TAGS_MAX} tags, found {len(block.data)}")
    tags = {}
    for name in block.data:
        tags[str(name)] = block.texts(name)
        if name != PRIVATE and get_close_matches(str(name).lower(), [PRIVATE], 1, 0.85):
            block.problem(name, f"{name}: channels of this tag are told of; did you mean {PRIVATE}?")
        if not tags[str(name)]:
            block.problem(name, f"{name}: expected at least one channel, such as general or help-*")
    return tags


def plain_conditions(block: Block) -> dict[str, Any]:
    """Return the conditions of `if` without asking what they name; `check_segments` does, when all is known."""
    return read_conditions(block, None)


def check_segments(segments: dict[str, tuple[Block, Segment]], definitions: Definitions) -> None:
    """Note a segment that names what is not there, or itself."""
    for block, segment in segments.values():
        try:
            definitions.segment(segment.id)
        except ConditionError as error:
            block.problem("if", f"if: {error}")


@dataclass(frozen=True)
class Defined:
    """What the files define, as a bundle carries it."""

    segments: tuple[Segment, ...] = ()
    stages: tuple[StageRule, ...] = ()
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_definitions(layers: tuple[Path, ...], problems: list[Problem]) -> tuple[Definitions, Defined]:
    """Read `segments/`, `lifecycle.yaml` and `channels.yaml` of all layers, the lowest first; the same name replaces."""
    segments: dict[str, tuple[Block, Segment]] = {}
    stages: tuple[StageRule, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        for path in sorted((layer / "segments").rglob("*.yaml")):
            block = read_block(path, problems, "id:")
            if block is not None:
                segment = read_segment(block)
                segments[segment.id] = (block, segment)
        stages = _of_file(layer / "lifecycle.yaml", problems, read_stages) or stages
        tags |= _of_file(layer / "channels.yaml", problems, read_tags) or {}
    if len(segments) > SEGMENTS_MAX:
        problems.append(
            Problem(str(layers[-1]), 1, 1, f"expected at most {SEGMENTS_MAX} segments, found {len(segments)}")
        )
    defined = Defined(tuple(segment for _, (_, segment) in sorted(segments.items())), stages, tags)
    definitions = Definitions(defined.segments, defined.stages, defined.tags)
    check_segments(segments, definitions)
    return definitions, defined


def _of_file(path: Path, problems: list[Problem], read: Callable[[Block], Read]) -> Read | None:
    block = read_if_there(path, problems)
    return read(block) if block is not None else None
