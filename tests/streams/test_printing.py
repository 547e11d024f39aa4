"""Lines for a terminal: no words of members unless asked for, no character that acts on the screen."""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from processors.commands import Command
from processors.decisions import Decision
from processors.threads import ThreadPost
from processors.vocabulary import VOCABULARY
from streams.errors import UserError
from streams.printing import OURS, WORDS, line_of, member_key, printable


def record(value: bytes | None, topic: str = "community.activity.v1") -> Any:
    """A record as a consumer gives it."""
    return SimpleNamespace(topic=topic, partition=1, offset=2, timestamp=3, key=b"town/ann", value=value, headers=[])


def test_words_of_members_are_left_out_unless_asked_for() -> None:
    """Their length is shown; ids, kinds and times stay."""
    value = orjson.dumps(
        {"id": "e1", "type": "post.created", "data": {"text": "help me", "channel": "general", "more": ["x"]}}
    )
    shown = orjson.loads(line_of(record(value), text=False))
    assert shown["value"] == {
        "id": "e1",
        "type": "post.created",
        "data": {"text": "(7 characters)", "channel": "general", "more": ["x"]},
    }
    assert (shown["partition"], shown["offset"], shown["key"]) == (1, 2, "town/ann")
    assert orjson.loads(line_of(record(value), text=True))["value"] == orjson.loads(value)


def test_words_in_fields_that_nobody_knows_are_left_out_too() -> None:
    """A producer may add fields; a stage's own words about what was needed stay."""
    value = orjson.dumps({"data": {"body": "two words"}, "needed": "budget_day > 1"})
    assert orjson.loads(line_of(record(value), text=False))["value"] == {
        "data": {"body": "(9 characters)"},
        "needed": "budget_day > 1",
    }


def test_dead_letters_and_broken_json_show_their_length_only() -> None:
    """They keep to no contract."""
    assert (
        orjson.loads(line_of(record(b'{"x":"word"}', "community.activity.v1.dlq"), text=False))["value"] == "(12 bytes)"
    )
    assert orjson.loads(line_of(record(b"{broken"), text=False))["value"] == "(7 bytes, no JSON)"
    assert orjson.loads(line_of(record(b"{broken"), text=True))["value"] == "{broken"
    assert orjson.loads(line_of(record(None), text=False))["value"] is None


@pytest.mark.parametrize("text", [False, True])
def test_of_the_safety_lane_only_id_time_and_reason_are_shown(text: bool) -> None:
    """A decision or a command of it, asked for words or not."""
    value = {
        "id": "d1",
        "member": "town/ann",
        "time": 1.0,
        "reason": "sent",
        "lane": "safety",
        "resource": "crisis-support",
    }
    shown = orjson.loads(line_of(record(orjson.dumps(value), "decisions.v1"), text=text))
    assert shown["value"] == {"id": "d1", "time": 1.0, "reason": "sent"}


@pytest.mark.parametrize("acting", ["\x1b[2J", "\x9b31m", "\u202egnirts", "\x07", "line\nline"])
def test_no_character_acts_on_the_terminal(acting: str) -> None:
    """Escape sequences (C1 too), bells and turned writing come as escapes, and are the same in JSON."""
    line = line_of(record(orjson.dumps({"data": {"text": acting}})), text=True)
    assert line.isprintable()
    assert orjson.loads(line)["value"]["data"]["text"] == acting
    assert printable("Zürich, 12 °") == "Zürich, 12 °"


@pytest.mark.parametrize("member", ["", "ann", "/ann", "town/"])
def test_a_member_is_named_with_the_community(member: str) -> None:
    """Else one message says what is expected."""
    with pytest.raises(UserError, match="expected <community>/<member>"):
        member_key(member)


def test_the_list_of_words_names_fields_that_exist() -> None:
    """A renamed field would otherwise be shown unseen."""
    fields = {name for data in VOCABULARY.values() for name in data.__struct_fields__}
    assert fields | {*Command.__struct_fields__, *ThreadPost.__struct_fields__} >= WORDS
    assert {*Decision.__struct_fields__} >= OURS
