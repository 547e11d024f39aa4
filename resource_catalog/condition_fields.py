"""The field `if`: conditions checked line by line, with the nearest right word."""

from difflib import get_close_matches
from typing import Any

from processors.conditions import GROUPS, ConditionError, Definitions, compile_condition
from processors.member_facts import MEMBER_FIELDS, MOMENT_FIELDS, SEGMENT, TIME_FIELDS
from processors.vocabulary import COMMUNITY
from resource_catalog.problems import Block

SCOPES = ("member", "event", "signal", "channel", "community", "time")
CLOSED = {
    "member": (*MEMBER_FIELDS, SEGMENT),
    "time": tuple(TIME_FIELDS),
    "channel": tuple(name for name in MOMENT_FIELDS if name.startswith("channel.")),
    "community": tuple(name for name in MOMENT_FIELDS if name.startswith("community.")),
}
EVENT_FIELDS = {kind: tuple(f"event.{name}" for name in data.__struct_fields__) for kind, data in COMMUNITY.items()}
ANY_EVENT_FIELD = tuple(dict.fromkeys(name for names in EVENT_FIELDS.values() for name in names))
HINTS = (*CLOSED["member"], *CLOSED["time"], *CLOSED["channel"], *CLOSED["community"], *ANY_EVENT_FIELD, "signal.score")


def read_conditions(
    block: Block, definitions: Definitions | None, events: tuple[str, ...] = (), field: str = "if"
) -> dict[str, Any]:
    """Return the conditions of a field of the block; `events` are the types whose fields `event.` may name (any without).

    Without definitions, names of segments, stages and tags are taken as they are.
    """
    part = block.block(field)
    return _conditions(part, definitions, events) if part else {}


def event_fields(events: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that all of these types of event have, as `event.<field>`; any field there is without types."""
    if not events:
        return ANY_EVENT_FIELD
    first, *others = (EVENT_FIELDS.get(kind, ANY_EVENT_FIELD) for kind in events)
    return tuple(name for name in first if all(name in other for other in others))


def _conditions(part: Block, definitions: Definitions | None, events: tuple[str, ...]) -> dict[str, Any]:
    conditions = {}
    for path, wanted in part.data.items():
        name = {"channel.name": "event.channel", "event.community": "community.name"}.get(str(path), str(path))
        if name in GROUPS and isinstance(wanted, list) and wanted:
            blocks = [Block(part.path, one, part.problems, part.offset, str(path)) for one in wanted]
            conditions[name] = [_conditions(one, definitions, events) for one in blocks]
        elif name not in GROUPS and not _known(name, events):
            near = get_close_matches(str(path), (*HINTS, *GROUPS), 1)
            part.problem(path, f"{path}: unknown fact" + (f"; did you mean {near[0]}?" if near else ""))
        elif (plain_value := _compiled(part, path, name, plain(wanted), definitions)) is not None:
            conditions[name] = plain_value
    return conditions


def _compiled(part: Block, path: str, name: str, value: Any, definitions: Definitions | None) -> Any:
    """Return the value if the condition compiles, None after a problem."""
    if definitions is None and name == SEGMENT:
        return value
    try:
        compile_condition(name, value, definitions)
    except ConditionError as error:
        part.problem(path, f"{path}: {error}")
        return None
    return value


def _known(name: str, events: tuple[str, ...]) -> bool:
    scope, _, field = name.partition(".")
    if scope not in SCOPES or not field:
        return False
    if scope == "event":
        return name in event_fields(events)
    return scope == "signal" or name in CLOSED[scope]


def plain(value: Any) -> Any:
    """Return ruamel's maps and lists as plain ones, its numbers and texts too, for the bundle."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return next(
        (kind(value) for kind in (str, int, float) if isinstance(value, kind) and not isinstance(value, bool)), value
    )
