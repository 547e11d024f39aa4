"""Variants and steps in rows of a form: what was changed is in the text, in its place, and the comments beside it stay."""

from typing import Any

import pytest

from resource_catalog.condition_fields import plain
from resource_catalog.loader import SHIPPED
from resource_catalog.playbook_text import fields_of
from streams.console.playbook_form import read_form, with_form
from streams.console.playbook_rows import STEP, VARIANT, as_sequence, rows_of
from tests.support.own_catalog import WELCOME

STEPS = """id: a.week
when: {event: community.joined}
steps:
  # Nobody is hurried.
  - id: look   # around
    after: 2 days
    unless: {event: post.read, if: {member.posts: 1}}
    offer: {resource: first, channels: [in_app]}
  - id: people
    after: 2 days   # of rest
    offer:
      resource: second   # by name
      channels: [in_app]
      variants: [{if: {member.role: helper}, resource: third}]
because: you joined
"""
VARIANTS = """id: a.b
offer:
  resource: people
  variants:
    # Whoever lives near.
    - {if: {member.region: {known: true}}, resource: near}
    - if: {member.role: helper}   # those who help
      say: {en: hello, de: hallo}
  channels: [in_app]
because: you joined
"""


def read(text: str, **given: str) -> dict[str, Any]:
    """Return what a text says once a form changed something of it."""
    return dict(plain(fields_of(with_form(text, {**read_form(text).values, **given}))))


def test_rows_are_the_entries_and_an_empty_one() -> None:
    """As inputs hold them; a playbook without steps has none to fill, and one with steps no variants of the whole."""
    near, helper, fresh = rows_of(fields_of(VARIANTS), VARIANT)
    assert near.values == {"resource": "near", "if": "member.region: {known: true}", "say_en": "", "say_de": ""}
    assert helper.values == {"resource": "", "if": "member.role: helper", "say_en": "hello", "say_de": "hallo"}
    assert fresh.fresh
    assert set(fresh.values.values()) == {""}
    look, _people, _fresh = rows_of(fields_of(STEPS), STEP)
    assert {name: look.values[name] for name in ("id", "after", "resource", "unless", "channel_in_app", "channel_email")} == {
        "id": "look", "after": "2 days", "resource": "first", "unless": "post.read", "channel_in_app": "1", "channel_email": "",
    }  # fmt: skip
    assert rows_of(fields_of(VARIANTS), STEP) == []
    assert rows_of(fields_of(STEPS), VARIANT) == []


@pytest.mark.parametrize(
    ("given", "at", "entry"),
    [
        ({"step0_after": "3 days", "step0_resource": "other"}, 0, {"id": "look", "after": "3 days", "unless": {"event": "post.read", "if": {"member.posts": 1}}, "offer": {"resource": "other", "channels": ["in_app"]}}),
        ({"step0_unless": ""}, 0, {"id": "look", "after": "2 days", "unless": {"if": {"member.posts": 1}}, "offer": {"resource": "first", "channels": ["in_app"]}}),
        ({"step0_resource": "", "step0_best_of": "theme/x", "step0_goal": "post.created", "step0_goal_within": "3 days"}, 0, {"id": "look", "after": "2 days", "unless": {"event": "post.read", "if": {"member.posts": 1}}, "offer": {"best_of": "theme/x", "channels": ["in_app"]}, "goal": {"event": "post.created", "within": "3 days"}}),
        ({"step1_channel_email": "1", "step1_because_de": "du bist neu", "step1_if": "member.posts: 0"}, 1, {"id": "people", "after": "2 days", "offer": {"resource": "second", "channels": ["in_app", "email"], "variants": [{"if": {"member.role": "helper"}, "resource": "third"}]}, "because": {"de": "du bist neu"}, "if": {"member.posts": 0}}),
        ({"step2_id": "last", "step2_after": "1 week", "step2_resource": "it: all", "step2_channel_email": "1"}, 2, {"id": "last", "after": "1 week", "offer": {"resource": "it: all", "channels": ["email"]}}),
    ],
)  # fmt: skip
def test_a_changed_step_is_in_the_text(given: dict[str, str], at: int, entry: dict[str, object]) -> None:
    """And all others are as they were, with their comments."""
    text = with_form(STEPS, {**read_form(STEPS).values, **given})
    found, before = plain(fields_of(text))["steps"], plain(fields_of(STEPS))["steps"]
    assert found[at] == entry
    assert [one for number, one in enumerate(found) if number != at] == [
        one for number, one in enumerate(before) if number != at
    ]
    for comment in ("# Nobody is hurried.", "# around", "# of rest", "# by name"):
        assert comment in text


def test_variants_are_changed_added_and_taken_out() -> None:
    """In order; the comments beside the others stay, and the last one takes the list with it."""
    one = read(
        VARIANTS,
        variant1_say_en="good day",
        variant0_if="member.region: north",
        variant2_if="member.posts: 0",
        variant2_resource="new",
    )
    assert one["offer"] == {
        "resource": "people", "channels": ["in_app"],
        "variants": [
            {"if": {"member.region": "north"}, "resource": "near"}, {"if": {"member.role": "helper"}, "say": {"en": "good day", "de": "hallo"}},
            {"resource": "new", "if": {"member.posts": 0}},
        ],
    }  # fmt: skip
    text = with_form(VARIANTS, {**read_form(VARIANTS).values, "variant0_remove": "1"})
    assert "# those who help" in text
    assert plain(fields_of(text))["offer"]["variants"] == [
        {"if": {"member.role": "helper"}, "say": {"en": "hello", "de": "hallo"}}
    ]
    assert read(VARIANTS, variant0_remove="1", variant1_remove="1")["offer"] == {
        "resource": "people",
        "channels": ["in_app"],
    }
    first = read(WELCOME, variant0_if="member.role: helper", variant0_resource="for-helpers")["offer"]
    assert first == {
        "resource": "first-steps",
        "channels": ["in_app", "email"],
        "variants": [{"if": {"member.role": "helper"}, "resource": "for-helpers"}],
    }


def test_what_no_row_shows_is_said_and_kept() -> None:
    """Conditions that end a wait, variants of a step, a text in tones."""
    assert read_form(STEPS).kept == ["steps.1.unless.if", "steps.2.offer.variants"]
    toned = VARIANTS.replace("en: hello", "en: {plain: hello, warm: hi}")
    assert read_form(toned).kept == ["offer.variants.2.say (tones)"]
    assert read(toned, variant1_say_en="other") == plain(fields_of(toned))


def test_an_offer_becomes_the_first_step() -> None:
    """As it stands, comments and all; and it is a playbook still."""
    text = as_sequence(WELCOME)
    assert plain(fields_of(text))["steps"] == [
        {"id": "first", "offer": {"resource": "first-steps", "channels": ["in_app", "email"]}}
    ]
    assert "offer" not in fields_of(text)
    assert "# two small steps" in text
    two = read(text, step1_id="then", step1_after="2 days", step1_resource="first-steps", step1_channel_in_app="1")
    assert [one["id"] for one in two["steps"]] == ["first", "then"]
    with pytest.raises(ValueError, match="write the steps as YAML"):
        as_sequence("{id: a.b, offer: {resource: x}}")


@pytest.mark.parametrize(
    "name", ["onboarding.first-week", "people.check-ins", "drop-off.ideas", "onboarding.introductions"]
)
def test_a_shipped_one_sent_as_it_was_shown_changes_no_byte(name: str) -> None:
    """With all its rows."""
    text = (SHIPPED / "playbooks" / f"{name}.yaml").read_text(encoding="utf-8")
    shown = read_form(text).values
    assert any(one.startswith(("step0_", "variant0_")) for one in shown)
    assert with_form(text, shown) == text


def test_a_condition_that_is_none_is_told_by_its_row() -> None:
    """Which one, and what was expected."""
    with pytest.raises(ValueError, match=r"step 2: if: expected lines such as"):
        read(STEPS, step1_if="nothing of the kind")
