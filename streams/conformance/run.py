"""One run of the kit: records out, arrivals and outcomes in, a verdict for each check."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from processors.orders import Order
from streams.agents.records import partition_of
from streams.codec import Codec, UndecodableError
from streams.conformance.cases import COMMUNITY, Case, Outcome, Seen, Send
from streams.conformance.checks import CHECKS, FIRST, LAST, STOPPED, Check
from streams.conformance.receiver import Arrivals
from streams.control import write_order
from streams.servers import broker_access
from streams.servers.log_reader import connect, partition_count
from streams.topics import ACTIVITY, DELIVERY

ALL_SENT_S = 5.0  # after the first record of a part the last is written
SETTLED_S = 4.0  # after that nothing more is expected: what must not come would have come
TIMEOUT_S = 20.0


class Verdict(NamedTuple):
    """A check and what is wrong, empty where nothing is."""

    check: str
    says: str
    fault: str


class Kit:
    """Tries a service that reads `channel`'s topic on `bootstrap`; `patience_s` is how long it may take for what must come."""

    def __init__(self, bootstrap: str, control_key: bytes, channel: str, arrivals: Arrivals, patience_s: float) -> None:
        self._bootstrap, self._codec, self._channel = bootstrap, Codec(control_key), channel
        self._arrivals, self._patience = arrivals, patience_s
        self._run = secrets.token_hex(4)
        self._topic = DELIVERY[channel]
        self._counts = {topic: partition_count(bootstrap, topic) for topic in (self._topic, ACTIVITY)}
        self._outcomes: dict[str, list[Outcome]] = defaultdict(list)
        self._seen = Seen(arrivals, self._outcomes)
        self._cases: dict[str, Case] = {}

    def run(
        self, checks: Sequence[Check] = CHECKS, report: Callable[[str], None] = lambda _line: None
    ) -> list[Verdict]:
        """Run the checks; without a service that delivers the first command, all fail. Raises `UserError` without a broker."""
        parts = [[one for one in checks if one.name == FIRST], [one for one in checks if one.name not in (FIRST, LAST)],
                 [one for one in checks if one.name == LAST]]  # fmt: skip
        with (
            closing(self._reader()) as reader,
            closing(
                KafkaProducer(**broker_access.options(self._bootstrap), acks="all", bootstrap_timeout_ms=10_000)
            ) as producer,
        ):
            for at, part in enumerate(filter(None, parts)):
                report(", ".join(one.name for one in part))
                if not self._part(part, reader, producer) and at == 0 and part[0].name == FIRST:
                    break  # nobody is there, or nobody who could pass
        return [Verdict(one.name, one.says, self._judge(one)) for one in checks]

    def _judge(self, check: Check) -> str:
        case = self._cases.get(check.name)
        return check.judge(case, self._seen) if case else "not tried: the first command did not arrive as it should"

    def _part(self, checks: list[Check], reader: KafkaConsumer, producer: KafkaProducer) -> bool:
        """Send what a part of the checks sends, and wait; tell whether all is well by then."""
        if any(one.name == "stopped" for one in checks):
            self._order(on=True)
        now = time.time()
        for check in checks:
            case = self._cases[check.name] = Case(self._run, check.name, self._channel, now)
            check.prepare(case, self._arrivals)
        self._send([one for check in checks for one in check.sends(self._cases[check.name])], now, reader, producer)
        begun, settle = time.time(), SETTLED_S if checks[0].name != FIRST else 0.0
        while True:
            self._read(reader)
            well = not any(self._judge(one) for one in checks)
            waited = time.time() - begun
            if waited > self._patience or (well and waited > settle):
                break
        if any(one.name == "stopped" for one in checks):
            self._order(on=False)
        return well

    def _send(self, records: list[Send], now: float, reader: KafkaConsumer, producer: KafkaProducer) -> None:
        for one in sorted(records, key=lambda one: one.at):
            while time.time() < now + one.at:
                self._read(reader)
            partition = partition_of(one.like or one.key, self._counts[self._topic])
            producer.send(self._topic, key=one.key, value=one.value, partition=partition).get(TIMEOUT_S)

    def _order(self, *, on: bool) -> None:
        order = Order(
            kind="silence", on=on, author="conformance kit", reason="a trial", at=time.time(), playbook=STOPPED
        )
        write_order(self._bootstrap, self._codec, order)

    def _reader(self) -> KafkaConsumer:
        reader = connect(self._bootstrap)
        partitions = [TopicPartition(ACTIVITY, number) for number in range(self._counts[ACTIVITY])]
        reader.assign(partitions)
        reader.seek_to_end()
        for one in partitions:
            reader.position(one)  # the end as it is now
        return reader

    def _read(self, reader: KafkaConsumer) -> None:
        for records in reader.poll(timeout_ms=100).values():
            for record in records:
                self._take(record)

    def _take(self, record: Any) -> None:
        try:
            told = _TOLD.decode(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        if not told.type.startswith("outcome.") or not told.data.command.startswith(f"{COMMUNITY}-{self._run}-"):
            return
        self._outcomes[told.data.command].append(
            Outcome(
                told.type.removeprefix("outcome."),
                told.data.reason or "",
                told.id,
                self._fault(record, told.data.command),
            )
        )

    def _fault(self, record: Any, command: str) -> str:
        """Return what is wrong with the form of an outcome."""
        key = record.key or b""
        try:
            self._codec.decode(key, record.value)
        except UndecodableError as error:
            return f"it would be a dead letter ({error})"
        members = {
            case.command(target=target).member.encode()
            for case in self._cases.values()
            for target in ("", f"{case.name}-other")
        }
        if key not in members:
            return f"the outcome of {command} is not under the key of its member"
        home = partition_of(key, self._counts[ACTIVITY])
        return "" if record.partition == home else f"partition {record.partition}, expected {home} (murmur2 of the key)"


class _Data(msgspec.Struct):
    command: str = ""
    reason: str | None = None


class _Told(msgspec.Struct):
    type: str
    id: str = ""
    data: _Data = msgspec.field(default_factory=_Data)


_TOLD = msgspec.json.Decoder(_Told)
