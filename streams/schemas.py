"""JSON Schemas (2020-12) of what crosses topics, generated from the typed structs: `python -m streams.schemas`."""

from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
import orjson

from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.decisions import BareDecision, Decision
from processors.vocabulary import VOCABULARY

FOLDER = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, bytes]:
    """Return file name and content of each schema: the data of each event type, commands, recalls, decisions and content gaps."""
    types: dict[str, Any] = {
        **VOCABULARY,
        "command": Command,
        "recall": Recall,
        "decision": Decision,
        "decision.safety": BareDecision,
        "gap": Gap,
    }
    return {f"{name}.json": _schema(name, kind) for name, kind in types.items()}


def undented(schema: Any) -> Any:
    """Return a schema whose descriptions, taken from docstrings, are without their indentation: Python 3.13 drops it, those before keep it."""
    if isinstance(schema, dict):
        return {
            key: cleandoc(value) if key == "description" and isinstance(value, str) else undented(value)
            for key, value in schema.items()
        }
    return [undented(one) for one in schema] if isinstance(schema, list) else schema


def _schema(name: str, kind: Any) -> bytes:
    schema = undented({"$schema": DIALECT, "title": name, **msgspec.json.schema(kind)})
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def main() -> None:
    """Write all schemas, remove those of types that are gone."""
    FOLDER.mkdir(exist_ok=True)
    wanted = schemas()
    for path in FOLDER.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
