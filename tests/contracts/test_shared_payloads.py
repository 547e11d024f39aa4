"""Published example payloads give the events that stand in shared_payloads.jsonl, field by field; words only by their length."""

from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from streams.gateway.documents import parse
from streams.gateway.payloads import Delivery, Mapped
from streams.gateway.sources import SOURCES, read
from tests.support.shared_data import requires_payloads, shared_payloads

ROWS = [orjson.loads(line) for line in Path(__file__).with_name("shared_payloads.jsonl").read_bytes().splitlines()]
RECEIVED = 1.0e9
WORDS = ("text", "title")


def mapped(path: Path, *, with_headers: bool = True) -> Mapped:
    """Return what a file gives, with the headers that lie beside it."""
    beside = path.with_name(path.name.replace(".body.json", ".headers.json"))
    headers = orjson.loads(beside.read_bytes()) if with_headers and beside != path and beside.exists() else {}
    documents = parse(path.read_bytes())
    lower = {name.lower(): value for name, value in headers.items()}
    source = path.relative_to(shared_payloads()).parts[0]
    delivery = Delivery(source=source, community="town", received=RECEIVED, headers={**documents.headers, **lower})
    return read(documents.bodies, delivery)


def row(name: str, found: Mapped) -> dict[str, Any]:
    """Return what is compared: time None where the payload has none, words as their length."""
    events = []
    for event in found.events:
        data = orjson.loads(msgspec.json.encode(event.data))
        data = {field: len(value) if field in WORDS else value for field, value in data.items()}
        events.append([event.id, event.type, event.key, None if event.time == RECEIVED else event.time, data])
    return {"file": name, "events": events, "ignored": found.ignored, "errors": found.errors}


@requires_payloads()
@pytest.mark.parametrize("expected", ROWS, ids=[one["file"] for one in ROWS])
def test_an_example_gives_these_events(expected: dict[str, Any]) -> None:
    """Ids too: a producer's repeats are known by them, so that they must not change from one version to the next."""
    assert row(expected["file"], mapped(shared_payloads() / expected["file"])) == expected


@requires_payloads()
def test_every_example_of_a_source_stands_in_the_table() -> None:
    """All files that a platform could send; what belongs to its own API or its description is not among them."""
    outside = ("openapi", "method_ref", "response_shapes", "event_ref", "api_fixtures", "responses")
    there = {
        path.relative_to(shared_payloads()).as_posix()
        for source in SOURCES
        for path in (shared_payloads() / source).rglob("*.json")
        if path.parent.name not in outside
        and not path.name.endswith(".headers.json")
        and "signature_vector" not in path.name
    }
    assert there == {one["file"] for one in ROWS}


@requires_payloads()
def test_without_headers_the_kind_is_told_from_the_body() -> None:
    """Of every Discourse example but the one whose body cannot say that somebody was promoted or created."""
    for expected in (one for one in ROWS if one["file"].startswith("discourse/")):
        found = row("", mapped(shared_payloads() / expected["file"], with_headers=False))
        assert [one[1:] for one in found["events"]] == [one[1:] for one in expected["events"]]


@requires_payloads()
def test_answers_of_platforms_own_interfaces_raise_nothing() -> None:
    """Fixtures and answers of an API are no deliveries; sent by mistake they are read or ignored."""
    for path in sorted((shared_payloads() / "discourse").glob("[ar]*/*.json")) + sorted(
        (shared_payloads() / "slack").glob("*_[rs]*/*.json")
    ):
        found = mapped(path)
        assert found.events or found.ignored or found.errors
