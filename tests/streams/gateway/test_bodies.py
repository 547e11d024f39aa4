"""Bodies within bounds: size before and after decompression, room for all, depth, fields."""

import asyncio
import gzip
import zlib
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.bodies import (
    BODY_MAX,
    DEPTH_MAX,
    FIELDS_MAX,
    UNPACKED_MAX,
    DisconnectedError,
    Guest,
    Room,
    check_depth,
    check_fields,
    read_body,
    unpacked,
)
from streams.gateway.refusals import RefusedError


def read(*chunks: bytes, headers: dict[str, str] | None = None, room: Room | None = None, gone: bool = False) -> bytes:
    """Read a body that arrives in these chunks."""
    messages: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": gone or number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]
    messages += [{"type": "http.disconnect"}] if gone else []
    waiting = iter(messages)

    async def receive() -> MutableMapping[str, Any]:
        return next(waiting)

    with Guest(room or Room()) as guest:
        return asyncio.run(read_body(receive, headers or {}, guest))


def unpack(body: bytes, encoding: str) -> bytes:
    """Unpack with a room of its own."""
    with Guest(Room()) as guest:
        return unpacked(body, encoding, guest)


def status(error: "pytest.ExceptionInfo[RefusedError]") -> tuple[int, str]:
    """Return status and reason of a refusal."""
    return error.value.status, error.value.reason


def test_a_body_is_read_whole_and_one_that_breaks_off_is_not() -> None:
    """However many parts it comes in."""
    assert read(b"ab", b"", b"c") == b"abc"
    assert read(b"") == b""
    with pytest.raises(DisconnectedError):
        read(b"ab", gone=True)


@pytest.mark.parametrize("headers", [{"content-length": str(BODY_MAX + 1)}, {"content-length": "9" * 40}])
def test_a_body_that_says_it_is_too_large_is_not_read(headers: dict[str, str]) -> None:
    """Nothing of it is taken in."""
    with pytest.raises(RefusedError) as told:
        read(headers=headers)
    assert status(told) == (413, "size")


def test_a_body_that_does_not_say_so_is_left_when_it_is_too_large() -> None:
    """Chunked bodies have no length."""
    with pytest.raises(RefusedError) as told:
        read(*[b"x" * (1 << 20)] * 5)
    assert status(told) == (413, "size")


def test_all_bodies_together_have_one_room_and_give_it_back() -> None:
    """Who finds it full is asked to come again; nothing stays taken."""
    room = Room(limit=10)
    assert read(b"12345678", room=room) == b"12345678"
    with pytest.raises(RefusedError) as told:
        read(b"12345678", b"910", room=room)
    assert status(told) == (503, "busy")
    assert told.value.retry_after > 0
    assert room.held == 0


@given(st.binary(max_size=2000))
def test_what_is_packed_is_unpacked(body: bytes) -> None:
    """gzip and deflate, and neither."""
    assert unpack(gzip.compress(body), "gzip") == unpack(zlib.compress(body), "Deflate") == unpack(body, "") == body


def test_a_bomb_is_refused_before_it_is_held() -> None:
    """A few kilobytes that would be more than the bound."""
    for bomb, encoding in (
        (gzip.compress(b"0" * (UNPACKED_MAX + 1)), "gzip"),
        (zlib.compress(b"0" * (64 << 20)), "deflate"),
    ):
        assert len(bomb) < 100_000
        with pytest.raises(RefusedError) as told:
            unpack(bomb, encoding)
        assert status(told) == (413, "size")


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"no gzip", "gzip", 400),
        (gzip.compress(b"x" * 1000)[:-20], "gzip", 400),
        (gzip.compress(b"x") + b"more", "gzip", 400),
        (b"x", "br", 415),
        (b"x", "gzip, gzip", 415),
    ],
)
def test_what_cannot_be_unpacked_is_told(body: bytes, encoding: str, code: int) -> None:
    """No compression, cut short, something behind it, another or twice."""
    with pytest.raises(RefusedError) as told:
        unpack(body, encoding)
    assert status(told) == (code, "encoding")


def nested(levels: int) -> Any:
    """Return lists and objects within each other, so many deep."""
    value: Any = "[[[{{{ a text with brackets"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize("levels", [0, 1, DEPTH_MAX - 1, DEPTH_MAX])
def test_what_is_shallow_passes(levels: int) -> None:
    """Brackets within texts count for nothing."""
    check_depth(orjson.dumps(nested(levels)), [nested(levels)])


@pytest.mark.parametrize("levels", [DEPTH_MAX + 1, 200])
def test_what_is_deep_is_refused(levels: int) -> None:
    """One level more than may be."""
    with pytest.raises(RefusedError) as told:
        check_depth(orjson.dumps(nested(levels)), [nested(levels)])
    assert status(told) == (400, "shape")


def test_more_values_than_may_be_are_refused_before_they_are_made() -> None:
    """Counted in the bytes."""
    check_fields(b"[" + b"1," * (FIELDS_MAX - 1) + b"1]")
    for many in (b"[" + b"1," * (FIELDS_MAX + 1) + b"1]", b"{}\n" * (FIELDS_MAX + 1)):
        with pytest.raises(RefusedError) as told:
            check_fields(many)
        assert status(told) == (413, "shape")
