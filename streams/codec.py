"""Bytes to words and back: CloudEvents 1.0 structured JSON, with a keyed hash on what only we may write."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Any, Literal, Union

import msgspec
import orjson

from processors.events import Event
from processors.ids import digest
from processors.orders import Order
from processors.outputs import SignalFor
from processors.vocabulary import CONTROL, VOCABULARY, Data, Name, SignalData

SEAL = "lotse-seal"  # header of a record that only our stages exchange
VALUE_MAX = 1_000_000  # bytes; a larger event is refused before it is parsed
KEY_MAX = 512  # bytes
YEAR_2000, YEAR_2100 = 946684800.0, 4102444800.0


class UndecodableError(Exception):
    """A record that is no event; `reason` is a word of a closed list for metrics, `detail` says what was expected."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # what msgspec raises for bytes from anywhere


def _undecodable(error: Exception, where: str) -> UndecodableError:
    reason = "schema" if isinstance(error, msgspec.ValidationError) else "json"
    return UndecodableError(reason, f"{where}{error}"[:200])


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The CloudEvents attributes that we read; `seal` is our extension attribute on control records."""

    specversion: str
    id: Name
    type: Name
    time: datetime
    source: str = ""
    subject: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")
    seal: str = ""
    replay: bool = False


ORDER = "control.order"  # of the control topic alone: in the member log it is a type like any other unknown one
_ENVELOPE = msgspec.json.Decoder(Envelope)
_ORDER = msgspec.json.Decoder(Order)
_DATA = {name: msgspec.json.Decoder(data) for name, data in VOCABULARY.items()}
_SEALED = b'"seal"'  # looked for with `find`: `in` takes bytes for a number first, which costs more than the search


def _whole(kind: str, data: type[Data]) -> Any:
    """Return the envelope of one type with its data, so that both are read in one go; what does not fit is read part by part."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        ("specversion", Literal["1.0"]), ("id", Name), ("time", Annotated[datetime, msgspec.Meta(tz=True)]), ("data", data),
        ("source", str, ""), ("subject", str | None, None), ("replay", bool, False),
    ]  # fmt: skip
    return msgspec.defstruct(
        "Whole", fields, frozen=True, gc=False, tag_field="type", tag=kind, namespace={"kind": kind}
    )


_WHOLE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    Union[tuple(_whole(kind, data) for kind, data in VOCABULARY.items() if kind not in CONTROL)]  # noqa: UP007  (made, not written)
)


def _at_once(key: str, value: bytes) -> Event | None:
    """Return the event of a member's activity; None for all that is something else, or wrong: that is read part by part."""
    try:
        found = _WHOLE.decode(value)
    except _NO_JSON:
        return None
    time = found.time.timestamp()
    if not YEAR_2000 <= time <= YEAR_2100 or (found.subject is not None and found.subject != key) or key[0] == "@":
        return None
    return Event(found.id, found.kind, key, time, found.data, found.replay)


class Codec:
    """Reads and writes events for one deployment; `control_key` seals ticks, signals, outcomes and activations."""

    def __init__(self, control_key: bytes) -> None:
        self._key = blake2b(control_key).digest()
        # Hashes that have taken the key in, to be copied: the key is a block of its own, most of what is sealed is not longer.
        self._sealing = blake2b(digest_size=16, key=self._key)
        self._internal = blake2b(digest_size=16, key=self._key, person=b"internal")

    def deployment(self) -> str:
        """Return what names this deployment to itself: a keyed hash (BLAKE2b-128), which tells nothing of the key."""
        return blake2b(b"deployment", digest_size=16, key=self._key).hexdigest()

    def decode(self, key: bytes | None, value: bytes | None) -> Event:
        """Return the event of a record. Raises `UndecodableError`; an unknown type gives an event without data."""
        if not key or len(key) > KEY_MAX or (key.find(b"/") < 0 and not key.startswith(b"@")):
            raise UndecodableError("key", f"a key <community>/<member> of at most {KEY_MAX} bytes")
        return self._decode(key, value)

    def decode_announcement(self, key: bytes | None, value: bytes | None) -> Event:
        """Return the event of a record of the announcements topic, whose key is a community. Raises `UndecodableError`."""
        if not key or len(key) > KEY_MAX or b"/" in key or key.startswith(b"@"):
            raise UndecodableError("key", f"a key <community> of at most {KEY_MAX} bytes")
        return self._decode(key, value)

    def _decode(self, key: bytes, value: bytes | None) -> Event:
        if value is None or len(value) > VALUE_MAX:
            raise UndecodableError("size", f"a value of 1 to {VALUE_MAX} bytes")
        try:
            name = key.decode()
        except UnicodeDecodeError:
            raise UndecodableError("key", "a key in UTF-8") from None
        if value.find(_SEALED) < 0 and (event := _at_once(name, value)) is not None:
            return event
        try:
            envelope = _ENVELOPE.decode(value)
        except _NO_JSON as error:
            raise _undecodable(error, "") from None
        return self._event(name, envelope)

    def _event(self, key: str, envelope: Envelope) -> Event:
        kind = envelope.type
        if envelope.specversion != "1.0":
            raise UndecodableError("version", "specversion 1.0")
        if envelope.subject is not None and envelope.subject != key:
            raise UndecodableError("key", "a subject equal to the key")
        time = envelope.time.timestamp() if envelope.time.tzinfo else 0.0  # without a zone it would depend on ours
        if not YEAR_2000 <= time <= YEAR_2100:
            raise UndecodableError("clock", "a time with zone between 2000 and 2100")
        if kind in CONTROL:
            self._check_seal(key, envelope)
        elif key.startswith("@"):
            raise UndecodableError("forged", "only control records concern a partition")
        decoder = _DATA.get(kind)
        data: Data | None = None
        if decoder is not None:
            try:
                data = decoder.decode(envelope.data)
            except _NO_JSON as error:
                raise _undecodable(error, f"{kind}: ") from None
        return Event(envelope.id, kind, key, time, data, envelope.replay)

    def _check_seal(self, key: str, envelope: Envelope) -> None:
        wanted = self._seal(
            key, envelope.id, envelope.type, envelope.time, bytes(envelope.data), replay=envelope.replay
        )
        if not hmac.compare_digest(wanted.encode(), envelope.seal.encode()):
            raise UndecodableError("forged", "the seal of this deployment")

    def _seal(self, key: str, identifier: str, kind: str, time: datetime, data: bytes, *, replay: bool) -> str:
        sealed = self._sealing.copy()
        sealed.update("\x1f".join((key, identifier, kind, time.isoformat(), str(replay))).encode() + b"\x1f" + data)
        return sealed.hexdigest()

    def seal_of(self, key: bytes, value: bytes) -> bytes:
        """Return the seal of a record that only our stages exchange; it goes into the record's headers."""
        about = self._internal.copy()
        about.update(b"%d\x1f%b%b" % (len(key), key, value))
        return about.digest()

    def check_seal(self, key: bytes | None, value: bytes | None, seal: bytes | None) -> None:
        """Raise `UndecodableError` where a record of `seal_of` was not written by this deployment."""
        if not hmac.compare_digest(self.seal_of(key or b"", value or b""), seal or b""):
            raise UndecodableError("forged", "the seal of this deployment")

    def encode(self, event: Event, source: str = "/lotse", confidence: float = 1.0) -> bytes:
        """Return the structured-mode JSON of an event, sealed if its type is a control type.

        `confidence` (0 to 1) is how sure it is whose event this is; it is written where it is not certain.
        """
        data = msgspec.json.encode(event.data) if event.data is not None else b"{}"
        time = datetime.fromtimestamp(event.time, UTC)
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": event.id,
            "source": source,
            "type": event.type,
            "subject": event.key,
            "time": time.isoformat(),
            "datacontenttype": "application/json",
            "data": orjson.Fragment(data),
        }
        if event.replay:
            attributes["replay"] = True
        if confidence < 1:
            attributes["identityconfidence"] = f"{confidence:g}"
        if event.type in CONTROL:
            attributes["seal"] = self._seal(event.key, event.id, event.type, time, data, replay=event.replay)
        return orjson.dumps(attributes)

    def order(self, order: Order, source: str = "/lotse") -> bytes:
        """Return an operator's order as a sealed record of the control topic, to be written under `order.key`."""
        data, identifier = msgspec.json.encode(order), digest("order", order.key, repr(order.at))
        time = datetime.fromtimestamp(order.at, UTC)
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": identifier,
                "source": source,
                "type": ORDER,
                "subject": order.key,
                "time": time.isoformat(),
                "datacontenttype": "application/json",
                "data": orjson.Fragment(data),
                "seal": self._seal(order.key, identifier, ORDER, time, data, replay=False),
            }
        )

    def read_order(self, key: bytes | None, value: bytes | None) -> Order:
        """Return the order of a record of the control topic. Raises `UndecodableError`."""
        try:
            envelope = _ENVELOPE.decode(value or b"")
            order = _ORDER.decode(envelope.data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UndecodableError("schema", str(error)[:200]) from None
        if (key or b"") != order.key.encode() or envelope.type != ORDER:
            raise UndecodableError("key", f"an order of type {ORDER} under its own key")
        self._check_seal(order.key, envelope)
        return order

    def signal(self, sent: SignalFor) -> bytes:
        """Return a signal as a record of the member log."""
        signal = sent.signal
        data = SignalData(kind=signal.kind, episode=signal.episode, score=signal.score, evidence=signal.evidence)
        return self.encode(Event(sent.id, "signal", sent.key, sent.time, data, sent.replay))


def dead_letter(topic: str, partition: int, offset: int, reason: str, detail: str) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of a dead letter; its key and value are the raw bytes of the record."""
    facts: Mapping[str, str] = {
        "lotse-topic": topic, "lotse-partition": str(partition), "lotse-offset": str(offset),
        "lotse-reason": reason, "lotse-detail": detail,
    }  # fmt: skip
    return tuple((name, text.encode()) for name, text in facts.items())
