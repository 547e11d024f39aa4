"""The gateway as a process, on a real Kafka and Redis: what is answered 2xx lies in the log; all else is refused in clear words."""

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.topics import ANNOUNCEMENTS
from tests.support import in_process
from tests.support.delivering import fetch
from tests.support.gateways import SECRET, RunningGateway, environment, gateway_settings, running_gateway
from tests.support.in_process import Done
from tests.support.kafka import Broker, empty, read_all, running_kafka, wait_until
from tests.support.redis import running_redis
from tests.support.source_cases import CASES

pytestmark = pytest.mark.integration
T = "2026-01-31T12:00:00Z"
EVENT = {"specversion": "1.0", "id": "e1", "source": "/site", "type": "search.performed", "subject": "m1", "time": T, "data": {"query": "how"}}  # fmt: skip
BEARER = {"authorization": f"Bearer {SECRET}"}


@pytest.fixture(scope="module")
def gateway(kept_kafka: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """Run one gateway for the tests that only send."""
    empty(kept_kafka.bootstrap)
    with running_redis() as store:
        secrets = f"zapier={SECRET} zapier=the-older-one events={SECRET} discourse={SECRET} kit={SECRET}"
        settings = gateway_settings(kept_kafka.bootstrap, store.url, gateway_secrets=secrets)
        with running_gateway(settings, tmp_path_factory.mktemp("gateway") / "log") as running:
            yield running
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def key_of(gateway: RunningGateway, *options: str) -> dict[str, Any]:
    """Make a key by the command line."""
    done = lotse(gateway, "add", "a shop", "--json", *options)
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = orjson.loads(done.stdout)
    return made


def lotse(gateway: RunningGateway, *words: str) -> Done:
    """Run `lotse gateway key`."""
    return in_process.lotse("gateway", "key", *words, **environment(gateway.settings))


def written(gateway: RunningGateway, member: str) -> list[str]:
    """Return the types of a member's events in the log."""
    return [event.type for event in gateway.events() if event.key == member]


def test_every_mode_of_cloud_events_and_plain_json_is_written(gateway: RunningGateway) -> None:
    """Structured, binary, batch, our own words, lines, packed; under the member's key, on its partition."""
    one = {**EVENT, "subject": "modes"}
    structured = {"content-type": "application/cloudevents+json; charset=utf-8", **BEARER}
    batch = {"content-type": "application/cloudevents-batch+json", **BEARER}
    binary = {
        "content-type": "application/json", "ce-specversion": "1.0", "ce-id": "e3", "ce-source": "/a%20b", "ce-type": "post.read",
        "ce-subject": "modes", "ce-time": T, **BEARER,
    }  # fmt: skip
    plain = {"type": "post.created", "member": "modes", "id": "e4", "time": T, "text": "hello"}
    lines = orjson.dumps({**plain, "id": "e5"}) + b"\n" + orjson.dumps({**plain, "id": "e6"})
    bodies: list[tuple[bytes, dict[str, str]]] = [
        (orjson.dumps(one), structured),
        (orjson.dumps([{**one, "id": "e2"}, {**one, "id": "e2b"}]), batch),
        (b"{}", binary),
        (orjson.dumps(plain), BEARER),
        (lines, BEARER),
        (gzip.compress(orjson.dumps({**plain, "id": "e7"})), {"content-encoding": "gzip", **BEARER}),
    ]
    answers = [gateway.client.post("/events", content=body, headers=headers) for body, headers in bodies]
    assert [answer.status_code for answer in answers] == [202] * 6, [answer.text for answer in answers]
    assert [answer.json()["events"] for answer in answers] == [1, 2, 1, 1, 2, 1]
    assert written(gateway, "town/modes") == [*["search.performed"] * 3, "post.read", *["post.created"] * 4]


def test_an_announcement_goes_to_its_own_topic(gateway: RunningGateway) -> None:
    """Its key is the community."""
    body = {"type": "feature.announced", "id": "f1", "time": T, "data": {"name": "polls"}}
    assert gateway.json("/events", body, BEARER).status_code == 202
    assert [one.key for one in read_all(gateway.settings.bootstrap, ANNOUNCEMENTS)] == [b"town"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "reason", "told"),
    [
        (b"{", {}, 400, "body", "no JSON"),
        (b"\xff\xfe", {}, 400, "body", "no JSON"),
        (b"[" * 100 + b"]" * 100, {}, 400, "shape", "64 levels"),
        (b"x" * (5 << 20), {}, 413, "size", "larger than"),
        (b"[" + b"1," * 300_000 + b"1]", {}, 413, "shape", "values"),
        (gzip.compress(b"0" * (64 << 20)), {"content-encoding": "gzip"}, 413, "size", "decompressed"),
        (b"{}", {"content-encoding": "br"}, 415, "encoding", "gzip"),
        (b"<a/>", {"content-type": "text/xml"}, 415, "content_type", "JSON"),
        (b"{}", {"content-type": "application/cloudevents+avro"}, 415, "content_type", "JSON format"),
        (b"{}", {"content-type": "application/cloudevents-batch+json"}, 400, "body", "list"),
        (b"[]", {"content-type": "application/cloudevents+json"}, 400, "body", "object"),
        (b'{"type": "post.read"}', {}, 422, "invalid", "member"),
        (b'{"type": "tick", "member": "a"}', {}, 422, "invalid", "only the deployment itself"),
        (b'{"specversion": "1.0"}', {}, 422, "invalid", "id: expected"),
        (b"{}", {"authorization": "Bearer wrong"}, 401, "signature", "does not fit"),
        (b"{}", {"authorization": "Bearer lotse_000000000000_" + "a" * 43}, 401, "key", "no such key"),
        (b"{}", {"authorization": ""}, 401, "signature", "no secret"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_in_clear_words(
    gateway: RunningGateway, body: bytes, headers: dict[str, str], status: int, reason: str, told: str
) -> None:
    """A status, one word for machines, a message for people."""
    answer = gateway.client.post(
        "/events", content=body, headers={"content-type": "application/json", **BEARER, **headers}
    )
    assert (answer.status_code, answer.json()["error"]) == (status, reason), answer.text
    assert told in answer.json()["message"] + str(answer.json().get("errors"))


def test_a_batch_with_one_bad_event_is_not_half_written(gateway: RunningGateway) -> None:
    """All or nothing at the door of our own words."""
    good = {"type": "post.read", "member": "half", "id": "h1"}
    assert gateway.json("/events", [good, {"type": "post.read"}], BEARER).status_code == 422
    assert written(gateway, "town/half") == []


def test_doors_and_methods_that_do_not_exist_say_so(gateway: RunningGateway) -> None:
    """In JSON, as everything else."""
    for method, path, status in (
        ("POST", "/in/nobody", 404),
        ("GET", "/in/slack", 405),
        ("GET", "/", 404),
        ("PUT", "/events", 405),
    ):
        answer = gateway.client.request(method, path)
        assert (answer.status_code, "error" in answer.json()) == (status, True), path


def test_headers_without_an_end_close_the_connection(gateway: RunningGateway) -> None:
    """Neither uvicorn nor its parser has a bound."""
    answer = gateway.client.get("/events", headers={"x-much": "a" * 300_000})
    assert answer.status_code == 431


def test_the_handshake_of_cloud_events_is_answered(gateway: RunningGateway) -> None:
    """OPTIONS: who asks may send."""
    answer = gateway.client.options("/events", headers={"webhook-request-origin": "producer.example"})
    assert (answer.status_code, answer.headers["webhook-allowed-origin"]) == (200, "producer.example")


def test_keys_open_what_platforms_do_not_sign_for_their_own_community(gateway: RunningGateway) -> None:
    """/events for the key's community; a door of another community stays shut; a removed key opens nothing."""
    made = key_of(gateway, "--community", "city")
    headers = {"authorization": f"Bearer {made['key']}"}
    assert gateway.json("/events", {"type": "post.read", "member": "k"}, headers).status_code == 202
    assert written(gateway, "city/k") == ["post.read"]
    other = gateway.json("/in/zapier", {"type": "post.read", "member": "k"}, headers)
    assert (other.status_code, other.json()["error"]) == (403, "community")
    assert gateway.json("/events", {**EVENT, "subject": "town/k"}, headers).status_code == 422
    assert made["id"] in lotse(gateway, "ls").stdout
    assert made["key"] not in lotse(gateway, "ls", "--json").stdout
    assert lotse(gateway, "rm", made["id"]).returncode == 0
    assert lotse(gateway, "rm", made["id"]).returncode == 1
    wait_until(lambda: gateway.json("/events", {}, headers).status_code == 401, 30, "the key is forgotten", 1.0)


def test_a_key_is_held_to_its_rate(gateway: RunningGateway) -> None:
    """429 with Retry-After; what was refused is not written."""
    headers = {"x-api-key": key_of(gateway, "--rate", "5")["key"]}
    answers = [
        gateway.json("/events", {"type": "post.read", "member": "rate", "id": str(n)}, headers) for n in range(40)
    ]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert len(written(gateway, "town/rate")) == 40 - len(refused)


def test_an_older_secret_and_one_in_the_path_open_too(gateway: RunningGateway) -> None:
    """Rotation, and platforms that can set no header; a signed platform's secret in the path opens nothing."""
    body = {"type": "post.read", "member": "paths"}
    assert gateway.json("/in/zapier", body, {"x-webhook-secret": "the-older-one"}).status_code == 200
    assert gateway.json(f"/in/script/{SECRET}", body).status_code == 401  # a door of its own, without a secret
    assert gateway.json(f"/in/zapier/{SECRET}", body).status_code == 200
    assert gateway.json(f"/in/discourse/{SECRET}", {"ping": "OK"}).status_code == 401
    legacy = {"subscriber": {"id": 4, "state": "active", "created_at": T}}
    assert gateway.json(f"/in/kit/{SECRET}", legacy).status_code == 200
    assert gateway.json("/in/kit/wrong-secret", legacy).status_code == 401


@pytest.mark.parametrize(("source", "headers", "body", "expected"), [case for case in CASES if case[0] == "zapier"])
def test_platforms_payloads_are_written(
    gateway: RunningGateway, source: str, headers: dict[str, str], body: Any, expected: list[Any]
) -> None:
    """As the mappers read them."""
    answer = gateway.json(f"/in/{source}", body, {**headers, **BEARER})
    assert (answer.status_code, answer.json()["events"]) == (200, len(expected))


def test_metrics_count_by_door_and_never_by_what_is_asked_for(gateway: RunningGateway) -> None:
    """An unknown door is one series."""
    gateway.json("/in/nobody-at-all", {})
    page = fetch(gateway.settings.health_address, "metrics")[1]
    assert 'lotse_gateway_refused_total{door="none",reason="nothing_here"}' in page
    assert "nobody-at-all" not in page
    assert 'lotse_gateway_events_total{door="events"}' in page


def test_while_the_broker_is_away_senders_are_told_to_come_again(tmp_path: Path) -> None:
    """Before it was ever there, and after it was killed; nothing acknowledged is lost, and the gateway needs no restart."""
    with running_kafka() as broker, running_redis() as store:
        settings = gateway_settings(broker.bootstrap, store.url, gateway_secrets=f"events={SECRET}")
        _kill(broker)
        with running_gateway(settings, tmp_path / "log", ready=False) as running:
            taken = [_sent(running, 0)]
            assert taken == [503]
            assert fetch(settings.gateway_address, "ready")[0] == 503
            broker.start()
            wait_until(lambda: _sent(running, 1) == 202, 60, "the broker is found")
            _kill(broker)
            began = time.monotonic()
            assert _sent(running, 2) == 503
            assert time.monotonic() - began < 12
            broker.start()
            wait_until(lambda: _sent(running, 3) == 202, 60, "the broker is found again")
            assert {event.data.thread for event in running.events() if event.data} >= {"1", "3"}
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(60) == 0
        assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def _kill(broker: Broker) -> None:
    broker.kill()


def _sent(running: RunningGateway, number: int) -> int:
    body = {"type": "post.read", "member": "away", "id": str(number), "thread": str(number)}
    answer = running.json("/events", body, BEARER)
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) >= 1
    return answer.status_code


def test_topics_that_do_not_fit_end_the_process_with_a_word(gateway: RunningGateway) -> None:
    """On another number of partitions a member would be two."""
    settings = gateway_settings(gateway.settings.bootstrap, gateway.settings.redis)
    env = {**environment(settings), "LOTSE_PARTITIONS": "3"}
    command = [sys.executable, "-m", "streams.cli", "gateway"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 2
    assert "LOTSE_PARTITIONS says 3" in done.stderr
