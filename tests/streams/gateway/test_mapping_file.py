"""Mapping files: payloads of any shape become events without code; a file with mistakes says each of them."""

from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from streams.errors import UserError
from streams.gateway.mapping_file import read_mapping
from streams.gateway.payloads import Delivery, Mapped
from streams.gateway.sources import read

FILE = """
each: rows
events:
  - type: event.registered
    when: {kind: [rsvp, 7], meta.state: confirmed}
    member: person.0.id
    id: [number, meta.state]
    time: at
    data: {name: event.slug, title: "=A meeting", interests: tags, starts: begins}
  - type: post.replied
    when: {kind: comment}
    member: person.0.id
    data: {text: words, to: answered, thread: number}
  - type: feature.announced
    when: {kind: news}
    data: {name: number}
"""
ROW = {"kind": "rsvp", "number": 5, "at": "2026-01-31T12:00:00+01:00", "person": [{"id": "m1"}], "meta": {"state": "confirmed"},
       "event": {"slug": "meetup"}, "tags": "ferns, moss", "begins": 1769860800}  # fmt: skip


def mapped(tmp_path: Path, body: Any, source: str = "zapier", content: str = FILE) -> Mapped:
    """Return what the mapping makes of a body."""
    path = tmp_path / "map.yaml"
    path.write_text(content)
    return read([body], Delivery(source=source, community="town", received=1767225600.0), read_mapping(path))


def test_the_first_rule_that_fits_says_what_a_payload_means(tmp_path: Path) -> None:
    """Paths into lists and objects, literals, times with zone, lists in a text, members of the data as keys."""
    found = mapped(
        tmp_path,
        {"rows": [ROW, {**ROW, "kind": "comment", "words": "<p>Yes</p>", "answered": 9}, {**ROW, "kind": "news"}]},
    )
    assert [(one.type, one.key, one.time, orjson.loads(msgspec.json.encode(one.data))) for one in found.events] == [
        ("event.registered", "town/m1", 1769857200.0,
         {"name": "meetup", "title": "A meeting", "interests": ["ferns", "moss"], "starts": 1769860800.0}),
        ("post.replied", "town/m1", 1767225600.0, {"text": "Yes", "to": "town/9", "thread": "5"}),
        ("feature.announced", "town", 1767225600.0, {"name": "5"}),
    ]  # fmt: skip
    assert found.ignored == found.errors == []


def test_ids_are_those_the_rule_names_or_a_hash_of_the_payload(tmp_path: Path) -> None:
    """What the id does not name does not change it; without one every change does."""
    other = {**ROW, "tags": "heath"}
    assert mapped(tmp_path, {"rows": [ROW]}).events[0].id == mapped(tmp_path, {"rows": [other]}).events[0].id
    row = {**ROW, "kind": "comment"}
    ids = [mapped(tmp_path, {"rows": [one]}).events[0].id for one in (row, row, {**row, "words": "b"})]
    assert ids[0] == ids[1] != ids[2]


def test_what_no_rule_fits_is_left_to_the_source(tmp_path: Path) -> None:
    """A condition that does not hold, a member that is not there, no list at all."""
    for row in ({**ROW, "meta": {}}, {**ROW, "person": []}):
        found = mapped(tmp_path, {"rows": [row]})
        assert found.events == []
        assert len(found.ignored) == 1
    own = mapped(tmp_path, {"type": "presence.seen", "member": "m2"})
    assert [one.key for one in own.events] == ["town/m2"]


def test_what_a_rule_needs_and_does_not_find_is_an_error(tmp_path: Path) -> None:
    """The fault names the element and the field."""
    content = "events: [{type: absence.announced, member: id, data: {until: end}}]"
    assert mapped(tmp_path, {"id": 1, "end": "soon"}, content=content).errors == [
        "absence.announced: its data needs until"
    ]
    assert mapped(tmp_path, {"id": 1, "end": "2026-03-01"}, content=content).events[0].key == "town/1"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "map.yaml:1:1: an empty file"),
        ("events: [", "no valid YAML"),
        ("events: 3", "events: expected a list of 1 to 200 rules"),
        ("evnts: []\nevents: [{type: post.read, member: a}]", "map.yaml:1:8: unknown field evnts; did you mean events?"),
        ("events:\n  - type: post.craeted\n    member: a", "map.yaml:2:11: type: expected a type of the vocabulary, found post.craeted; did you mean post.created?"),
        ("events:\n  - {type: post.read}", "member: missing"),
        ("events:\n  - {type: outcome.seen, member: a}", "expected a type of the vocabulary"),
        ("events:\n  - type: post.created\n    member: a\n    data: {tekst: b}", "unknown field tekst; did you mean text?"),
        ("events:\n  - {type: absence.announced, member: a}", "absence.announced needs until"),
        ("events:\n  - {type: post.read, member: a, when: {b: {c: d}}}", "b: expected a text or number"),
        ("events: [7]", "expected fields, found a number"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: str, expected: str) -> None:
    """Line, column, what was expected, the nearest right word."""
    path = tmp_path / "map.yaml"
    path.write_text(content)
    with pytest.raises(UserError) as told:
        read_mapping(path)
    assert expected in str(told.value)
