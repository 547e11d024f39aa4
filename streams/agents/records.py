"""What both agents do with records: dead letters, and conclusions as outputs."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec
from aiokafka.partitioner import murmur2

from processors.decisions import write_decision
from processors.outputs import Outputs
from processors.threads import ThreadPost
from streams.codec import KEY_MAX, SEAL, VALUE_MAX, Codec, UndecodableError, dead_letter
from streams.runtime.stage import Output, Record
from streams.topics import ACTIVITY, DECISIONS, DELIVERY, GAPS, REVIEW, SAFETY, THREADS, dead_letters
from streams.trace_context import Headers, as_headers, of_record

KEPT = 65_536  # bytes of key and of value of an oversized record
CUT_FROM = "lotse-cut-from-bytes"  # header of a dead letter that is not whole
AT = "lotse-at"  # header of a decision, review or alert: partition and offset of the record that caused it
_ENCODER = msgspec.json.Encoder(order="deterministic")


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key as Java's default partitioner does (murmur2, sign bit off)."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions


def caused_by(headers: object) -> tuple[int, int]:
    """Return partition and offset of the record of the member log that caused another; (-1, -1) where its headers do not say."""
    for name, value in headers or ():  # type: ignore[attr-defined]  # pairs, or None
        if name == AT:
            with suppress(ValueError):
                partition, offset = map(int, value.split(b":"))
                return partition, offset
    return -1, -1


def home_of(key: bytes, partitions: int) -> int:
    """Return the partition a record of the member log belongs on: its key's, or the one that a control record names."""
    return int(key[1:]) if key.startswith(b"@") else partition_of(key, partitions)


def to_dead_letter(record: Record, error: UndecodableError) -> Output:
    """Return the record's raw bytes for the dead-letter topic, with the reason in its headers.

    Of a record larger than any event may be only the beginning is kept; where it lies whole is in the headers.
    """
    headers = dead_letter(record.topic, record.partition, record.offset, error.reason, error.detail)
    key, value = record.key or b"", record.value or b""
    size = len(key) + len(value)
    if size > VALUE_MAX + KEY_MAX:
        headers, key, value = (*headers, (CUT_FROM, b"%d" % size)), key[:KEPT], value[:KEPT]
    return Output(dead_letters(record.topic), key, value, 0, headers)


def handed_over(posts: Sequence[ThreadPost], partitions: int, record: Record, codec: Codec) -> list[Output]:
    """Return what the community stage is told of a record; what most posts lead to, and nothing else."""
    carried = as_headers(of_record(record)) if record.headers else ()
    outputs = []
    for post in posts:
        if post.kind == "watermark":
            outputs += [_thread(post, one, codec, carried) for one in range(partitions)]
        else:
            outputs.append(_thread(post, None, codec, carried))
    return outputs


def conclusions(out: Outputs, partition: int, partitions: int, record: Record, codec: Codec) -> list[Output]:
    """Return what a record of the log led to, as outputs in the order of their kinds; they carry on its trace."""
    trace = of_record(record) if record.headers else b""
    carried = as_headers(trace)
    outputs = handed_over(out.threads, partitions, record, codec)
    at = ((AT, b"%d:%d" % (partition, record.offset)), *carried)
    for command in out.commands:
        target = partition if command.target == command.member else None
        traced = msgspec.structs.replace(command, trace=trace.decode()) if trace else command
        value = _ENCODER.encode(traced)
        outputs.append(Output(DELIVERY[command.channel], command.target.encode(), value, target, carried))
    for recall in out.recalls:
        target = partition if recall.target == recall.member else None
        outputs.append(
            Output(DELIVERY[recall.channel], recall.target.encode(), _ENCODER.encode(recall), target, carried)
        )
    outputs += [Output(DECISIONS, one.member.encode(), write_decision(one), partition, at) for one in out.decisions]
    outputs += [Output(SAFETY, one.member.encode(), _ENCODER.encode(one), partition, at) for one in out.alerts]
    outputs += [Output(REVIEW, one.id.encode(), _ENCODER.encode(one), None, at) for one in out.reviews]
    outputs += [Output(GAPS, one.id.encode(), _ENCODER.encode(one)) for one in out.gaps]
    outputs += [Output(ACTIVITY, sent.key.encode(), codec.signal(sent), None, carried) for sent in out.signals]
    return outputs


def _thread(post: ThreadPost, partition: int | None, codec: Codec, carried: Headers) -> Output:
    key, value = (post.member.partition("/")[0] or f"@{post.source}").encode(), _ENCODER.encode(post)
    return Output(THREADS, key, value, partition, ((SEAL, codec.seal_of(key, value)), *carried))
