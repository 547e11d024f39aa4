"""Examples of what crosses topics: one value for each field, made by its name and type, the same at each run."""

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from processors.events import Event
from processors.vocabulary import ANNOUNCED, CONTROL, VOCABULARY
from streams.codec import Codec

TIME = 1_767_258_000.0  # 2026-01-01T09:00:00Z
SEALED = "(keyed hash of the deployment)"
_DAY = 86400.0
_WORDS: dict[str, Any] = {
    "about": "rules", "about_what": "rules", "author": "town/ben", "because": "you asked this before", "by": "town/ben", "channel": "general",
    "code": "0.1.0", "command": "6f1f8c02e0d54c34", "community": "town", "episode": "post-17", "expires": TIME + _DAY, "hash": "3b1d0f",
    "hour": 9, "id": "c0ffee17", "interests": ["chess"], "item": None, "kind": "all", "lane": "proactive", "link": "https://example.org/first-steps",
    "locale": "en", "member": "town/ann", "name": "spring-meeting", "needed": "600 s", "not_before": TIME, "playbook": "welcome.first-words",
    "post": "post-17", "priority": "normal", "query": "reset password", "reaction": "heart", "recalls": "6f1f8c02e0d54c34", "region": "north",
    "resource": "first-steps", "resource_version": "3b1d0f", "results": 0, "role": "coach", "score": 3, "since": TIME, "source": "post-17",
    "starts": TIME + _DAY, "status": "closed", "target": "town/ann", "text": "How do I reset my password?", "thread": "t-4", "tier": 2,
    "time": TIME, "timezone": "Europe/Berlin", "title": "Spring meeting", "to": "town/ben", "until": TIME + _DAY,
    "until_hour": 21, "url": "https://example.org/page", "via": "email", "birth_year": 1990, "at": TIME,
}  # fmt: skip
_OF: dict[tuple[str, str], Any] = {
    ("SignalData", "kind"): "asked_again", ("SignalData", "score"): 0.8, ("Announcement", "kind"): "event.announced",
    ("Alert", "kinds"): ["words"], ("Recall", "reason"): "exit_met", ("Decision", "reason"): "sent", ("Decision", "verdict"): "send",
    ("Decision", "needed"): "", ("Order", "reason"): "wrong text", ("Order", "on"): True, ("Order", "until"): 0.0,
    ("Order", "community"): "*", ("Order", "theme"): "*", ("Command", "channel"): "in_app", ("Recall", "channel"): "in_app",
    ("Decision", "channel"): "in_app", ("Command", "text"): "Where to find what, in three steps.", ("Command", "title"): "First steps",
    ("Command", "kind"): "onboarding", ("Command", "theme"): "onboarding", ("Command", "thread"): "", ("Gap", "kind"): "asked", ("Gap", "id"): "town/asked-12", ("Gap", "opened"): 1_767_258_000, ("Gap", "thread"): None, ("Gap", "about"): "",
    ("BareDecision", "reason"): "sent", ("ThreadPost", "source"): 0, ("ThreadPost", "title"): None,
    ("SuggestionAnswer", "text"): "Have a look at our first steps.", ("SuggestionAnswer", "reason"): "fits", ("Survey", "text"): "It did.",
    ("Review", "kind"): "reported", ("Review", "detector"): "conflict", ("Review", "episode"): "flag/post-17", ("Review", "score"): 1.0, ("Review", "event"): "flag-3",
    ("OutcomeData", "reason"): "unknown", ("OutcomeData", "kind"): "", ("Decision", "until"): 0.0, ("Tick", "since"): None,
}  # fmt: skip


def example(kind: Any) -> dict[str, Any]:
    """Return an example of a struct as JSON holds it. Fields without a telling value keep their default and are left out."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        value = _value(kind.__name__, field.name, field.type)
        if value is not None and (field.required or value != field.default):
            found[field.encode_name] = value
    return found


def event(kind: str) -> dict[str, Any]:
    """Return an example of an event of a type of the vocabulary, as it lies in the log: a CloudEvent."""
    key = "town" if kind in ANNOUNCED else "@0" if kind in ("tick", "catalog.activated", "announcement") else "town/ann"
    data = msgspec.convert(example(VOCABULARY[kind]), VOCABULARY[kind])
    made: dict[str, Any] = msgspec.json.decode(
        Codec(bytes(32)).encode(Event("c0ffee17", kind, key, TIME, data), "/forum")
    )
    return made | {"seal": SEALED} if kind in CONTROL else made


def _value(struct: str, name: str, kind: Any) -> Any:
    """Return a value for a field: by struct and name, by its closed list, by name, else by its type; None for none."""
    if (struct, name) in _OF:
        return _OF[struct, name]
    kind = _plain(kind)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return example(kind)
    if name in _WORDS:
        return _WORDS[name]
    return None


def _plain(kind: Any) -> Any:
    """Return a type without its bounds and without None."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (types.UnionType, Union):
        return _plain(next(one for one in get_args(kind) if one is not type(None)))
    return kind
