"""The topics as an AsyncAPI 3.0 document: channels, keys, headers, messages and their schemas, made from the code."""

from importlib.metadata import version
from typing import Any

import msgspec

from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.decisions import BareDecision, Decision
from processors.orders import Order
from processors.outputs import Alert
from processors.playbooks.resources import Bundle
from processors.reviews import Review
from processors.threads import ThreadPost
from processors.vocabulary import ANNOUNCED, COMMUNITY, CONTROL, VOCABULARY
from streams.agents.records import AT, CUT_FROM
from streams.codec import KEY_MAX, ORDER, SEAL, dead_letter
from streams.reference.event_meanings import MEANINGS
from streams.reference.examples import event, example
from streams.schemas import undented
from streams.settings import Settings
from streams.topics import (
    ACTIVITY,
    ANNOUNCEMENTS,
    CATALOG,
    DECISIONS,
    DELIVERY,
    GAPS,
    REVIEW,
    SAFETY,
    THREADS,
    TOPICS,
    TopicSpec,
)
from streams.topics import CONTROL as ORDERS

Json = dict[str, Any]
REF = "#/components/schemas/{name}"
MEMBER, TARGET = "<community>/<member>", "<community>/<member>, or the place: <community>/<thread or channel>"
# Each topic: what it is, its key, its messages, and what a deployment does with it.
CHANNELS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    ACTIVITY: (
        "The member log: what members do, and what the deployment itself tells of them. Control records stand under @<partition>.",
        MEMBER,
        tuple(VOCABULARY),
        ("receive", "send"),
    ),
    ANNOUNCEMENTS: ("What a whole community is told of.", "<community>", tuple(sorted(ANNOUNCED)), ("receive", "send")),
    THREADS: ("From the member stage to the community stage, sealed; nobody else writes or reads it.", "<community>", ("thread.post",), ("send", "receive")),
    DECISIONS: ("Every send and every non-send, with its one reason.", MEMBER, ("decision", "decision.safety"), ("send",)),
    CATALOG: ("Whole versions of resources, playbooks and policies.", "content hash of the version", ("catalog",), ("send", "receive")),
    ORDERS: ("Orders of operators: kill switches and silences, sealed.", "kind/community/playbook/theme", ("order",), ("send", "receive")),
    SAFETY: ("Tiers of distress for safety reviewers alone; never text.", MEMBER, ("alert",), ("send", "receive")),
    REVIEW: ("What people are asked to look at, and a sample of what detectors concluded; never words.", "item", ("review",), ("send", "receive")),
    GAPS: ("What many need and no resource gives them; the last record under a key says how it stands.", "<community>/<kind>-<number>", ("gap",), ("send",)),
    **{
        topic: (f"Commands for the channel {name}, and their recalls.", TARGET, ("command", "recall"), ("send", "receive"))
        for name, topic in DELIVERY.items()
    },
}  # fmt: skip
RECORDS: dict[str, tuple[Any, str]] = {
    "command": (Command, "Deliver this, once."),
    "recall": (Recall, "A command is no longer wanted."),
    "decision": (Decision, "What the arbiter made of a candidate, and why."),
    "decision.safety": (BareDecision, "A decision of the safety lane: no more than that there was one."),
    "gap": (Gap, "A content gap, as it stands."),
    "review": (Review, "Somebody is asked to look at this."),
    "alert": (Alert, "A tier of distress, without words."),
    "thread.post": (ThreadPost, "Words in a thread on their way to the community stage."),
    "catalog": (Bundle, "One version of everything that is published."),
}
DEAD = "dead.letter"


def document() -> Json:
    """Return the document."""
    types = [*VOCABULARY.values(), Order, *(kind for kind, _ in RECORDS.values())]
    found, schemas = msgspec.json.schema_components(types, ref_template=REF)
    references = dict(zip((*VOCABULARY, ORDER, *RECORDS), found, strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"broker": {"host": Settings().bootstrap, "protocol": "kafka", "description": "Apache Kafka; LOTSE_BOOTSTRAP names it."}},
        "channels": {spec.name: _channel(spec) for spec in TOPICS},
        "operations": dict(_operation(*one) for one in _done()),
        "components": {"messages": _messages(references), "schemas": undented(dict(sorted(schemas.items())))},
    }  # fmt: skip


def _info() -> Json:
    return {
        "title": "Lotse",
        "version": version("lotse"),
        "description": "The topics of a deployment. Partitions are murmur2 of the key, as Java's default partitioner has it. "
        "Generated from the code by `make generate`.",
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    }


def _channel(spec: TopicSpec) -> Json:
    about, _, messages, _ = _of(spec.name)
    config: Json = {name: int(value) if value.lstrip("-").isdigit() else value for name, value in spec.config().items()}
    config["cleanup.policy"] = spec.cleanup.split(",")
    kafka: Json = {"topic": spec.name, "topicConfiguration": config, "bindingVersion": "0.5.0"}
    if spec.partitions:
        kafka["partitions"] = spec.partitions
    return {
        "address": spec.name,
        "description": about,
        "messages": {_name(spec.name, one): {"$ref": f"#/components/messages/{_name(spec.name, one)}"} for one in messages},
        "bindings": {"kafka": kafka},
    }  # fmt: skip


def _of(topic: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Return what a topic is, its key, messages and actions; dead letters have those of their topic."""
    if topic.endswith(".dlq"):
        return (
            f"Records of {topic.removesuffix('.dlq')} that could not be read or delivered.",
            "as it was",
            (DEAD,),
            ("send",),
        )
    return CHANNELS[topic]


def _name(topic: str, message: str) -> str:
    """Return a message's name: what may stand in the member log and beside it has another key in each."""
    return f"{message}.to-community" if topic == ANNOUNCEMENTS else message


def _done() -> list[tuple[str, str, list[str]]]:
    """Return what a deployment does: action, topic, messages. It takes from others what members do, and writes the rest."""
    return [
        (action, spec.name, [_name(spec.name, one) for one in _of(spec.name)[2]])
        for spec in TOPICS
        for action in _of(spec.name)[3]
    ]


def _operation(action: str, topic: str, messages: list[str]) -> tuple[str, Json]:
    return f"{action}.{topic}", {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{one}"} for one in messages],
    }


def _messages(references: dict[str, Json]) -> Json:
    found: Json = {}
    for kind in VOCABULARY:
        key = "@<partition>" if event(kind)["subject"].startswith("@") else MEMBER
        found[kind] = _event(kind, references[kind], key)
    for kind in sorted(ANNOUNCED):
        found[_name(ANNOUNCEMENTS, kind)] = _event(kind, references[kind], "<community>")
    for name, (kind, told) in RECORDS.items():
        key = next(about[1] for about in CHANNELS.values() if name in about[2])
        found[name] = _message(name, told, references[name], key, example(kind))
    found["thread.post"]["headers"] = _headers(**{SEAL: "keyed hash of the deployment over key and value (16 bytes)"})
    for name in ("decision", "decision.safety"):
        found[name]["headers"] = _headers(**{AT: "partition:offset of the record that caused it"})
    found["order"] = _message(
        "order", "An order of an operator.", _envelope(ORDER, references[ORDER], sealed=True), CHANNELS[ORDERS][1], None
    )
    found[DEAD] = _dead_letter()
    return found  # fmt: skip


def _event(kind: str, data: Json, key: str) -> Json:
    shown = event(kind)
    if key == "<community>" or not shown["subject"].count("/"):
        shown["subject"] = {"<community>": "town", MEMBER: "town/ann"}.get(key, shown["subject"])
    return _message(kind, MEANINGS.get(kind, kind), _envelope(kind, data, sealed=kind in CONTROL), key, shown)


def _message(name: str, told: str, payload: Json, key: str, shown: Json | None) -> Json:
    about = {"type": "string", "description": key, "maxLength": KEY_MAX}
    message: Json = {
        "name": name,
        "summary": told,
        "payload": payload,
        "bindings": {"kafka": {"key": about, "bindingVersion": "0.5.0"}},
    }
    return message | ({"examples": [{"name": "one", "payload": shown}]} if shown else {})  # fmt: skip


def _envelope(kind: str, data: Json, *, sealed: bool) -> Json:
    """Return the schema of a CloudEvent of one type; `data` may lack where nothing in it is needed."""
    properties: Json = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1, "maxLength": 256},
        "source": {"type": "string"},
        "type": {"const": kind},
        "subject": {"type": "string", "description": "the key once more"},
        "time": {"type": "string", "format": "date-time", "description": "with zone, between 2000 and 2100"},
        "datacontenttype": {"const": "application/json"},
        "replay": {"type": "boolean"},
        "identityconfidence": {"type": "string"},
        "data": data,
    }
    required = ["specversion", "id", "source", "type", "time"]
    if kind in COMMUNITY:
        return {"type": "object", "properties": properties, "required": required}
    seal = {"type": "string", "description": "keyed hash of the deployment"}
    return {"type": "object", "properties": properties | {"seal": seal}, "required": [*required, "data", *(["seal"] if sealed else [])]}  # fmt: skip


def _headers(**told: str) -> Json:
    return {"type": "object", "properties": {name: {"type": "string", "description": text} for name, text in told.items()}}  # fmt: skip


def _dead_letter() -> Json:
    names = [name for name, _ in dead_letter("topic", 0, 0, "reason", "detail")]
    told = dict(
        zip(
            names,
            ("where it came from", "its partition", "its offset", "why, a word of a closed list", "what was expected"),
            strict=True,
        )
    )
    headers = _headers(**told, **{CUT_FROM: "size, where only the beginning is kept"}) | {"required": names}
    payload: Json = {"description": "the raw bytes as they were, whatever they are"}
    return {**_message(DEAD, "A record that was no event, or a command that could not be delivered.", payload, "as it was", None), "headers": headers}  # fmt: skip
