"""Bytes to documents: JSON, JSON lines, forms, captured requests; what is none of these is refused."""

import pytest

from streams.gateway.documents import FORM, NoJsonError, TooDeepError, parse


def test_json_its_lines_and_a_captured_request() -> None:
    """A byte order mark and blank lines do not matter; a captured request brings its headers."""
    assert parse(b'\xef\xbb\xbf{"a": 1}').bodies == [{"a": 1}]
    assert parse(b'{"a": 1}\n\n[2]\r\n').bodies == [{"a": 1}, [2]]
    captured = parse(b'{"headers": {"X-Kind": "b", "n": 3}, "body": {"a": 1}, "topic": "t"}')
    assert (captured.bodies, captured.headers) == ([{"a": 1}], {"x-kind": "b"})
    assert parse(b'{"headers": [], "body": {"a": 1}}').bodies == [{"headers": [], "body": {"a": 1}}]


def test_a_captured_batch_and_a_cut_emoji_are_read() -> None:
    """A body may be a list; half a surrogate pair costs one letter, not the document, in lines too; a whole pair stays."""
    assert parse(b'{"headers": {}, "body": [{"a": 1}, {"a": 2}]}').bodies == [[{"a": 1}, {"a": 2}]]
    assert parse(rb'{"a": "cut \ud83d", "b": "\ud83d\ude42"}').bodies == [{"a": "cut ?", "b": "\U0001f642"}]
    assert parse(b'{"a": 1}\n{"b": "\\udc00"}\n').bodies == [{"a": 1}, {"b": "?"}]
    for content in (rb'{"a": "\ud83d", "b": NaN}', rb'{"a": "\ud83d"'):
        with pytest.raises(NoJsonError):
            parse(content)


def test_too_deep_is_told_as_such() -> None:
    """It is JSON, and no document of anybody's."""
    with pytest.raises(TooDeepError, match="nested deeper"):
        parse(b"[" * 3000 + b"]" * 3000)


def test_a_bad_line_among_good_ones_is_told_and_the_others_count() -> None:
    """With its number."""
    found = parse(b'{"a": 1}\n{"b":\n{"c": 2}\n')
    assert found.bodies == [{"a": 1}, {"c": 2}]
    assert [fault.partition(" (")[0] for fault in found.faults] == ["line 2: no JSON"]


def test_a_form_is_its_fields() -> None:
    """By its header, or by beginning as Slack's forms do."""
    assert parse(b"a=1&b=%2Fx&c=", f"{FORM}; charset=utf-8").bodies == [{"a": "1", "b": "/x", "c": ""}]
    assert parse(b"token=t&command=%2Flotse&text=").bodies == [{"token": "t", "command": "/lotse", "text": ""}]
    assert parse(b"payload=%7B%7D").bodies == [{"payload": "{}"}]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{",
        b'{"a": 1,\n"b": }\n',
        b"\xff\xfe{",
        b"1\nx\n",
        b"a=1&b=2",
        b"payload=\xff%FF&" + b"a=1&" * 300,
    ],
)
def test_what_is_no_json_at_all_is_refused(content: bytes) -> None:
    """Also a document over several lines with a fault, and too many fields."""
    with pytest.raises(NoJsonError):
        parse(content)
