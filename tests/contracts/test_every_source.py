"""Every source: payloads of our own writing give exactly these events; whatever else is sent raises nothing and gives nothing unsound."""

from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.events import Event
from processors.vocabulary import VOCABULARY
from streams.codec import Codec
from streams.gateway.payloads import Delivery, Mapped
from streams.gateway.signatures import SCHEMES
from streams.gateway.sources import ALIASES, SOURCES, read
from streams.gateway.sources.slack import challenge
from tests.support.source_cases import CASES, IGNORED, INVALID

RECEIVED = 1767225600.0
CODEC = Codec(b"a control key for tests")


def mapped(source: str, body: Any, headers: dict[str, str] | None = None, received: float = RECEIVED) -> Mapped:
    """Return what a source makes of a body."""
    return read([body], Delivery(source=source, community="town", received=received, headers=headers or {}))


def shown(event: Event) -> tuple[str, str, float, dict[str, Any]]:
    """Return an event without its id."""
    return event.type, event.key, event.time, orjson.loads(msgspec.json.encode(event.data))


@pytest.mark.parametrize(("source", "headers", "body", "expected"), CASES)
def test_a_payload_gives_these_events(source: str, headers: dict[str, str], body: Any, expected: list[Any]) -> None:
    """Type, key, time and all data; time None = the payload has none, so that of its arrival."""
    found = mapped(source, body, headers)
    assert found.errors == []
    assert [shown(one) for one in found.events] == [
        (kind, key, RECEIVED if time is None else time, data) for kind, key, time, data in expected
    ]
    assert all(one.data is not None and type(one.data) is VOCABULARY[one.type] for one in found.events)


@pytest.mark.parametrize(("source", "headers", "body", "reason"), IGNORED)
def test_a_payload_without_an_event_is_ignored_with_its_reason(
    source: str, headers: dict[str, str], body: Any, reason: str
) -> None:
    """Unknown kinds, pings, bots, private words."""
    found = mapped(source, body, headers)
    assert found.events == found.errors == []
    assert reason in found.ignored[0]


@pytest.mark.parametrize(("source", "body", "message"), INVALID)
def test_an_invalid_payload_is_told_with_its_place(source: str, body: Any, message: str) -> None:
    """What, where, and what was expected."""
    found = mapped(source, body)
    assert found.events == []
    assert message in found.errors[0]


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_shown_by_a_case_and_knows_its_signature(source: str) -> None:
    """A source without an example would be unproven; a scheme that does not exist would let nobody in."""
    assert source in {case[0] for case in CASES}
    assert SOURCES[source].signature in SCHEMES.values()


@pytest.mark.parametrize(("source", "headers", "body", "_expected"), CASES)
def test_the_same_delivery_twice_has_the_same_ids(
    source: str, headers: dict[str, str], body: Any, _expected: list[Any]
) -> None:
    """Whenever it comes; no two events of a delivery share one; another community's are others."""
    first, again = mapped(source, body, headers), mapped(source, body, headers, RECEIVED + 99)
    assert [one.id for one in first.events] == [one.id for one in again.events]
    assert len({one.id for one in first.events}) == len(first.events)
    elsewhere = read([body], Delivery(source=source, community="city", received=RECEIVED, headers=headers))
    assert not {one.id for one in first.events} & {one.id for one in elsewhere.events}


def test_one_bad_element_does_not_spoil_a_batch() -> None:
    """The others count, the fault is told with its number."""
    good = {"type": "presence.seen", "member": "m1"}
    found = mapped("zapier", [good, 7, {"type": "presence.seen"}, {"type": "x.y"}, {**good, "member": "m2"}])
    assert [one.key for one in found.events] == ["town/m1", "town/m2"]
    assert found.errors == ["[1]: expected a JSON object, found a number", "[2]: member: expected the member's id"]
    assert found.ignored == ["type x.y: outside the vocabulary; a mapping file can say what it means"]
    for source, empty in (
        ("zapier", []),
        ("segment", {"batch": []}),
        ("kit", {"events": []}),
        ("ga4", {"client_id": "1", "events": []}),
    ):
        assert mapped(source, empty).ignored == ["an empty batch"]


def test_a_post_seen_by_webhook_and_by_polling_is_one() -> None:
    """Its id is made of the forum's, not of the delivery's number."""
    post = {"post": {"id": 3, "user_id": 5, "raw": "words", "created_at": "2026-01-02T03:04:05Z"}}
    ids = {mapped("discourse", post, {"x-discourse-event-id": number}).events[0].id for number in ("1", "2")}
    assert len(ids) == 1


def test_slack_is_answered_with_its_challenge() -> None:
    """A url_verification carries no event but wants an answer; nothing else does."""
    assert challenge({"type": "url_verification", "challenge": "abc"}) == "abc"
    assert challenge({"type": "event_callback", "challenge": "abc"}) is None


def test_other_names_speak_the_same_language() -> None:
    """An alias gives the events of its source, with the same ids and keys."""
    for alias, source in ALIASES.items():
        body = next(case[2] for case in CASES if case[0] == source)
        assert mapped(alias, body) == mapped(source, body)


def test_two_platforms_never_share_a_member_by_chance() -> None:
    """Number 7 of a forum, of a CRM and of a newsletter are three people."""
    forum = mapped("discourse", {"post": {"id": 1, "user_id": 7, "raw": "a"}})
    crm = mapped("hubspot", {"subscriptionType": "contact.creation", "objectId": 7})
    letter = mapped("kit", {"subscriber": {"id": 7, "state": "active"}})
    assert len({one.events[0].key for one in (forum, crm, letter)}) == 3


def test_a_long_id_is_cut_without_becoming_another() -> None:
    """Two that differ at their end only stay two."""
    keys = {mapped("zapier", {"type": "presence.seen", "member": "m" * 5000 + end}).events[0].key for end in "ab"}
    assert len(keys) == 2
    assert max(map(len, keys)) < 220


KEYS = sorted({key for case in [*CASES, *IGNORED] for key in (case[2] if isinstance(case[2], dict) else {})} | {
    "type", "id", "user", "user_id", "event", "ts", "time", "text", "data", "member", "actor", "object", "verb", "members", "events", "batch",
})  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20) | st.sampled_from(["", "0", "1e999", "2026-01-01T00:00:00Z", "message", "Create", "track", "=x", "a/b", "@a", "\x00"])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)


def sound(found: Mapped) -> None:
    """Check that each event decodes again to itself, as the member log or the announcements would hold it."""
    for event in found.events:
        written = CODEC.encode(event)
        decode = CODEC.decode if "/" in event.key else CODEC.decode_announcement
        again = decode(event.key.encode(), written)
        assert (again.id, again.type, again.key, again.data) == (event.id, event.type, event.key, event.data)
        assert abs(again.time - event.time) < 1e-5
        assert len(written) < 60_000


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of a JSON value but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in inner for found in [(*at, key), *paths(one, (*at, key))]]


@given(
    st.sampled_from(sorted(SOURCES)),
    JSON,
    st.dictionaries(st.sampled_from(["x-discourse-event", "x-discourse-event-type"]), st.text(max_size=9)),
)
@settings(max_examples=200, deadline=None)
def test_arbitrary_json_raises_nothing(source: str, body: Any, headers: dict[str, str]) -> None:
    """Any JSON at all, at any source."""
    sound(mapped(source, body, headers))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_mutated_payloads_raise_nothing(data: st.DataObject) -> None:
    """A part of a real payload taken away, or anything put in its place: missing fields, nulls, lists for texts."""
    source, headers, body, _ = data.draw(st.sampled_from([*CASES, *IGNORED]))
    changed = orjson.loads(orjson.dumps(body))
    for _time in range(data.draw(st.integers(1, 3))):
        known = paths(changed)
        if not known:
            break
        *above, last = data.draw(st.sampled_from(known))
        place = changed
        for step in above:
            place = place[step]
        if data.draw(st.booleans()) and isinstance(place, dict):
            del place[last]
        else:
            place[last] = data.draw(JSON)
    found = mapped(source, changed, headers)
    sound(found)
    assert found.events or found.ignored or found.errors


@pytest.mark.parametrize("source", SOURCES)
def test_depth_breaks_nothing(source: str) -> None:
    """Lists and objects nested as deeply as the parser lets through."""
    for key in ("payload", "events", "batch", "statements", "object", "message", "data"):
        deep: Any = {"type": "events_api"}
        for _ in range(900):
            deep = {"type": "events_api", key: [deep] if key in ("events", "batch", "statements") else deep}
        sound(mapped(source, deep))
