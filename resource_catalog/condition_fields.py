"""The field `if`: conditions checked line by line, with the nearest right word."""

from difflib import get_close_matches
from typing import Any

from processors.member.facts import MEMBER_FIELDS, MOMENT_FIELDS, SEGMENT, TIME_FIELDS
from processors.playbooks.conditions import GROUPS, ConditionError, Definitions, compile_condition
from processors.signals import EVIDENCE, SCORE
from processors.vocabulary import COMMUNITY
from resource_catalog.condition_values import misfit
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
SIGNAL = "signal."
SIGNAL_FIELDS = {
    f"{SIGNAL}{kind}": tuple(f"{SIGNAL}{name}" for name in (SCORE, *sorted(names))) for kind, names in EVIDENCE.items()
}
ANY_SIGNAL_FIELD = tuple(dict.fromkeys(name for names in SIGNAL_FIELDS.values() for name in names))
HINTS = (*CLOSED["member"], *CLOSED["time"], *CLOSED["channel"], *CLOSED["community"], *ANY_EVENT_FIELD)


def read_conditions(
    block: Block, definitions: Definitions | None, sources: tuple[str, ...] = (), field: str = "if"
) -> dict[str, Any]:
    """Return the conditions of a field of the block; `sources` are types of events and kinds of signals (`signal.overdue`)
    whose fields `event.` and `signal.` may name; any without.

    Without definitions, names of segments, stages and tags are taken as they are.
    """
    part = block.block(field)
    return _conditions(part, definitions, sources) if part else {}


def event_fields(sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that all of these types of event have, as `event.<field>`; any field there is without types."""
    if not sources:
        return ANY_EVENT_FIELD
    first, *others = (EVENT_FIELDS.get(kind, ANY_EVENT_FIELD) for kind in sources)
    return tuple(name for name in first if all(name in other for other in others))


def signal_fields(sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the signals among the sources bring, as `signal.<name>`; any name there is without sources, none of events alone."""
    if not sources:
        return ANY_SIGNAL_FIELD
    return tuple(dict.fromkeys(name for kind in sources for name in SIGNAL_FIELDS.get(kind, ())))


def _conditions(part: Block, definitions: Definitions | None, sources: tuple[str, ...]) -> dict[str, Any]:
    conditions = {}
    for path, wanted in part.data.items():
        name = {"channel.name": "event.channel", "event.community": "community.name"}.get(str(path), str(path))
        if name in GROUPS and isinstance(wanted, list) and wanted:
            blocks = [Block(part.path, one, part.problems, part.offset, str(path)) for one in wanted]
            conditions[name] = [_conditions(one, definitions, sources) for one in blocks]
        elif name not in GROUPS and not _known(name, sources):
            part.problem(path, f"{path}: {_unknown(str(path), sources)}")
        elif (plain_value := _compiled(part, path, name, plain(wanted), definitions)) is not None:
            conditions[name] = plain_value
    return conditions


def _compiled(part: Block, path: str, name: str, value: Any, definitions: Definitions | None) -> Any:
    """Return the value if the condition compiles and can hold, None after a problem."""
    if fault := misfit(name, value):
        part.problem(path, f"{path}: {fault}")
        return None
    if definitions is None and name == SEGMENT:
        return value
    try:
        compile_condition(name, value, definitions)
    except ConditionError as error:
        part.problem(path, f"{path}: {error}")
        return None
    return value


def _known(name: str, sources: tuple[str, ...]) -> bool:
    scope, _, field = name.partition(".")
    if scope not in SCOPES or not field:
        return False
    if scope == "event":
        return name in event_fields(sources)
    if scope == "signal":  # where events alone are the trigger, a hint tells that there is none (resource_catalog/lint)
        return name in (signal_fields(sources) or ANY_SIGNAL_FIELD)
    return name in CLOSED[scope]


def _unknown(path: str, sources: tuple[str, ...]) -> str:
    """Return what is said of a fact that is not known: the nearest that is, of a signal what it has."""
    if path.startswith(SIGNAL):
        return f"unknown fact{told_near(path, signal_fields(sources) or ANY_SIGNAL_FIELD)}"
    near = get_close_matches(path, (*HINTS, *signal_fields(sources), *GROUPS), 1)
    return "unknown fact" + (f"; did you mean {near[0]}?" if near else "")


def told_near(path: str, known: tuple[str, ...]) -> str:
    """Return the nearest of the names known, else all of them, as the end of a sentence."""
    names = {one.partition(".")[2]: one for one in known}  # the scope, common to all, must not make them alike
    near = get_close_matches(path.partition(".")[2], names, 1)
    return f"; did you mean {names[near[0]]}?" if near else f"; there are {', '.join(known)}" if known else ""


def plain(value: Any) -> Any:
    """Return ruamel's maps and lists as plain ones, its numbers and texts too, for the bundle."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return next(
        (kind(value) for kind in (str, int, float) if isinstance(value, kind) and not isinstance(value, bool)), value
    )
