"""Where a person is found on Kafka: records under their key, and records of others that name them."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
import orjson

from processors.commands import Command
from streams.errors import UserError
from streams.runtime.stage import Record
from streams.servers.log_reader import read_topic
from streams.topics import DELIVERY, TOPICS


class Trace(NamedTuple):
    """A topic and the records in it that are about a person, or name them."""

    topic: str
    records: tuple[Record, ...]

    @property
    def newest(self) -> float:
        """When the newest was written (epoch s); 0 where there is none."""
        return max((one.timestamp for one in self.records), default=0) / 1000


def is_about(keys: Iterable[str], record: Record) -> bool:
    """Tell whether a record is under a person's key, or names it as a whole JSON text (some escape the slash)."""
    value = record.value or b""
    for key in keys:
        said = orjson.dumps(key)
        if record.key == key.encode() or said in value or said.replace(b"/", b"\\/") in value:
            return True
    return False


def in_topic(bootstrap: str, topic: str, keys: tuple[str, ...]) -> Trace:
    """Return a person's trace in a topic, empty where there is no such topic."""
    try:
        return Trace(topic, tuple(one for one in read_topic(bootstrap, topic) if is_about(keys, one)))
    except UserError as error:
        if "does not exist" in str(error):
            return Trace(topic, ())
        raise


def everywhere(bootstrap: str, keys: tuple[str, ...]) -> list[Trace]:
    """Return a person's traces in each topic of the plan."""
    return [in_topic(bootstrap, spec.name, keys) for spec in TOPICS]


def commands(traces: Iterable[Trace], keys: tuple[str, ...]) -> Iterator[Command]:
    """Yield the commands made for a person; recalls and what cannot be read are passed over."""
    for trace in traces:
        if trace.topic in DELIVERY.values():
            for record in trace.records:
                try:
                    command = msgspec.json.decode(record.value or b"", type=Command)
                except msgspec.DecodeError:
                    continue
                if command.member in keys or command.target in keys:
                    yield command


def names(stored: bytes, keys: Iterable[str]) -> bool:
    """Tell whether an encoded state (msgpack) holds one of the keys as a whole text."""
    return any(msgspec.msgpack.encode(key) in stored for key in keys)


def readable(record: Record) -> dict[str, Any]:
    """Return a record for its person's eyes: what it says, and where and when it was written."""
    try:
        value: Any = orjson.loads(record.value or b"null")
    except orjson.JSONDecodeError:
        value = (record.value or b"").decode(errors="replace")
    where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    return {**where, "written_ms": record.timestamp, "value": value}
