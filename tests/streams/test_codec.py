"""The codec: what is no event is told why; what only we may write carries our seal."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.events import Event
from processors.vocabulary import Tick
from streams.codec import VALUE_MAX, Codec, UndecodableError
from tests.support.stories import NOON, event

CODEC = Codec(b"a secret of the deployment")
GOOD = orjson.loads(CODEC.encode(event("post.created", 0, text="hello")))
KEY = b"town/ann"


def reason(key: bytes | None = KEY, value: bytes | None = None, **changes: object) -> str:
    """Decode a changed good event, return why it is refused."""
    raw = value if value is not None else orjson.dumps({**GOOD, **changes})
    with pytest.raises(UndecodableError) as caught:
        CODEC.decode(key, raw)
    return caught.value.reason


def test_what_is_encoded_is_decoded() -> None:
    """Events and control records survive the way."""
    for one in (
        event("post.created", 0, text="hello", thread="t"),
        Event("t", "tick", "@0", NOON, Tick(since=1.0)),
        event("search.performed", 1, query="x", results=0),
    ):
        assert CODEC.decode(one.key.encode(), CODEC.encode(one)) == one


@pytest.mark.parametrize(
    "changes",
    [{}, {"subject": None}, {"replay": True}, {"source": "x", "more": [1]}, {"time": "2026-01-05T13:00:00+01:00"}],
)
def test_an_event_read_at_once_is_the_one_read_part_by_part(changes: dict[str, object]) -> None:
    """What carries a seal is read part by part, whatever it is; so both ways are compared by a seal that nobody asks for."""
    for one in (
        event("post.created", 0, text="hello", thread="t", title="T"),
        event("profile.changed", 1, interests=("a", "b"), birth_year=1980),
        event("search.performed", 1, query="x", results=0),
        event("post.read", 2, channel="c"),
    ):
        value = {**orjson.loads(CODEC.encode(one)), **changes}
        parts = CODEC.decode(KEY, orjson.dumps({**value, "seal": ""}))
        assert CODEC.decode(KEY, orjson.dumps(value)) == parts
        assert parts.data == one.data


def test_each_kind_of_poison_has_its_reason() -> None:
    """Non-JSON, wrong types, keys, versions, clocks, sizes and depths are told apart."""
    assert reason(value=b"not json") == "json"
    assert reason(value=b"[" * 100_000) in ("json", "schema")
    assert reason(value=b'{"specversion": 1}') == "schema"
    assert reason(data={"text": 5}) == "schema"
    assert reason(key=None) == "key"
    assert reason(key=b"nobody") == "key"
    assert reason(subject="town/bob") == "key"
    assert reason(specversion="2.0") == "version"
    assert reason(time="1970-01-01T00:00:00Z") == "clock"
    assert reason(time="2026-01-05T12:00:00") == "clock"
    assert reason(value=b" " * (VALUE_MAX + 1)) == "size"


def test_control_records_need_the_seal_of_this_deployment() -> None:
    """Another key, another member, changed data or no seal: forged."""
    tick = Event("t", "tick", "@0", NOON, Tick())
    with pytest.raises(UndecodableError, match="forged"):
        CODEC.decode(b"@0", Codec(b"another secret of others").encode(tick))
    outcome = CODEC.encode(event("outcome.opted_out", 0, command="c"))
    with pytest.raises(UndecodableError, match="forged"):
        CODEC.decode(b"town/bob", outcome.replace(b"town/ann", b"town/bob"))
    assert reason(type="signal", data={"kind": "overdue", "episode": "e"}) == "forged"
    assert reason(key=b"@0", subject="@0") == "forged"


def test_an_unknown_type_and_unknown_fields_are_no_error() -> None:
    """They are kept out of the core, and pass."""
    decoded = CODEC.decode(KEY, orjson.dumps({**GOOD, "type": "party.thrown", "data": {"a": 1}, "extra": 1}))
    assert (decoded.type, decoded.data) == ("party.thrown", None)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_event_or_undecodable(value: bytes) -> None:
    """No other exception, whatever comes."""
    try:
        decoded = CODEC.decode(KEY, value).key
    except UndecodableError as error:
        decoded = error.reason
    assert decoded
