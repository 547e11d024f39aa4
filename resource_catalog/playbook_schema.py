"""Playbooks, journeys and segments as JSON Schema (2020-12), for editors: `python -m resource_catalog.playbook_schema`."""

from pathlib import Path
from typing import Any

import orjson

from processors.commands import CHANNELS
from processors.local_time import WEEKDAYS
from processors.member.facts import MEMBER_FIELDS, MOMENT_FIELDS, NUMBERS, SEGMENT, TIME_FIELDS
from processors.playbooks.conditions import OPERATORS
from processors.playbooks.wording import KEYS
from processors.signals import KINDS as SIGNALS
from processors.vocabulary import COMMUNITY
from resource_catalog.journey_file import STEPS_MAX as JOURNEY_STEPS_MAX
from resource_catalog.offer_fields import VARIANT_BY, VARIANTS_MAX
from resource_catalog.playbook_file import (
    FIELDS,
    LANES,
    LIMITS,
    MATURITIES,
    ONCE_PER,
    PRIORITIES,
    STEP_FIELDS,
    STEPS_MAX,
)
from resource_catalog.scenario_fields import EXPECTED, SETTINGS
from resource_catalog.trigger_fields import FORMS, OF_THE_COMMUNITY, WORDS_MAX
from resource_catalog.wording_fields import TEXT_MAX

FOLDER = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
DURATION: Schema = {
    "description": "A number and a unit: 90s, 10 minutes, 3 hours, 2 days, 1 week; 0 for none",
    "anyOf": [{"const": 0}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[A-Za-z]+\s*$"}],
}
EVENT: Schema = {"enum": list(COMMUNITY)}
TOLD = {
    "id": "Its name, such as onboarding.how-to-start; used once in a catalog",
    "describe": "One sentence for whoever reads the list of playbooks",
    "lifecycle": "The kind of message, which members may stop or snooze; else the first word of the id",
    "theme": "What it is about; cool-downs and opt-outs go by it; else the first word of the id",
    "when": "What it waits for: exactly one form",
    "if": "Facts, all of which must be so when it fires and again before anything is sent",
    "wait": "How long it waits after the trigger",
    "unless": "What makes it needless while it waits",
    "exit": "Events that end it, and the whole of a sequence",
    "offer": "What is offered, over which channels, in which words",
    "steps": "A sequence over days; each step has an offer of its own",
    "because": "The reason that the member sees; one text, or one a language",
    "goal": "What success is; it is measured, and ends the waiting",
    "limits": "How often at most, how long it stays worth sending, what goes first",
    "lane": "Whose budget it takes",
    "cheerful": "Whether it is out of place with somebody who hurts",
    "maturity": "Whether it sends: off, shadow (counts), suggest (a person decides), canary (a share), live",
    "canary": "The share of members whom a canary reaches",
    "holdout": "The share of members who get nothing, so that its effect can be measured",
    "randomised": "The share of occasions on which chance keeps it back, so that its effect can be measured",
    "owner": "Who looks after it",
    "approved_by": "Who approved it; help in distress wants two",
    "approved": "What they approved: a digest that lotse playbooks approve writes",
    "scenarios": "What is given and what must come of it; at least as many expect nothing as expect something",
}


def playbook() -> Schema:
    """Return the schema of a playbook; what only the whole catalog can tell (ids of resources, segments) is left to the linter."""
    fields: dict[str, Schema] = {
        **dict.fromkeys(FIELDS, TEXT),
        "when": {"oneOf": [_form(name) for name in FORMS]},
        "if": {"$ref": "#/$defs/conditions"},
        "wait": DURATION,
        "unless": _fields({"event": _one_or_more(EVENT), "if": {"$ref": "#/$defs/conditions"}}),
        "exit": _events(),
        "goal": _events(),
        "offer": {"$ref": "#/$defs/offer"},
        "steps": {"type": "array", "minItems": 1, "maxItems": STEPS_MAX, "items": _step()},
        "because": {"$ref": "#/$defs/lines"},
        "limits": _fields({name: _limit(name) for name in LIMITS}),
        "lane": {"enum": list(LANES), "default": "proactive"},
        "cheerful": {"type": "boolean", "default": True},
        "maturity": {"enum": list(MATURITIES), "default": "shadow"},
        "canary": {"type": "number", "minimum": 0, "maximum": 1},
        "holdout": {"type": "number", "minimum": 0, "maximum": 0.5},
        "randomised": {"type": "number", "minimum": 0, "maximum": 0.9},
        "approved_by": _one_or_more(TEXT),
        "scenarios": {"type": "array", "items": _scenario()},
    }
    described = {name: {"description": TOLD[name], **fields[name]} for name in FIELDS}
    changes = ("id", "maturity", "canary", "holdout", "owner", "approved_by", "approved")
    return {
        "$schema": DIALECT,
        "title": "A Lotse playbook",
        **_fields({**described}, "id"),
        "anyOf": [
            {"required": ["when", "offer", "because"], "not": {"required": ["steps"]}},
            {"required": ["when", "steps"], "not": {"required": ["offer"]}},
            {"required": ["id", "maturity"], "propertyNames": {"enum": list(changes)}},
        ],
        "$defs": {"conditions": _conditions(), "offer": _offer(), "lines": _lines()},
    }


def journey() -> Schema:
    """Return the schema of a journey."""
    names = _one_or_more(TEXT)
    step = _fields(
        {"id": TEXT, "title": TEXT, "done": _one_or_more(EVENT), "names": names, "usual": DURATION}, "id", "done"
    )
    steps = {"type": "array", "minItems": 1, "maxItems": JOURNEY_STEPS_MAX, "items": step}
    fields = {
        "id": TEXT,
        "title": TEXT,
        "theme": TEXT,
        "begins": _one_or_more(EVENT),
        "names": names,
        "steps": steps,
    }
    return {"$schema": DIALECT, "title": "A Lotse journey", **_fields(fields, "id", "begins", "steps")}


def segment() -> Schema:
    """Return the schema of a segment."""
    fields = {"id": TEXT, "title": TEXT, "if": {"$ref": "#/$defs/conditions"}}
    return {
        "$schema": DIALECT,
        "title": "A Lotse segment",
        **_fields(fields, "id", "if"),
        "$defs": {"conditions": _conditions()},
    }


def _form(name: str) -> Schema:
    forms: dict[str, Schema] = {
        "event": _one_or_more(EVENT),
        "signal": {"enum": list(SIGNALS)},
        "community": {"enum": list(OF_THE_COMMUNITY)},
        "search": _words(),
        "absence": DURATION,
        "every": {"anyOf": [_day(), {"type": "array", "items": _day(), "minItems": 1}]},
        "lifecycle": _one_or_more(TEXT),
        "segment": _one_or_more(TEXT),
        "stuck": TEXT,
        "words": _words(),
        "before": DURATION,
        "at": {"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$", "description": "Local time in quotes"},
        "from": _one_or_more(TEXT),
        "is": {"enum": ["entered", "left"], "default": "entered"},
        "step": TEXT,
    }
    required = [name, "at"] if name == "every" else [name]
    return _fields({one: forms[one] for one in (name, *FORMS[name])}, *required)


def _day() -> Schema:
    return {"anyOf": [{"enum": ["day", *WEEKDAYS]}, {"type": "integer", "minimum": 1, "maximum": 31}]}


def _words() -> Schema:
    return {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1, "maxItems": WORDS_MAX}]}


def _limit(name: str) -> Schema:
    return {
        "once_per": {"enum": list(ONCE_PER), "default": "episode"},
        "priority": {"enum": list(PRIORITIES), "default": "normal"},
    }.get(name, DURATION)


def _step() -> Schema:
    fields: dict[str, Schema] = {
        "id": TEXT,
        "after": {**DURATION, "description": "How long after the step before"},
        "if": {"$ref": "#/$defs/conditions"},
        "unless": _fields({"event": _one_or_more(EVENT), "if": {"$ref": "#/$defs/conditions"}}),
        "goal": _events(),
        "offer": {"$ref": "#/$defs/offer"},
        "because": {"$ref": "#/$defs/lines"},
    }
    return _fields({name: fields[name] for name in STEP_FIELDS}, "id", "offer")


def _offer() -> Schema:
    variant = _fields({"if": {"$ref": "#/$defs/conditions"}, "resource": TEXT, "say": {"$ref": "#/$defs/lines"}}, "if")
    fields: dict[str, Schema] = {
        "resource": {**TEXT, "description": "Id of a resource, or matching: what answers the question"},
        "otherwise": {**TEXT, "description": "With resource: matching, what stands in where nothing matches"},
        "best_of": {**_one_or_more(TEXT), "description": "theme/<theme> or ids: the one that proved most useful"},
        "variants": {"type": "array", "items": variant, "maxItems": VARIANTS_MAX},
        "variant_by": {**_one_or_more({"enum": list(VARIANT_BY)}), "description": "Takes the resource <id>--<value>"},
        "channels": {**_one_or_more({"enum": list(CHANNELS)}), "description": "In the order of preference"},
        "say": {"$ref": "#/$defs/lines"},
    }
    return {**_fields(fields, "channels"), "oneOf": [{"required": ["resource"]}, {"required": ["best_of"]}]}


def _lines() -> Schema:
    line = {**TEXT, "maxLength": TEXT_MAX}
    tones = _fields(dict.fromkeys(KEYS, line))
    languages = {
        "type": "object",
        "patternProperties": {"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": {"anyOf": [line, tones]}},
        "additionalProperties": False,
    }
    return {"description": "A text, one a language, or one a tone of a language", "anyOf": [line, languages]}


def _conditions() -> Schema:
    value: Schema = {"type": ["string", "number", "boolean"]}
    values = {"type": "array", "items": value, "minItems": 1}
    operators = {
        name: values if name in ("any", "all", "none") else {"type": "number"} if name[0] in "gl" else value
        for name in OPERATORS
    }
    asked: Schema = {"anyOf": [value, {**_fields(operators), "minProperties": 1}]}
    number: Schema = {"anyOf": [{"type": "number"}, {**_fields(operators), "minProperties": 1}]}
    known = {
        name: number if name in NUMBERS else asked for name in (*MEMBER_FIELDS, SEGMENT, *TIME_FIELDS, *MOMENT_FIELDS)
    }
    group = {"type": "array", "items": {"$ref": "#/$defs/conditions"}, "minItems": 1}
    return {
        "type": "object",
        "properties": {**known, "any": group, "none": group},
        "patternProperties": {r"^(event|signal)\.[a-z_]+$": asked},
        "additionalProperties": False,
    }


def _scenario() -> Schema:
    given = {
        "type": "object",
        "properties": {"at": DURATION, "event": {"enum": [*COMMUNITY, "outcome.helpful", "outcome.delivered", "outcome.dismissed", "outcome.clicked", "outcome.not_helpful", "outcome.snoozed"]}, "member": TEXT},
        "required": ["event"],
    }  # fmt: skip
    expected = _fields({name: DURATION if name in ("by", "after") else TEXT for name in EXPECTED})
    fields: dict[str, Schema] = {
        "name": TEXT,
        "given": {"type": "array", "items": given},
        "settle": {**DURATION, "description": "How long after the last event nothing more must come"},
        "policy": _fields(dict.fromkeys(SETTINGS, TEXT)),
        "beside": _one_or_more(TEXT),
        "journey": {name: part for name, part in journey().items() if not name.startswith("$")},
        "expect": {"anyOf": [{"const": "nothing"}, {"type": "array", "items": expected, "minItems": 1}]},
    }
    return _fields(fields, "name", "given", "expect")


def _events() -> Schema:
    return _fields({"event": _one_or_more(EVENT), "within": DURATION}, "event")


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _fields(properties: dict[str, Any], *required: str) -> Schema:
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found


def files() -> dict[str, bytes]:
    """Return name and content of each file."""
    schemas = {"playbook": playbook(), "journey": journey(), "segment": segment()}
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {f"{name}.schema.json": orjson.dumps(schema, option=options) for name, schema in schemas.items()}


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
