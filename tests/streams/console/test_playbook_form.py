"""A form out of a playbook's text and the text out of the form: what was not touched stays, what was is what is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resource_catalog.condition_fields import plain
from resource_catalog.loader import SHIPPED
from resource_catalog.playbook_text import fields_of
from streams.console.playbook_form import read_form, with_form
from tests.support.own_catalog import WELCOME

TEXTS = sorted((SHIPPED / "playbooks").glob("*.yaml"))[::7]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_form_sent_as_it_was_shown_changes_no_byte(path: str) -> None:
    """Of any shipped playbook, also as browsers send it."""
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    shown = read_form(text).values
    assert with_form(text, shown) == text
    assert with_form(text, {name: value.replace("\n", "\r\n") for name, value in shown.items()}) == text


@pytest.mark.parametrize(
    ("given", "reads"),
    [
        ({"describe": "New: words"}, {"describe": "New: words"}),
        ({"when_form": "absence", "when_value": "14 days"}, {"when": {"absence": "14 days"}}),
        ({"when_form": "event", "when_value": "post.created, post.read", "when_more": "{words: [invoice]}"}, {"when": {"event": ["post.created", "post.read"], "words": ["invoice"]}}),
        ({"if": "member.posts: {lt: 3}\nmember.role: helper"}, {"if": {"member.posts": {"lt": 3}, "member.role": "helper"}}),
        ({"if": ""}, {"if": None}),
        ({"channel_email": "", "channel_thread": "1"}, {"offer": {"resource": "first-steps", "channels": ["in_app", "thread"]}}),
        ({"because_en": "hello", "because_de": ""}, {"because": {"en": "hello"}}),
        ({"say_de": "Hallo"}, {"offer": {"resource": "first-steps", "channels": ["in_app", "email"], "say": {"de": "Hallo"}}}),
        ({"holdout": "0.1", "wait": "20 minutes"}, {"holdout": 0.1, "wait": "20 minutes"}),
        ({"goal": "", "goal_within": ""}, {"goal": None}),
        ({"resource": "", "best_of": "theme/welcome"}, {"offer": {"best_of": "theme/welcome", "channels": ["in_app", "email"]}}),
        ({"resource": "", "best_of": "first-steps, other"}, {"offer": {"best_of": ["first-steps", "other"], "channels": ["in_app", "email"]}}),
        ({"variant_by": "member.role, member.region"}, {"offer": {"resource": "first-steps", "channels": ["in_app", "email"], "variant_by": ["member.role", "member.region"]}}),
        ({"cheerful": "false"}, {"cheerful": False}),
    ],
)  # fmt: skip
def test_what_was_changed_is_in_the_text(given: dict[str, str], reads: dict[str, object]) -> None:
    """And nothing else; the comments are all there."""
    text = with_form(WELCOME, {**read_form(WELCOME).values, **given})
    found = plain(fields_of(text))
    assert {name: found.get(name) for name in reads} == reads
    rest = [name for name in plain(fields_of(WELCOME)) if name not in reads]
    assert {name: found[name] for name in rest} == {name: plain(fields_of(WELCOME))[name] for name in rest}
    assert "# Nobody is hurried." in text
    assert "# What must come of it." in text


def test_a_reason_without_a_language_stays_one() -> None:
    """Until it is said in another one too."""
    text = "id: a.b\nbecause: you asked\n"
    assert with_form(text, {**read_form(text).values, "because_en": "you wrote"}) == "id: a.b\nbecause: you wrote\n"
    both = fields_of(with_form(text, {**read_form(text).values, "because_de": "du fragst"}))["because"]
    assert plain(both) == {"en": "you asked", "de": "du fragst"}


def test_what_a_form_cannot_show_it_does_not_change() -> None:
    """Lines in tones, the offer of a whole sequence, other languages, scenarios; and it says what that is."""
    text = "id: a.b\nbecause: {en: {plain: hello, warm: hi}, de: hallo}\noffer: {resource: x, channels: [in_app]}\n"
    assert read_form(text).closed == {"because"}
    assert read_form(text).kept == ["because (tones)"]
    assert with_form(text, {**read_form(text).values, "because_en": "other", "because_de": "anders"}) == text
    sequence = "id: a.b\nsteps: [{id: x, offer: {resource: r, channels: [in_app]}}]\n"
    assert with_form(sequence, {**read_form(sequence).values, "resource": "x", "channel_email": "1"}) == sequence
    assert read_form(WELCOME + "unless: {if: {member.posts: 1}}\n").kept == ["scenarios", "unless.if"]
    french = "id: a.b\nbecause: {en: hello, fr: salut}\n"
    assert read_form(french).kept == ["because.fr"]
    assert plain(fields_of(with_form(french, {**read_form(french).values, "because_en": "hi"})))["because"] == {
        "en": "hi",
        "fr": "salut",
    }


@pytest.mark.parametrize("wrong", [{"if": "no fields"}, {"when_more": "{words: ["}, {"if": "a: &x [1]\nb: *x"}])
def test_a_part_that_is_no_yaml_is_told(wrong: dict[str, str]) -> None:
    """By the name of its field."""
    with pytest.raises(ValueError, match=r"^(if|when)"):
        with_form(WELCOME, {**read_form(WELCOME).values, "when_form": "search", **wrong})


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(read_form(WELCOME).values)), st.text(max_size=30), max_size=6))
def test_whatever_a_form_says_the_text_stays_yaml(given: dict[str, str]) -> None:
    """Or it is refused; never anything between."""
    try:
        text = with_form(WELCOME, {**read_form(WELCOME).values, **given})
    except ValueError:
        return
    assert fields_of(text)["id"] == "welcome.start"
