"""The AsyncAPI document as one HTML page: no script, nothing loaded from elsewhere."""

import json
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

Json = dict[str, Any]
_PAGES = Environment(
    loader=PackageLoader("streams", "reference"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)  # fmt: skip


def page(document: Json) -> str:
    """Return a document of ours as HTML."""
    parts = document["components"]
    messages = {name: _shown(one, parts["schemas"]) for name, one in parts["messages"].items()}
    schemas = {name: list(_fields(one)) for name, one in parts["schemas"].items() if one.get("properties")}
    return _PAGES.get_template("asyncapi.html.j2").render(
        document=document, messages=messages, schemas=schemas, actions=_actions(document)
    )


def _actions(document: Json) -> dict[str, str]:
    """Return what a deployment does with each topic: writes, reads, or both."""
    words = {"send": "Lotse writes it", "receive": "Lotse reads it"}
    found: dict[str, list[str]] = {name: [] for name in document["channels"]}
    for one in document["operations"].values():
        found[one["channel"]["$ref"].rpartition("/")[2]].append(words[one["action"]])
    return {name: "; ".join(told) or "nobody writes it yet" for name, told in found.items()}


def _shown(message: Json, schemas: Json) -> Json:
    payload = message["payload"]
    data = payload.get("properties", {}).get("data")
    struct = _struct(data or payload)
    return {
        "summary": message["summary"],
        "event": data is not None,
        "key": message["bindings"]["kafka"]["key"]["description"],
        "headers": {name: one["description"] for name, one in message.get("headers", {}).get("properties", {}).items()},
        "struct": struct if struct in schemas else "",
        "example": json.dumps(message["examples"][0]["payload"], indent=2, ensure_ascii=False) if "examples" in message else "",
    }  # fmt: skip


def _fields(schema: Json) -> Iterator[tuple[str, str, str, bool]]:
    """Yield name, type in words, the schema it leads to, and whether it is needed, of each field."""
    for name, one in schema["properties"].items():
        yield name, _words(one), _struct(one.get("items", one)), name in schema.get("required", ())


def _struct(schema: Any) -> str:
    """Return the name of the schema that is referred to, empty where there is none."""
    return schema.get("$ref", "").rpartition("/")[2] if isinstance(schema, dict) else ""


def _words(schema: Json) -> str:
    if "anyOf" in schema:
        return " or ".join(_words(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    if "$ref" in schema:
        return _struct(schema)
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return f"list of {_words(schema['items'])}"
    return str(schema.get("type", "anything")) + _bounds(schema)


def _bounds(schema: Json) -> str:
    told = {"maxLength": "at most {} characters", "minimum": "from {:,}", "maximum": "to {:,}"}
    return "".join(f", {words.format(schema[name])}" for name, words in told.items() if name in schema)
