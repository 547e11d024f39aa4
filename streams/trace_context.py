"""W3C Trace Context (www.w3.org/TR/trace-context, level 1): which request led to what, as a header of records and requests.

The gateway takes `traceparent` from a request or makes one; it is a header of the record, of what the stages write because of
that record, and the command's `trace`; delivery sends it on and gives it to the outcome. It is part of no id and of no state.
"""

import re
import secrets
from collections.abc import Iterable

from streams.runtime.stage import Record

TRACEPARENT = "traceparent"
Headers = tuple[tuple[str, bytes], ...]
# version, trace id, id of the parent span, flags; a later version may have more behind it, which we do not pass on
_VALUE = re.compile(
    rb"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?\Z", re.DOTALL
)
_LENGTH = 55  # bytes of version 00


def checked(value: bytes) -> bytes:
    """Return a traceparent as version 00 writes it, empty where it is none."""
    found = _VALUE.match(value)
    if found is None or (value.startswith(b"00") and len(value) != _LENGTH):
        return b""
    return b"00-" + found[1]


def made() -> bytes:
    """Return a new traceparent: random ids, not sampled, since nobody records it here."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00".encode()


def taken(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the traceparent of an ASGI request; empty where there is none, or more than one, or it is none."""
    found = [value for name, value in headers if name == b"traceparent"]
    return checked(found[0]) if len(found) == 1 else b""


def as_headers(trace: bytes) -> Headers:
    """Return the headers of a record that carries a traceparent; none where it is empty."""
    return ((TRACEPARENT, trace),) if trace else ()


def of_record(record: Record) -> bytes:
    """Return the traceparent of a record; empty where it has none, or what it has is none."""
    for name, value in record.headers:
        if name == TRACEPARENT:
            return checked(value)
    return b""
