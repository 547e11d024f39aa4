"""The field `scenarios`: what is given and what must come of it, checked before anything is played."""

import re
from difflib import get_close_matches
from typing import Any

import msgspec

from processors.vocabulary import CONTROL, VOCABULARY
from resource_catalog.condition_fields import plain
from resource_catalog.journey_file import read_journey
from resource_catalog.problems import KINDS, Block

EXPECTED = ("by", "after", "gone_by", "resource", "channel", "says", "because", "locale", "member")
SETTINGS = ("locale", "timezone", "tone", "address")


def read_scenarios(block: Block) -> list[dict[str, Any]]:
    """Return the scenarios as plain values; problems are noted in the block."""
    scenarios = block.data.get("scenarios", [])
    if not isinstance(scenarios, list):
        block.problem("scenarios", "scenarios: expected a list")
        return []
    for scenario in scenarios:
        _check(Block(block.path, scenario, block.problems, block.offset, "scenario"))
    return [plain(scenario) for scenario in scenarios if isinstance(scenario, dict)]


def _check(part: Block) -> None:
    part.allow("name", "given", "expect", "settle", "policy", "beside", "journey")
    part.texts("beside")
    part.text("name")
    part.duration("settle")
    policy = part.block("policy")
    if policy:
        policy.allow(*SETTINGS)
    journey = part.block("journey")
    if journey:
        read_journey(journey)
    for field in ("given", "expect"):
        if field not in part.data:
            part.problem(None, f"{field}: missing in the scenario")
    given = part.data.get("given", [])
    if not isinstance(given, list):
        part.problem("given", "given: expected a list of events")
        return
    for one in given:
        _given(Block(part.path, one, part.problems, part.offset, "given"))
    _expect(part)


def _expect(part: Block) -> None:
    expect = part.data.get("expect")
    if isinstance(expect, str) and expect == "nothing":
        return
    if not isinstance(expect, list) or not expect:
        if "expect" in part.data:
            part.problem("expect", "expect: expected nothing, or a list of what is sent")
        return
    for one in expect:
        wanted = Block(part.path, one, part.problems, part.offset, "expect")
        wanted.allow(*EXPECTED)
        for field in ("by", "after", "gone_by"):
            wanted.duration(field)


def _given(part: Block) -> None:
    kind = part.text("event")
    part.duration("at")
    if kind not in VOCABULARY:
        near = get_close_matches(kind, VOCABULARY, 1)
        part.problem("event", f"event: unknown event {kind}" + (f"; did you mean {near[0]}?" if near else ""))
        return
    if kind in CONTROL and not kind.startswith("outcome."):
        part.problem("event", f"event: {kind} is written by Lotse itself and cannot be given")
        return
    fields = VOCABULARY[kind].__struct_fields__
    part.allow("at", "event", "member", *(("of",) if kind in CONTROL else ()), *fields)
    if "of" in part.data:  # the command that it is about is known when the scenario is played
        part.text("of")
        return
    try:
        msgspec.convert({key: plain(value) for key, value in part.data.items() if key in fields}, VOCABULARY[kind])
    except msgspec.ValidationError as error:
        _misfit(part, str(error))


def _misfit(part: Block, said: str) -> None:
    """Note a value of another kind than the event's field has, at its place."""
    match = re.search(r"Expected `(\w+)`, got `(\w+)` - at `\$\.(\w+)", said)
    if match is None:
        part.problem(None, f"given: {said}")
        return
    wanted, found, field = match.groups()
    mend = "; put it in quotes" if wanted == "str" and found in ("int", "float", "bool") else ""
    part.problem(field, f"{field}: expected {KINDS.get(wanted, wanted)}, found {KINDS.get(found, found)}{mend}")
