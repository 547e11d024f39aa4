"""The front matter of a resource as JSON Schema (2020-12), for editors: `python -m resource_catalog.editor_schema`."""

from pathlib import Path
from typing import Any

import orjson

from processors.playbooks.resources import KINDS
from processors.playbooks.wording import KEYS
from resource_catalog.decision_tree import BRANCHES_MAX, CHARS_MAX, CHOICES_MAX
from resource_catalog.resource_file import (
    ANSWER_CHARS_MAX,
    ANSWERS_MAX,
    FRONT_MATTER,
    LINKED_KINDS,
    SEARCHES,
    STEP_CHARS_MAX,
    STEPS_MAX,
    SUMMARY_MAX,
)

PATH = Path(__file__).with_name("resource.schema.json")
TOLD = {
    "title": "What it is called, or the question it answers",
    "kind": "What it is; a decision-tree has branches, a video, gif or thread a link",
    "theme": "What it is about; cool-downs, opt-outs and coverage go by it",
    "summary": f"What is sent: one paragraph of at most {SUMMARY_MAX} characters",
    "link": "Where it leads: https://..., a path of your own site, mailto:, or resource:ID",
    "steps": "What to do, one after the other",
    "branches": "The questions of a decision tree; the first is the beginning",
    "deeper": "The resource that is offered to whoever found this one helpful",
    "answers": "Questions that it answers, in the words people use",
    "search": "Who may find it: whoever asks such a question, only whoever asks the bot, or nobody",
    "tone": "The summary in other tones and forms of address",
    "audience": "Roles that it is written for",
    "tags": "Words of your own",
    "owner": "Who looks after it",
    "review_by": "The day by which its owner looks again",
    "expires": "The day from which it is sent no more",
    "source": "The thread or page that it was made from",
    "retired": "Sent no more",
    "private": "Read only by those whom it was sent to",
    "replaced_by": "What is sent in place of a retired one",
    "verified": "Of a helpline: somebody called or looked",
    "verified_by": "Who did",
    "verified_at": "The day on which they did",
}


def schema() -> dict[str, Any]:
    """Return the schema; what only the whole catalog can tell (ids, branches that lead nowhere) is left to the linter."""
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    day = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    fields: dict[str, Any] = {
        **dict.fromkeys(FRONT_MATTER, text),
        **dict.fromkeys(("review_by", "expires", "verified_at"), day),
        "retired": {"type": "boolean"},
        "private": {"type": "boolean"},
        "verified": {"type": "boolean"},
        **dict.fromkeys(("audience", "tags"), _texts()),
        "kind": {"enum": list(KINDS)},
        "search": {"enum": list(SEARCHES), "default": SEARCHES[0]},
        "summary": {**text, "maxLength": SUMMARY_MAX},
        "link": {"type": "string", "pattern": r"^(https?://|mailto:|/|resource:)"},
        "steps": _texts(STEPS_MAX, STEP_CHARS_MAX),
        "answers": _texts(ANSWERS_MAX, ANSWER_CHARS_MAX),
        "tone": _fields({key: {**text, "maxLength": SUMMARY_MAX} for key in KEYS}),
        "branches": _branches(),
    }
    described = {name: {"description": TOLD[name], **fields[name]} for name in FRONT_MATTER if name != "$schema"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a Lotse resource",
        **_fields({"$schema": {"type": "string"}, **described}, "title", "kind", "theme", "summary"),
        "allOf": [
            {
                "if": _kind("decision-tree"),
                "then": {"required": ["branches"]},
                "else": {"not": {"required": ["branches"]}},
            },
            {"if": _kind(*LINKED_KINDS), "then": {"required": ["link"]}},
            {"if": {"required": ["replaced_by"]}, "then": {"required": ["retired"]}},
        ],
    }


def _branches() -> dict[str, Any]:
    line = {"type": "string", "minLength": 1, "maxLength": CHARS_MAX}
    name = {"type": "string", "minLength": 1}
    ways = [{"required": [way]} for way in ("go", "resource", "end")]
    choice = {**_fields({"say": line, "go": name, "resource": name, "end": line}, "say"), "oneOf": ways}
    choices = {"type": "array", "items": choice, "minItems": 2, "maxItems": CHOICES_MAX}
    branch = _fields({"id": name, "ask": line, "choices": choices}, "ask", "choices")
    return {"type": "array", "items": branch, "minItems": 1, "maxItems": BRANCHES_MAX}


def _fields(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found


def _texts(most: int | None = None, longest: int | None = None) -> dict[str, Any]:
    item = {"type": "string", "minLength": 1, **({"maxLength": longest} if longest else {})}
    return {"type": "array", "items": item, **({"maxItems": most} if most else {})}


def _kind(*kinds: str) -> dict[str, Any]:
    return {"properties": {"kind": {"enum": list(kinds)}}, "required": ["kind"]}


def encoded() -> bytes:
    """Return the file's bytes."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    PATH.write_bytes(encoded())
