"""The checks of the conformance kit are those that its page tells of; the page's code makes outcomes that are taken."""

import re
from typing import Any

import pytest

from streams.codec import Codec, UndecodableError
from streams.conformance.cases import Case
from streams.conformance.checks import CHECKS, FIRST, LAST
from streams.conformance.receiver import Arrivals, mark_of
from tests.support.tree import ROOT

PAGE = (ROOT / "streams" / "conformance" / "README.md").read_text(encoding="utf-8")


def test_the_page_lists_the_checks() -> None:
    """By name and in their words."""
    assert re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE, re.MULTILINE) == [(one.name, one.says) for one in CHECKS]
    assert {FIRST, LAST} <= {one.name for one in CHECKS}


def test_the_code_of_the_page_makes_outcomes_that_are_taken() -> None:
    """Sealed with the deployment's key, the same id each time; under another key it would be forged."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)
    key, member = "a control key for tests", b"town/ann"
    value = made["outcome"](key, "town/ann", "c1", "failed", "event_stale")
    event = Codec(key.encode()).decode(member, value)
    assert (event.type, event.data.command, event.data.reason) == ("outcome.failed", "c1", "event_stale")  # type: ignore[union-attr]
    assert event.id == Codec(key.encode()).decode(member, made["outcome"](key, "town/ann", "c1", "failed")).id


def test_the_sealed_event_of_the_page_is_taken_and_a_changed_one_is_not() -> None:
    """What somebody who writes in another language holds their seal against."""
    (event,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    codec = Codec(b"the control key of an example")
    assert codec.decode(b"town/ann", event.encode()).type == "outcome.delivered"
    for before, after in (("c0ffee", "c0ffef"), ("12:00:00", "12:00:01"), ("59de", "59df")):
        with pytest.raises(UndecodableError, match="forged"):
            codec.decode(b"town/ann", event.replace(before, after, 1).encode())
    with pytest.raises(UndecodableError, match="forged"):
        codec.decode(b"town/bob", event.replace("town/ann", "town/bob").encode())


def test_commands_of_a_case_are_its_own() -> None:
    """Another check, another run, another part: another id and mark; a recall bears no mark."""
    first, other = Case("r1", "delivers", "in_app", 1e9), Case("r2", "delivers", "in_app", 1e9)
    names = [first.command().id, first.command("2").id, other.command().id]
    assert len({mark_of(one) for one in names}) == 3
    assert mark_of(names[0]) in first.command().text
    assert "mark-" not in str(first.recall(first.command()))


def test_the_receiver_knows_a_command_by_its_mark() -> None:
    """Once for a request, wherever the mark stands; answers as it was told to."""
    arrivals = Arrivals()
    arrivals.answers[mark_of("c1")] = lambda before: 503 if before < 1 else 200
    body = f"title {mark_of('c1')} text {mark_of('c1')}".encode()
    assert [arrivals.take(body)[0], arrivals.take(body)[0]] == [503, 200]
    assert [one.taken for one in arrivals.of("c1")] == [False, True]
    assert arrivals.take(b"nothing of ours") == (200, 0.0)
    assert arrivals.of("c2") == []
