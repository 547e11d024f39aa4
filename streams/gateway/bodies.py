"""The body of a request within bounds: its size before and after decompression, its depth, its number of fields."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from types import TracebackType
from typing import Any, Self

from streams.gateway.refusals import RefusedError, away

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
BODY_MAX = 4 << 20  # bytes as they arrive
UNPACKED_MAX = 16 << 20  # bytes after decompression
ROOM_MAX = 128 << 20  # bytes of all bodies under way
BODY_S = 10.0  # for the whole body to arrive
DEPTH_MAX = 64  # of JSON
FIELDS_MAX = 200_000  # values in one body
CHUNK = 64 << 10
GZIP, DEFLATE = 31, 15  # window bits for zlib
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


class DisconnectedError(Exception):
    """The sender is gone before its body was whole."""


class Room:
    """The bytes of bodies that all requests together may hold: beyond it, who comes next is sent away."""

    def __init__(self, limit: int = ROOM_MAX) -> None:
        self.held, self.limit = 0, limit


class Guest:
    """One request's part of the room, given back at its end."""

    def __init__(self, room: Room) -> None:
        self._room, self._mine = room, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._room.held -= self._mine

    def take(self, size: int) -> None:
        """Take so many bytes more. Raises `RefusedError` (503) where there is no room."""
        if self._room.held + size > self._room.limit:
            raise away("busy", "too many large requests at once", 5)
        self._room.held += size
        self._mine += size


async def read_body(receive: Receive, headers: Mapping[str, str], guest: Guest) -> bytes:
    """Return the raw body. Raises `RefusedError` where it is too large or too slow, `DisconnectedError` where the sender is gone."""
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > BODY_MAX):
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_S):
            return await _whole(receive, guest)
    except TimeoutError:
        raise RefusedError(408, "slow", f"the body did not arrive within {BODY_S:g} s") from None


async def _whole(receive: Receive, guest: Guest) -> bytes:
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise DisconnectedError
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size > BODY_MAX:
            raise _too_large()
        guest.take(len(chunk))
        chunks.append(chunk)
    return b"".join(chunks) if len(chunks) > 1 else chunks[0]


def _too_large() -> RefusedError:
    return RefusedError(413, "size", f"the body is larger than {BODY_MAX} bytes; send it in parts")


def unpacked(body: bytes, encoding: str, guest: Guest) -> bytes:
    """Return the body without its content encoding. Raises `RefusedError`; what a bomb would become is never held."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise RefusedError(415, "encoding", "content-encoding: expected gzip, deflate or none")
    try:
        return _inflated(body, DEFLATE if encoding == "deflate" else GZIP, guest)
    except zlib.error:
        raise RefusedError(400, "encoding", f"the body is no {encoding}") from None


def _inflated(body: bytes, bits: int, guest: Guest) -> bytes:
    reader, found, size, rest = zlib.decompressobj(bits), [], 0, body
    while not reader.eof:
        part = reader.decompress(rest, CHUNK)
        rest = reader.unconsumed_tail
        if not rest and not part and not reader.eof:
            raise RefusedError(400, "encoding", "the body's compression is cut short")
        size += len(part)
        if size > UNPACKED_MAX:
            raise RefusedError(413, "size", f"the body is larger than {UNPACKED_MAX} bytes once decompressed")
        guest.take(len(part))
        found.append(part)
    if reader.unused_data:
        raise RefusedError(400, "encoding", "something follows the compressed body")
    return b"".join(found)


def check_fields(content: bytes) -> None:
    """Raise `RefusedError` where there would be more than `FIELDS_MAX` values, before any is made."""
    if content.count(b",") + content.count(b":") + content.count(b"\n") > FIELDS_MAX:
        raise RefusedError(413, "shape", f"the body holds more than {FIELDS_MAX} values; send it in parts")


def check_depth(content: bytes, documents: Any) -> None:
    """Raise `RefusedError` where JSON is deeper than `DEPTH_MAX`; most is seen to be shallow by its brackets alone."""
    brackets = content.translate(None, _NO_BRACKETS)
    for _ in range(DEPTH_MAX):
        if not brackets:
            return
        fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(fewer) == len(brackets):  # brackets within texts
            break
        brackets = fewer
    _walk(documents)


def _walk(documents: Any) -> None:
    level = [documents]
    for _ in range(DEPTH_MAX + 1):  # the list of documents is one more
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise RefusedError(400, "shape", f"the body is nested deeper than {DEPTH_MAX} levels")
