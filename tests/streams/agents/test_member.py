"""The member stage as bytes in, bytes out: no record, however malformed, stops it or touches anybody else's state."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.events import Event
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Policy
from processors.vocabulary import COMMUNITY, CONTROL, VOCABULARY, Tick
from streams.agents.member import MemberStagePartition
from streams.codec import KEY_MAX, VALUE_MAX, Codec
from streams.proof.verify import Silent
from streams.runtime.stage import Output
from streams.topics import ACTIVITY, dead_letters
from tests.support.stories import NOON, catalog, event, playbook

CODEC = Codec(b"a secret of the deployment")
KEY = b"town/eve"
LETTERS = dead_letters(ACTIVITY)
RECORD_MAX = 1_048_588  # bytes: what a broker takes by default
STATE_MAX = 65_536
CATALOG = catalog(
    playbook("greet", "post.created"),
    playbook("look", "search.performed", conditions={"event.results": {"lte": 2**60}}, say="{event.query}", wait=60.0),
    playbook("count", "task.begun", conditions={"event.name": {"gte": 1}}),
    policy=Policy(distress_support=True, onboarding_after=60.0),
)
HUGE = 10**30
TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["", "\x00", "a" * 70_000, "\U0001f600" * 300, "How do I mount it?"])
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63) - 1, HUGE, -HUGE, 1e300, -1e300, 1_767_614_400_000, 0xFFFFFFFF]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), TEXTS, NUMBERS), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
TIMES = st.sampled_from(
    [
        "2026-01-05T12:00:00Z",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "noon",
        5,
        None,
    ]
)


class Record:
    """A record of partition 0."""

    topic, partition, timestamp, headers = ACTIVITY, 0, 0, ()

    def __init__(self, offset: int, key: bytes | None, value: bytes | None) -> None:
        self.offset, self.key, self.value = offset, key, value


class Held:
    """The one catalog."""

    def get(self, content_hash: str) -> Catalog:
        return CATALOG


def partition(states: dict[bytes, bytes] | None = None, shared: bytes | None = None) -> MemberStagePartition:
    """Open partition 0 of 1."""
    return MemberStagePartition(0, 1, states or {}, shared, Held(), CODEC, Silent())


def sealed(one: Event) -> Record:
    """A good record."""
    return Record(0, one.key.encode(), CODEC.encode(one))


def tick(minute: float) -> Record:
    """A minute passes."""
    return sealed(Event(f"tick/{minute}", "tick", "@0", NOON + minute * 60, Tick()))


BEGIN = [
    sealed(Event("on", "catalog.activated", "@0", NOON - 60, VOCABULARY["catalog.activated"](hash=CATALOG.hash))),
    tick(-1), sealed(event("post.created", 0, text="hello")),
]  # fmt: skip
POSTS = [BEGIN[2], sealed(event("search.performed", 0, query="labels", results=0))]
REST = [sealed(event("post.created", 1, text="good morning")), tick(2), tick(60), tick(60 * 24 * 60)]


def fold(*between: Record) -> tuple[list[Output], dict[bytes, bytes | None]]:
    """Fold good records with others between; then close, open again and go on for two months, as a restart would."""
    first = partition()
    first.fold([*BEGIN, *between])
    outputs, states, shared = first.take_outputs(), dict(first.take_touched()), first.shared()
    second = partition({key: value for key, value in states.items() if value is not None}, shared)
    second.fold(REST)
    return outputs + second.take_outputs(), states | dict(second.take_touched())


def others(
    found: tuple[list[Output], dict[bytes, bytes | None]], key: bytes
) -> tuple[list[Output], dict[bytes, bytes | None]]:
    """Return what concerns everybody but the member of that key."""
    outputs, states = found
    theirs = [one for one in outputs if one.topic != LETTERS and key not in (one.key, _about(one))]
    return theirs, {name: state for name, state in states.items() if name != key}


def _about(output: Output) -> bytes:
    return str(orjson.loads(output.value).get("member", "")).encode()


GOOD = fold()


def check(key: bytes | None, value: bytes | None) -> str | None:
    """Fold one strange record among good ones; return why it became a dead letter, None where it did not."""
    outputs, states = found = fold(Record(7, key, value))
    assert others(found, key or b"") == others(GOOD, key or b"")
    assert all(len(one.value) + len(one.key) < RECORD_MAX for one in outputs)
    assert all(len(state or b"") < STATE_MAX for state in states.values())
    letters = [one for one in outputs if one.topic == LETTERS]
    for letter in letters:
        assert dict(letter.headers)["lotse-offset"] == b"7"
        whole = (key or b"", value or b"") == (letter.key, letter.value)
        assert whole or len(key or b"") + len(value or b"") > VALUE_MAX + KEY_MAX
    assert len(letters) <= 1
    return dict(letters[0].headers)["lotse-reason"].decode() if letters else None


def envelope(**changes: Any) -> bytes:
    """The JSON of an event of eve's, with changes."""
    good = {"specversion": "1.0", "id": "e", "type": "post.created", "time": "2026-01-05T12:00:00Z", "data": {}}
    return orjson.dumps(good | changes)


def dump(value: Any) -> bytes:
    """JSON with numbers of any size."""
    import json  # noqa: PLC0415

    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("reason", "key", "value"),
    [
        ("json", KEY, b"not json"),
        ("json", KEY, b'{"specversion":"1.0","id":"e","type":"post.created","time":"2026-01-05T12:00:00Z","data":{"text":"\xff"}}'),
        ("json", KEY, b'{"specversion":"1.0","id":"\xff","type":"post.created","time":"2026-01-05T12:00:00Z"}'),
        ("json", KEY, b'{"specversion":"1.0","id":"e","type":"post.created","time":"2026-01-05T12:00:00Z","data":{"text":"\\ud800"}}'),
        ("json", KEY, b'{"specversion":"1.0","id":"e","type":"post.created","time":"2026-01-05T12:00:00Z","data":' + b"[" * 50_000),
        ("json", KEY, b'{"specversion":"1.0","id":"e","type":"post.created","time":"2026-01-05T12:00:00Z","data":{"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}}"),
        ("schema", KEY, b"[" * 50_000),
        ("schema", KEY, envelope(id=5)),
        ("schema", KEY, envelope(id="i" * 300)),
        ("schema", KEY, envelope(data={"text": 5})),
        ("schema", KEY, envelope(data=[])),
        ("schema", KEY, envelope(type="absence.announced", data={"until": 1_767_614_400_000})),
        ("schema", KEY, envelope(type="profile.changed", data={"role": "r" * 300})),
        ("size", KEY, b" " * 2_000_000),
        ("size", KEY, None),
        ("key", None, envelope()),
        ("key", b"nobody", envelope()),
        ("key", b"town/\xff", envelope()),
        ("key", b"town/" + b"a" * 600, envelope()),
        ("key", b"town/" + b"a" * 2_000_000, envelope()),
        ("key", KEY, envelope(subject="town/ann")),
        ("version", KEY, envelope(specversion="2.0")),
        ("clock", KEY, envelope(time="0001-01-01T00:00:00")),
        ("clock", KEY, envelope(time="2026-01-05T12:00:00")),
        ("clock", KEY, envelope(time="2025-01-05T12:00:00Z")),
        ("clock", KEY, envelope(time="2027-01-05T12:00:00Z")),
        ("forged", KEY, envelope(type="signal", data={"kind": "overdue", "episode": "e"})),
        ("forged", b"@0", envelope(type="tick")),
        ("forged", b"@0", envelope(type="tick", seal="ü")),
        ("forged", b"@x", envelope()),
    ],
)  # fmt: skip
def test_poison_becomes_a_dead_letter_with_its_reason(reason: str, key: bytes | None, value: bytes | None) -> None:
    """Its raw bytes are kept; the member beside it is decided about as if it were not there."""
    assert check(key, value) == reason


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_event_of_the_vocabulary_stops_the_stage(data: st.DataObject) -> None:
    """Fields of any type and size: folded, or refused; states stay small and can be opened again."""
    kind = data.draw(st.sampled_from(sorted(COMMUNITY)))
    fields = [name for name in VOCABULARY[kind].__struct_fields__ if name]
    chosen = data.draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=len(fields)))
    time = data.draw(st.one_of(st.just("2026-01-05T12:00:00Z"), TIMES))
    given_id = data.draw(st.one_of(st.just("e"), VALUES))
    check(KEY, dump({"specversion": "1.0", "id": given_id, "type": kind, "time": time, "data": chosen}))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(POSTS), st.integers(0, 300), st.binary(max_size=4), st.integers(0, 4))
def test_no_damaged_byte_stops_the_stage(record: Record, at: int, put: bytes, cut: int) -> None:
    """A good record with bytes changed, missing or too many."""
    value = record.value or b""
    check(KEY, value[:at] + put + value[at + cut :])


def test_of_a_repeated_key_the_last_one_counts() -> None:
    """As in most readers of JSON; for the seal too, so that nothing is sealed that is not what is folded."""
    twice = envelope()[:-1] + b',"data":{"thread":"a","thread":"b"}}'
    once = envelope(data={"thread": "b"})
    assert fold(Record(7, KEY, twice)) == fold(Record(7, KEY, once)) != fold(Record(7, KEY, envelope()))
    assert check(b"@0", (tick(3).value or b"")[:-1] + b',"data":{"since":1.0}}') == "forged"
    assert check(KEY, envelope()[:-1] + b',"type":"tick"}') == "forged"


def test_control_records_are_never_an_outsiders() -> None:
    """Without the seal each type is forged; a sealed one cannot be given another time, id, key or meaning."""
    for kind in CONTROL:
        assert check(KEY, envelope(type=kind, data={})) == "forged"
    real = orjson.loads(tick(3).value or b"")
    for change in (
        {"time": "2026-03-01T12:00:00+00:00"},
        {"id": "another"},
        {"data": {"since": 5.0}},
        {"replay": True},
    ):
        assert check(b"@0", orjson.dumps(real | change)) == "forged"
