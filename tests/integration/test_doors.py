"""Every door over HTTP: what platforms sign passes once, what is changed is refused, and whatever else is sent breaks nothing."""

import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.actions import Action
from sinks.action_tokens import ActionTokens
from streams.codec import Codec
from streams.gateway.doors import read_doors
from streams.gateway.openapi import document
from streams.gateway.sources import ALIASES, SOURCES
from streams.settings import Settings
from streams.topics import ACTIVITY
from tests.support.doors import Doors, doors
from tests.support.gateways import CONTROL_KEY, SECRET, RunningGateway, gateway_settings, running_gateway
from tests.support.kafka import Broker, empty, read_all
from tests.support.redis import running_redis
from tests.support.shared_data import requires_payloads, shared_payloads
from tests.support.signing import URL, signature
from tests.support.source_cases import CASES

pytestmark = pytest.mark.integration
SIGNED = ("discourse", "slack", "hubspot", "kit")
ALL = (*SOURCES, *ALIASES)
CONFORMANCE = [
    schemathesis.checks.not_a_server_error, schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance, schemathesis.checks.response_schema_conformance,
]  # fmt: skip
MEMORY_MAX_MIB = 400  # resident, after everything that was sent at it; at rest it has about 100


@pytest.fixture(scope="module")
def servers(kept_kafka: Broker) -> Iterator[tuple[str, str]]:
    """A broker and a store for all tests here."""
    empty(kept_kafka.bootstrap)
    with running_redis() as store:
        yield kept_kafka.bootstrap, store.url


@pytest.fixture(scope="module")
def open_doors(servers: tuple[str, str]) -> Iterator[Doors]:
    """The doors in this process, each with our secret."""
    secrets = " ".join(f"{name}={SECRET}" for name in (*ALL, "events"))
    with doors(gateway_settings(*servers, gateway_secrets=secrets, gateway_url=URL)) as running:
        yield running


def sent(running: Doors, source: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    """Send a signed request."""
    running.now += 1  # each is signed at a time of its own
    given = {"content-type": "application/json", **(headers or {}), **signature(source, body, running.now)}
    return running.post(f"/in/{source}", body, given)


def log_of(servers: tuple[str, str], key: str) -> list[Any]:
    """Return a member's events of the log, in order."""
    codec = Codec(CONTROL_KEY.encode())
    return [codec.decode(one.key, one.value) for one in read_all(servers[0], ACTIVITY) if one.key == key.encode()]


@pytest.mark.parametrize(("source", "headers", "body", "expected"), CASES)
def test_each_case_of_a_source_passes_its_door(
    open_doors: Doors, source: str, headers: dict[str, str], body: Any, expected: list[Any]
) -> None:
    """As many events as the mapper gives."""
    answer = sent(open_doors, source, orjson.dumps(body), headers)
    assert answer.status_code == 200, answer.text
    if source != "slack":
        assert answer.json()["events"] == len(expected)


@requires_payloads()
def test_every_published_example_passes_its_door(open_doors: Doors) -> None:
    """With the headers that lie beside it; as many events as stand in the table; what carries none is taken all the same."""
    table = Path(__file__).parents[1] / "contracts" / "shared_payloads.jsonl"
    for row in map(orjson.loads, table.read_bytes().splitlines()):
        path = shared_payloads() / row["file"]
        document = orjson.loads(path.read_bytes()) if path.suffix == ".json" else None
        beside = path.with_name(path.name.replace(".body.json", ".headers.json"))
        headers = orjson.loads(beside.read_bytes()) if beside != path and beside.exists() else {}
        if isinstance(document, dict) and all(isinstance(document.get(part), dict) for part in ("headers", "body")):
            headers = {name: value for name, value in document["headers"].items() if isinstance(value, str)}
        lower = {name.lower(): value for name, value in headers.items()}
        plain = {name: value for name, value in lower.items() if name.startswith("x-") and "signature" not in name}
        answer = sent(open_doors, row["file"].partition("/")[0], path.read_bytes(), plain)
        wanted = 422 if row["errors"] and not (row["events"] or row["ignored"]) else 200
        assert answer.status_code == wanted, (row["file"], answer.text)
        if answer.status_code == 200 and answer.content.startswith(b'{"events"'):
            assert answer.json()["events"] == len(row["events"]), row["file"]


@pytest.mark.parametrize("source", SIGNED)
def test_a_signed_request_passes_once_and_no_change_of_it_does(open_doors: Doors, source: str) -> None:
    """Another body, signature, secret, an old or a coming time; a second time it is a replay, however its header is written."""
    body, open_doors.now = orjson.dumps({"nothing": source}), open_doors.now + 10
    good = {"content-type": "application/json", **signature(source, body, open_doors.now)}
    name = next(name for name in good if "signature" in name)
    changed = {**good, name: good[name][:-3] + ("0" if good[name][-3] != "0" else "1") + good[name][-2:]}
    other = {**good, **signature(source, body, open_doors.now, "another-secret")}
    refused = [(body + b" ", good), (body, changed), (body, other), (body, {"content-type": "application/json"})]
    if source != "discourse":
        refused += [(body, signature(source, body, open_doors.now + offset)) for offset in (-301, 302)]
    for changed_body, headers in refused:
        answer = open_doors.post(f"/in/{source}", changed_body, headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "signature")
    assert open_doors.post(f"/in/{source}", body, good).status_code == 200
    again = {**good, name: good[name] + f",v1={'0' * 64}"} if source == "kit" else good
    answer = open_doors.post(f"/in/{source}", body, again)
    assert (answer.status_code, answer.json()["error"]) == (409, "replayed")


@requires_payloads()
def test_every_published_vector_passes_its_door_and_is_refused_when_tampered_with(servers: tuple[str, str]) -> None:
    """Discourse, Slack, Kit, Standard Webhooks; HubSpot's with the address that was signed."""

    def read(path: str) -> dict[str, Any]:
        return orjson.loads((shared_payloads() / path).read_bytes())  # type: ignore[no-any-return]

    one, two, three = (
        read("discourse/signature_vector.json"),
        read("slack/signature_vector.json"),
        read("kit/signature_vector_constructed.json"),
    )
    four = read("standard-webhooks/signature_vector.json")
    named = {part: four[part] for part in ("webhook-id", "webhook-timestamp")}
    vectors = [
        ("discourse", one["secret"], 0.0, one["raw_body"], {one["header"].lower(): one["expected"]}, "application/json"),
        ("slack", two["signing_secret"], float(two["timestamp"]), two["raw_body"],
         {"x-slack-signature": two["expected_signature"], "x-slack-request-timestamp": two["timestamp"]}, "application/x-www-form-urlencoded"),
        ("kit", three["secret"], float(three["t"]), three["raw_body"], {"x-kit-signature": three["expected"]}, "application/json"),
        ("zapier", four["secret"], float(four["webhook-timestamp"]), four["raw_body"], {"webhook-signature": four["expected"], **named}, "application/json"),
    ]  # fmt: skip
    secrets = " ".join(f"{door}={secret}" for door, secret, *_ in vectors)
    with doors(gateway_settings(*servers, gateway_secrets=secrets, app="vectors")) as running:
        for door, _, at, text, headers, kind in vectors:
            running.now, given = at or running.now, {**headers, "content-type": kind}
            tampered = running.post(f"/in/{door}", text.encode() + b"x", given)
            assert (tampered.status_code, tampered.json()["error"]) == (401, "signature"), door
            answer = running.post(f"/in/{door}", text.encode(), given)
            assert answer.status_code in (200, 400, 422), (
                door,
                answer.text,
            )  # signed; some bodies are no JSON, or no payload


def test_slack_hears_what_it_wants_to_hear(open_doors: Doors, servers: tuple[str, str]) -> None:
    """The challenge; an empty answer to presses; words to a slash command, which become a request for help; forms as it sends them."""
    answer = sent(open_doors, "slack", b'{"type": "url_verification", "challenge": "abc"}')
    assert (answer.status_code, answer.text) == (200, "abc")
    form = {"content-type": "application/x-www-form-urlencoded"}
    asked = urlencode(
        {"command": "/help", "text": "reset password", "user_id": "UH", "channel_id": "C1", "trigger_id": "9"}
    )
    answer = sent(open_doors, "slack", asked.encode(), form)
    assert answer.json()["response_type"] == "ephemeral"
    (event,) = log_of(servers, "town/slack:UH")
    assert (event.type, event.data.text) == ("help.requested", "reset password")
    retried = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    again = sent(open_doors, "slack", asked.encode(), {**form, **retried})
    assert again.status_code == 200
    assert len({one.id for one in log_of(servers, "town/slack:UH")}) == 1


def test_a_button_counts_for_whom_it_was_offered(open_doors: Doors, servers: tuple[str, str]) -> None:
    """Pressed by the member: an outcome; by somebody else: nothing; a retry is the same event."""
    token = ActionTokens([CONTROL_KEY.encode()]).sign(Action("snooze_7d", "town/slack:UB", "c7", "play"))

    def press(user: str) -> int:
        action = {"action_id": "lotse:snooze_7d", "value": token, "action_ts": str(open_doors.now)}
        payload = {"type": "block_actions", "user": {"id": user}, "trigger_id": "1", "actions": [action]}
        body = urlencode({"payload": orjson.dumps(payload).decode()}).encode()
        status: int = sent(open_doors, "slack", body, {"content-type": "application/x-www-form-urlencoded"}).status_code
        return status

    assert [press("UX"), press("UB"), press("UB")] == [200] * 3
    events = log_of(servers, "town/slack:UB")
    assert {(event.id, event.type, event.data.command) for event in events} == {(events[0].id, "outcome.snoozed", "c7")}
    assert log_of(servers, "town/slack:UX") == []


def test_one_verified_address_on_two_platforms_is_one_member(open_doors: Doors, servers: tuple[str, str]) -> None:
    """What Slack's account does from then on counts for the forum's member, with how sure that is; the address is nowhere."""
    user = {
        "id": 77,
        "username": "ann",
        "email": "ann@example.org",
        "active": True,
        "created_at": "2026-01-01T00:00:00Z",
    }
    sent(
        open_doors,
        "discourse",
        orjson.dumps({"user": user}),
        {"x-discourse-event": "user_created", "x-discourse-event-type": "user"},
    )
    joined = {"id": "UE", "is_email_confirmed": True, "profile": {"email": "Ann@example.org"}}
    for event in (
        {"type": "team_join", "user": joined},
        {"type": "reaction_added", "user": "UE", "item": {"channel": "C", "ts": "1.2"}},
    ):
        body = {"type": "event_callback", "event_id": event["type"], "event_time": 1769860800, "event": event}
        assert sent(open_doors, "slack", orjson.dumps(body)).status_code == 200
    raw = [one for one in read_all(servers[0], ACTIVITY) if one.key == b"town/discourse:77"]
    told = [(orjson.loads(one.value)["type"], orjson.loads(one.value).get("identityconfidence")) for one in raw]
    assert ("reaction.added", "0.9") in told
    assert log_of(servers, "town/slack:UE") == []
    assert all(b"example.org" not in one.value for one in raw)


def test_a_device_is_unsure_before_its_first_event(open_doors: Doors, servers: tuple[str, str]) -> None:
    """Segment's anonymous ids."""
    body = {"type": "page", "anonymousId": "d1", "messageId": "m1", "timestamp": "2026-01-31T12:00:00Z"}
    assert sent(open_doors, "segment", orjson.dumps(body)).status_code == 200
    first, second = log_of(servers, "town/anonymous:d1")
    assert (first.type, first.data.identity, second.type) == ("profile.changed", "unsure", "presence.seen")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/cloudevents+json",
    "text/plain",
    "",
    "multipart/form-data; boundary=x",
)
BODIES = (
    st.binary(max_size=300)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.sampled_from([orjson.dumps(case[2]) for case in CASES])
)


@given(
    st.sampled_from(ALL),
    BODIES,
    st.sampled_from(KINDS),
    st.sampled_from(("", "gzip", "deflate", "br")),
    st.text(max_size=20),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_signed_breaks_no_door(
    open_doors: Doors, source: str, body: bytes, kind: str, encoding: str, event: str
) -> None:
    """No 5xx, no exception: what cannot be read is told as 4xx."""
    header = event.encode("ascii", "ignore").decode().strip()
    given = {
        "content-type": kind,
        "content-encoding": encoding,
        "x-discourse-event": header if header.isprintable() else "x",
    }
    answer = sent(open_doors, source, body, given)
    assert answer.status_code in (200, 400, 409, 413, 415, 422), answer.text
    if answer.status_code != 200:
        assert {"error", "message"} <= answer.json().keys()


@given(
    BODIES,
    st.sampled_from(KINDS),
    st.dictionaries(
        st.sampled_from(("ce-specversion", "ce-id", "ce-type", "ce-time", "ce-subject", "ce-source")),
        st.sampled_from(("1.0", "%zz", "post.read", "", "a/b")),
    ),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_with_a_key_breaks_nothing(
    open_doors: Doors, body: bytes, kind: str, attributes: dict[str, str]
) -> None:
    """The same at /events, in each of its modes."""
    answer = open_doors.post("/events", body, {"content-type": kind, "authorization": f"Bearer {SECRET}", **attributes})
    assert answer.status_code in (202, 400, 413, 415, 422), answer.text


@pytest.fixture(scope="module")
def gateway(servers: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway as a process, for what is sent over the wire."""
    secrets = " ".join(f"{name}={SECRET}" for name in ("events", "zapier", "circle"))
    given = gateway_settings(*servers, gateway_secrets=secrets, app="wire")
    with running_gateway(given, tmp_path_factory.mktemp("wire") / "log") as running:
        yield running
        assert running.process.poll() is None
        assert running.resident_mib() < MEMORY_MAX_MIB
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


DESCRIBED = schemathesis.openapi.from_dict(document(ALL))
OPERATIONS = [found.ok() for found in DESCRIBED.get_all_operations()]


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_answers_are_as_described(gateway: RunningGateway, operation: Any, mode: Any) -> None:
    """What fits the document and what does not: statuses, types and shapes stand in it; nothing is a 5xx."""
    assert gateway.client.get("/openapi.json").json() == document(ALL)

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        answer = case.call(base_url=gateway.url, headers={"authorization": f"Bearer {SECRET}"})
        case.validate_response(answer, checks=CONFORMANCE)

    holds()


def test_a_flood_of_bodies_and_bombs_leaves_the_memory_bounded(gateway: RunningGateway) -> None:
    """Large bodies that are refused, one after the other and at once: a fixture looks at the memory in the end."""
    bomb, large = gzip.compress(b"[" + b"0," * (8 << 20) + b"0]"), b"x" * (5 << 20)
    began = time.monotonic()

    def send(number: int) -> int:
        headers = {"authorization": f"Bearer {SECRET}", "content-type": "application/json"}
        if number % 2:
            return gateway.client.post(
                "/events", content=bomb, headers={**headers, "content-encoding": "gzip"}
            ).status_code
        return gateway.client.post("/events", content=large, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(60))) <= {413, 503}
    assert gateway.resident_mib() < MEMORY_MAX_MIB, time.monotonic() - began


def test_there_is_a_case_for_each_door(open_doors: Doors) -> None:
    """A door without one would be unproven."""
    named = read_doors(Settings(community="town")).keys()
    assert set(ALL) | {"events"} == set(named)
    assert {case[0] for case in CASES} == set(SOURCES)
