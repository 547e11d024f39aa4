"""What a release writes and a later one reads, kept as bytes: `make generate` writes those of the version in pyproject.toml.

After a release that version is another, and the file stays as it is: tests/contracts/test_written_before.py reads all of them.
"""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from processors.actions import Action
from processors.announcements import Announcer
from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.community.entities import _TYPES as COMMUNITY_ENTITIES
from processors.community_partition import Shared as CommunityShared
from processors.decisions import BareDecision, Decision
from processors.events import Event
from processors.member.state import MemberState, decode_state, encode_state
from processors.member_partition import Shared as MemberShared
from processors.orders import Order
from processors.outputs import Alert
from processors.playbooks.resources import Bundle
from processors.reviews import Review
from processors.threads import ThreadPost
from processors.version import VERSION
from processors.vocabulary import ANNOUNCED, VOCABULARY
from sinks.delivery_record import Ending
from streams.backup.folder import Kept as BackedUp
from streams.backup.folder import Manifest
from streams.circle.pages import Progress
from streams.codec import Codec
from streams.console import accounts, reviews
from streams.gateway.api_keys import ApiKey
from streams.gateway.identities import Link
from streams.proof.snapshot import End, Head, Part, State
from streams.runtime.changelog import Claim, Closing
from streams.runtime.shard import Position
from tests.support.tree import ROOT

FOLDER = ROOT / "tests" / "contracts" / "written"
KEY = b"the control key of what is kept here"
TIME = 1_767_614_400.0  # Monday 2026-01-05 12:00 UTC
Bytes = Callable[[Any], bytes]


class Form(NamedTuple):
    """A kind of record, and how it is written and read."""

    type: Any
    write: Bytes
    read: Callable[[bytes], Any]


def _packed(kind: Any) -> Form:
    return Form(kind, msgspec.msgpack.encode, msgspec.msgpack.Decoder(kind).decode)


def _json(kind: Any) -> Form:
    return Form(kind, msgspec.json.encode, msgspec.json.Decoder(kind).decode)


FORMS: dict[str, Form] = {
    "changelog: state of a member": Form(MemberState, encode_state, decode_state),
    **{f"changelog: {kind} of a community": _packed(one) for kind, one in COMMUNITY_ENTITIES.items()},
    "changelog: shared state of members": _packed(MemberShared),
    "changelog: shared state of communities": _packed(CommunityShared),
    "changelog: shared state of announcements": _packed(Announcer),
    "changelog: closing record": _packed(Closing),
    "changelog: claim": _packed(Claim),
    "rocksdb: position": _packed(Position),
    "delivery topics: command": _json(Command),
    "delivery topics: recall": _json(Recall),
    "decisions.v1: decision": _json(Decision),
    "decisions.v1: decision of the safety lane": _json(BareDecision),
    "community.threads.v1: record": _json(ThreadPost),
    "content.gaps.v1: gap": _json(Gap),
    "safety.v1: alert": _json(Alert),
    "catalog.v1: bundle": _json(Bundle),
    "control.v1: order": _json(Order),
    "Redis: end of a delivery": _json(Ending),
    "Redis: identity": _packed(Link),
    "Redis: API key": _json(ApiKey),
    "messages: action behind a button": _packed(Action),
    "moderation.review.v1: item": _json(Review),
    "Redis: how far Circle was read": _json(Progress),
    "backup: manifest": _json(Manifest),
    "backup: record": _json(BackedUp),
    **{f"snapshot: {one.__name__.lower()}": _json(one) for one in (Head, Part, State, End)},
    **{f"member log: data of {name}": _json(one) for name, one in VOCABULARY.items()},
}


FIXED: dict[type, Any] = {
    inspect.BytesType: base64.b64encode(b"12345678").decode(),
    inspect.DateType: "2026-01-05",
    inspect.DateTimeType: "2026-01-05T12:00:00Z",
    inspect.AnyType: "anything",
}


def filled(kind: Any) -> Any:
    """Return a value of a type with every field set to something else than its default, the same at each call."""
    return msgspec.convert(_filled(inspect.type_info(kind), "", None), kind, strict=False)


def _filled(info: Any, name: str, default: Any) -> Any:
    match info:
        case inspect.StructType():
            return _struct(info)
        case inspect.UnionType():
            return _filled(next(one for one in info.types if not isinstance(one, inspect.NoneType)), name, default)
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            return [_filled(info.item_type, name, None)]
        case inspect.TupleType():
            return [_filled(one, name, None) for one in info.item_types]
        case inspect.DictType():
            return {_filled(info.key_type, name, None): _filled(info.value_type, name, None)}
    return _plain(info, name, default)


def _plain(info: Any, name: str, default: Any) -> Any:
    if isinstance(info, inspect.LiteralType | inspect.EnumType):
        values = list(info.values) if isinstance(info, inspect.LiteralType) else [one.value for one in info.cls]
        return next((one for one in reversed(values) if one != default), default)
    if isinstance(info, inspect.IntType | inspect.FloatType):
        return _number(info, default)
    if isinstance(info, inspect.StrType):
        return f"a {name}"[: info.max_length]
    if isinstance(info, inspect.BoolType):
        return not default
    return FIXED[type(info)]


def _struct(info: inspect.StructType) -> Any:
    fields = {one.encode_name: _filled(one.type, one.name, one.default) for one in info.fields}
    tag = {info.tag_field: info.tag} if info.tag_field else {}
    return [*tag.values(), *fields.values()] if info.array_like else tag | fields


def _number(info: Any, default: Any) -> int | float:
    least, most = info.ge if info.ge is not None else info.gt, info.le if info.le is not None else info.lt
    value = 3 if least is None else least + (info.gt is not None)
    if value == default:
        value += 1
    return value if most is None else min(value, most)


class Kept(msgspec.Struct, frozen=True):
    """One record as it was written: its bytes, what they meant, and the JSON Schema of what that version reads."""

    form: str
    bytes: bytes
    meaning: Any
    reads: dict[str, Any]


class Release(msgspec.Struct, frozen=True):
    """All that is kept of a release. `events` are whole records of the member log: key and value; `files` are SQLite files as SQL."""

    version: str
    core: str
    kept: list[Kept]
    events: list[tuple[str, bytes, bytes]]
    orders: list[tuple[bytes, bytes]]
    files: dict[str, str] = {}


def meaning(value: Any) -> Any:
    """Return a value as plain JSON."""
    return json.loads(msgspec.json.encode(msgspec.to_builtins(value, str_keys=True)))


def events() -> Iterator[tuple[str, bytes, bytes]]:
    """Yield an event of each type as it lies in the log, sealed where that is asked."""
    codec = Codec(KEY)
    for name, data in VOCABULARY.items():
        key = (
            "town"
            if name in ANNOUNCED
            else "@0"
            if name in ("tick", "catalog.activated", "announcement")
            else "town/ann"
        )
        event = Event(f"id of {name}", name, key, TIME, filled(data), replay=True)
        yield name, key.encode(), codec.encode(event)


def shape(kind: Any) -> Any:
    """Return the JSON Schema of a type without its descriptions: what is read does not hang on a docstring."""
    return _undescribed(meaning(msgspec.json.schema(kind)))


def _undescribed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_undescribed(one) for one in schema]
    if isinstance(schema, dict):
        return {
            name: _undescribed(one)
            for name, one in schema.items()
            if not (name == "description" and isinstance(one, str))
        }
    return schema


def this_release() -> Release:
    """Return what this version writes."""
    kept = []
    for name, form in FORMS.items():
        value = filled(form.type)
        kept.append(Kept(name, form.write(value), meaning(value), shape(form.type)))
    order: Order = filled(Order)
    orders = [(order.key.encode(), Codec(KEY).order(order))]
    return Release(version("lotse"), VERSION, kept, list(events()), orders, files())


def files() -> dict[str, str]:
    """Return the console's files that no log fills again: who may do what and what they did, and what reviewers said."""
    rows = {
        "accounts": "INSERT INTO account VALUES ('ann', 'a hash', 'admin', 1767614400.0, 0); "
        "INSERT INTO audit (time, account, action, about, reason) VALUES (1767614400.0, 'ann', 'silence', 'play', 'too much'); "
        "INSERT INTO approval VALUES ('play', 'ann', 1767614400.0); INSERT INTO subject VALUES ('https://id.example.org 7', 'ann');",
        "reviews": "INSERT INTO label VALUES ('i1', 'sample', 'asked_again', 'repeated_question', 'town', 0.5, 1767614400.0, 'right', 'ann', 1767614460.0, 0);",
    }  # fmt: skip
    made = {
        "accounts": f"{accounts.SCHEMA} {accounts.SUBJECTS}; PRAGMA user_version = {accounts.VERSION};",
        "reviews": f"{reviews.SCHEMA} PRAGMA user_version = {reviews.VERSION};",
    }
    return {name: f"{made[name]} {rows[name]}" for name in made}


def releases() -> list[Release]:
    """Return what is kept, the oldest first."""
    return [read(path) for path in sorted(FOLDER.glob("*.json.gz"))]


def read(path: Path) -> Release:
    """Return what is kept in a file."""
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=Release)


def main() -> None:
    """Write the file of this version, over one that says something else."""
    release = this_release()
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{release.version}.json.gz"
    if path.exists() and read(path) == release:
        return  # another zlib would pack the same in other bytes
    path.write_bytes(gzip.compress(msgspec.json.encode(release), 9, mtime=0))
    print(f"{path.relative_to(ROOT)}: {len(release.kept)} forms, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
