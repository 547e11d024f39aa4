"""Fields set in a playbook's text: only their own lines change, comments stay, and what was set is what is read."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resource_catalog.condition_fields import plain
from resource_catalog.loader import SHIPPED
from resource_catalog.playbook_text import edited, field_at, fields_of
from tests.support.own_catalog import WELCOME

SHIPPED_TEXTS = sorted((SHIPPED / "playbooks").glob("*.yaml"))[::7]
WORDS = st.text("abcxyzäö:#'\"{}[],- 019|>&*!%@`\\~?", min_size=1, max_size=20).filter(
    lambda text: text.strip() == text
)


def differing(before: str, after: str) -> list[str]:
    """The lines of the text before that are not in the text after."""
    return [line for line in before.splitlines() if line not in after.splitlines()]


@pytest.mark.parametrize(
    ("path", "value", "gone"),
    [
        (("describe",), "Another sentence", "describe: Say where to begin   # one sentence"),
        (("maturity",), "off", "maturity: shadow   # for now"),
        (("limits", "expires"), "2 days", "limits: {once_per: member, expires: 1 day}   # once is enough"),
        (("offer", "resource"), "other", "  resource: first-steps   # two small steps"),
        (("goal",), None, "goal: {event: post.created, within: 7 days}"),
    ],
)
def test_only_the_lines_of_a_field_change(path: tuple[str, ...], value: Any, gone: str) -> None:
    """The comment behind a value stays with it; those between fields stay where they are."""
    text = edited(WELCOME, {path: value})
    assert differing(WELCOME, text) == [gone]
    comment = gone.partition("#")[2]
    assert value is None or not comment or f"#{comment}" in text
    found = fields_of(text)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    assert found == value


def test_a_new_field_stands_where_it_usually_does() -> None:
    """After those before it; in a map that is not there, and at the end of a text without its last line break."""
    text = edited(WELCOME, {("wait",): "20 minutes", ("unless", "event"): ["post.created", "post.replied"]})
    lines = text.splitlines()
    assert lines.index("wait: 20 minutes") == lines.index("if: {member.role: {none: [bot, staff]}}") + 1
    assert "unless: {event: [post.created, post.replied]}" in lines
    assert differing(WELCOME, text) == []
    assert edited("id: a.b", {("owner",): "team"}) == "id: a.b\nowner: team\n"
    assert edited(WELCOME, {("wait",): None, ("unless", "event"): None}) == WELCOME, "what is not there is not removed"


def test_a_map_that_loses_its_last_field_goes() -> None:
    """Rather than being left empty."""
    assert "goal" not in fields_of(edited(WELCOME, {("goal", "event"): None, ("goal", "within"): None}))


def test_a_file_in_one_line_is_edited_too() -> None:
    """Where fields share lines, all of it is written anew."""
    text = edited("{id: a.b, maturity: shadow}\n", {("maturity",): "off", ("limits", "expires"): "1 day"})
    assert plain(fields_of(text)) == {"id": "a.b", "maturity": "off", "limits": {"expires": "1 day"}}


@pytest.mark.parametrize("path", SHIPPED_TEXTS, ids=lambda path: path.stem)
def test_what_changes_nothing_changes_no_byte(path: Path) -> None:
    """Of any shipped playbook: its own description set again; another owner changes one line."""
    text = path.read_text(encoding="utf-8")
    data = fields_of(text)
    assert edited(text, {("describe",): str(data["describe"])}) == text
    changed = edited(text, {("owner",): "somebody"})
    assert len(differing(text, changed)) <= 1
    assert plain(fields_of(changed)) == {**plain(data), "owner": "somebody"}


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_whatever_is_written_is_read_again(describe: str, line: str) -> None:
    """However much it looks like YAML; nothing else changes by it."""
    text = edited(WELCOME, {("describe",): describe, ("because", "en"): line, ("offer", "say"): {"en": line}})
    found = plain(fields_of(text))
    assert (found["describe"], found["because"]["en"], found["offer"]["say"]["en"]) == (describe, line, line)
    before = plain(fields_of(WELCOME))
    assert {name: found[name] for name in before if name not in ("describe", "because", "offer")} == {
        name: before[name] for name in before if name not in ("describe", "because", "offer")
    }


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: &x 1\nb: *x\n", "a: !!python/object:os.system 1\n"])
def test_what_is_no_map_of_fields_is_refused(text: str) -> None:
    """Aliases, which make a small text huge, and tags too."""
    with pytest.raises(ValueError, match=r"."):
        edited(text, {("owner",): "x"})


def test_a_line_belongs_to_a_field() -> None:
    """To the topmost one before it."""
    lines = WELCOME.splitlines()
    assert field_at(WELCOME, lines.index("  channels: [in_app, email]") + 1) == "offer"
    assert field_at(WELCOME, 1) == ""
