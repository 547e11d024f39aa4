"""The body of a request within bounds: its size before and after decompression, its depth, its number of fields."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from streams.gateway.refusals import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
BODY_MAX = 4 << 20  # bytes as they arrive
UNPACKED_MAX = 16 << 20  # bytes after decompression
BODY_S = 10.0  # for the whole body to arrive
DEPTH_MAX = 64  # of JSON
FIELDS_MAX = 200_000  # values in one body
CHUNK = 64 << 10
GZIP, DEFLATE = 31, 15  # window bits for zlib
_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


class Disconnected(Exception):
    """The sender is gone before its body was whole."""


async def read_body(receive: Receive, headers: Mapping[str, str]) -> bytes:
    """Return the raw body. Raises `Refusal` where it is too large or too slow, `Disconnected` where the sender is gone."""
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > BODY_MAX):
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_S):
            return await _whole(receive)
    except TimeoutError:
        raise Refusal(408, "slow", f"the body did not arrive within {BODY_S:g} s") from None


async def _whole(receive: Receive) -> bytes:
    message = await receive()
    first = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body"):
        if len(first) > BODY_MAX:
            raise _too_large()
        return bytes(first)
    chunks, size = [first], len(first)
    while message.get("more_body"):
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > BODY_MAX:
            raise _too_large()
    if message["type"] != "http.request":
        raise Disconnected
    return b"".join(chunks)


def _too_large() -> Refusal:
    return Refusal(413, "size", f"the body is larger than {BODY_MAX} bytes; send it in parts")


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return the body without its content encoding. Raises `Refusal`; what a bomb would become is never held."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Refusal(415, "encoding", "content-encoding: expected gzip, deflate or none")
    bits = DEFLATE if encoding == "deflate" else GZIP
    try:
        return _inflated(body, bits)
    except zlib.error:
        raise Refusal(400, "encoding", f"the body is no {encoding}") from None


def _inflated(body: bytes, bits: int) -> bytes:
    reader, found, size, rest = zlib.decompressobj(bits), [], 0, body
    while True:
        part = reader.decompress(rest, CHUNK)
        found.append(part)
        size += len(part)
        if size > UNPACKED_MAX:
            raise Refusal(413, "size", f"the body is larger than {UNPACKED_MAX} bytes once decompressed")
        rest = reader.unconsumed_tail
        if reader.eof:
            break
        if not rest and not part:
            raise Refusal(400, "encoding", "the body's compression is cut short")
    if reader.unused_data:
        raise Refusal(400, "encoding", "something follows the compressed body")
    return b"".join(found)


def check_shape(content: bytes, documents: Any) -> None:
    """Raise `Refusal` where JSON is deeper than `DEPTH_MAX` or holds more than `FIELDS_MAX` values.

    Most bodies are seen to be shallow by their brackets alone; only others are walked through.
    """
    if content.count(b",") + content.count(b":") > FIELDS_MAX:
        _walk(documents)
    brackets = content.translate(None, _BRACKETS)
    for _ in range(DEPTH_MAX):
        if not brackets:
            return
        fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(fewer) == len(brackets):  # brackets within texts
            break
        brackets = fewer
    _walk(documents)


def _walk(documents: Any) -> None:
    level, count = [documents], 0
    for _ in range(DEPTH_MAX + 2):  # the list of documents is one more
        inner: list[Any] = []
        for one in level:
            found = one.values() if isinstance(one, dict) else one
            count += len(found)
            inner += [value for value in found if isinstance(value, dict | list)]
        if count > FIELDS_MAX:
            raise Refusal(413, "shape", f"the body holds more than {FIELDS_MAX} values; send it in parts")
        if not inner:
            return
        level = inner
    raise Refusal(400, "shape", f"the body is nested deeper than {DEPTH_MAX} levels")
