"""Questions answered from the catalog: in the thread, over budgets of their own, at once on request, else with a reason."""

import pytest

from processors.catalog import Catalog
from processors.decisions import Reason
from processors.resources import Localised, Resource
from tests.support.stories import NOON, Story, catalog, event, playbook, resource

TEXTS = {
    "en": Localised("How do I change my password?", "In your profile."),
    "de": Localised("Wie ändere ich mein Passwort?", "In deinem Profil."),
}
PASSWORD = resource("password", locales=TEXTS)
INVOICE = resource("invoice", locales={"en": Localised("Where can I download an invoice?", "Under orders.")})
FALLBACK = resource("fallback", search="never")
ANSWER = {"matching": True, "resource": "", "lane": "answer", "channels": ("thread",)}


def answering(*playbooks: dict[str, object]) -> Catalog:
    """A catalog with two pages that answer something and one that never does."""
    return catalog(*(playbook(**{**ANSWER, **one}) for one in playbooks), resources=(PASSWORD, INVOICE, FALLBACK))


ASKED = {"name": "asked", "trigger": "signal.asked"}


def asks(text: str, minute: float = 0.0, kind: str = "question.asked") -> Story:
    """A member asks."""
    return Story(answering(ASKED)).tell(event(kind, minute, channel="help", thread="t1", text=text))


def test_the_matching_resource_is_sent_into_the_thread_of_the_question() -> None:
    """Command and decision name what was found, not what the playbook says."""
    story = asks("How can I change my password?")
    (command,) = story.commands
    assert (command.resource, command.target, command.text) == ("password", "town/#t1", "In your profile.")
    assert [one.resource for one in story.decisions] == ["password"]


def test_a_question_in_german_is_answered_in_german() -> None:
    """The language of the wording that was found, where the member has named none."""
    (command,) = asks("Wie ändere ich hier mein Passwort?").commands
    assert (command.locale, command.text) == ("de", "In deinem Profil.")


@pytest.mark.parametrize("maturity", ["live", "shadow"])
def test_what_nothing_answers_is_dropped_with_a_reason(maturity: str) -> None:
    """The decision says what would have had to differ; in shadow it does not count as something that would have been sent."""
    story = Story(answering({**ASKED, "maturity": maturity}))
    story.tell(event("question.asked", channel="help", thread="t1", text="How do I mount the frobnicator partition?"))
    assert not story.commands
    (decision,) = story.decisions
    assert (decision.reason, decision.needed) == (Reason.RESOURCE_MISSING, "a resource that answers this")


def test_another_question_is_answered_the_same_day_but_no_page_twice() -> None:
    """The theme does not rest between two answers; the resource does."""
    story = Story(answering(ASKED))
    for minute, text in enumerate(
        ("How can I change my password?", "Where do I download my invoice?", "How do I change the password?")
    ):
        story.tell(event("question.asked", minute * 20, channel="help", thread=f"t{minute}", text=text))
    assert [one.resource for one in story.commands] == ["password", "invoice"]
    assert [one.reason for one in story.decisions if one.reason is not Reason.SENT] == [Reason.COOLDOWN_RESOURCE]


def test_otherwise_stands_in_where_nothing_matches() -> None:
    """A playbook may name what it offers then; what matches goes before it."""
    again = {"name": "again", "trigger": "signal.asked_again", "resource": "fallback"}
    for text, offered in (
        ("How do I mount the frobnicator partition?", "fallback"),
        ("How can I change my password?", "password"),
    ):
        story = Story(answering(again))
        for minute in (0, 90):
            story.tell(event("question.asked", minute, channel="help", thread=f"t{minute}", text=text))
        assert [one.resource for one in story.commands] == [offered]


def test_what_waits_keeps_the_resource_that_was_found() -> None:
    """After the wait the same resource goes."""
    story = Story(answering({**ASKED, "wait": 600.0})).tell(
        event("question.asked", channel="help", thread="t1", text="How can I change my password?")
    )
    assert not story.commands
    story.wait(15)
    assert [one.resource for one in story.commands] == ["password"]


def test_a_request_is_answered_at_once_whatever_was_sent_before() -> None:
    """Outside all budgets and rests; honestly with nothing where there is nothing."""
    requested = {"name": "help", "trigger": "signal.help_requested", "resource": "fallback", "lane": "request",
                 "channels": ("direct_message",), "because": "found {signal.titles}"}  # fmt: skip
    story = Story(answering(requested))
    for minute, words in enumerate(("password", "password", "submarine cables", "invoice", "password")):
        story.tell(event("help.requested", minute, text=words))
    assert [one.resource for one in story.commands] == ["password", "password", "fallback", "invoice", "password"]
    assert story.commands[0].because == "found How do I change my password?"
    assert story.commands[2].because == "found -"


def test_what_has_expired_answers_nothing() -> None:
    """Neither a question nor a request; the one that is in force does."""
    old = resource("old", locales=TEXTS, expires=NOON - 1)
    current = resource("current", locales={"en": Localised("Where is my password changed?", "In your profile.")})
    requested = {"name": "help", "trigger": "signal.help_requested", "resource": "fallback", "lane": "request",
                 "channels": ("in_app",)}  # fmt: skip
    for resources, offered in (((old, FALLBACK), "fallback"), ((old, current, FALLBACK), "current")):
        story = Story(catalog(playbook(**{**ANSWER, **requested}), resources=resources))
        story.tell(event("help.requested", text="change password"))
        assert [one.resource for one in story.commands] == [offered]
    story = Story(catalog(playbook(**{**ANSWER, **ASKED}), resources=(old,)))
    story.tell(event("question.asked", channel="help", thread="t1", text="How do I change my password?"))
    assert story.reasons == ["resource_missing"]


def test_what_replaced_a_resource_is_offered_in_its_place() -> None:
    """However often it was replaced; a circle, or a replacement that is gone, leaves it retired."""
    retired = [resource(one, retired=True, replaced_by=other) for one, other in ("ab", "bc", "xy", "yx", "zz")]
    held = catalog(resources=(*retired, resource("c")))
    assert [held.current(one) for one in "abcxyz"] == ["c", "c", "c", "x", "y", "z"]
    story = Story(catalog(playbook(resource="a"), resources=(*retired, resource("c")))).tell(event("post.created"))
    assert [(one.resource, one.verdict) for one in story.decisions] == [("c", "send")]


DEEPER = {"name": "deeper", "trigger": "signal.helped", "channels": ("in_app",)}
FIRST = {"id": "first", "trigger": "question.asked", "resource": "invoice"}


def helped(kind: str, **fields: Resource) -> Story:
    """A member gets the page about invoices, and says something about it."""
    resources = (fields.get("invoice", INVOICE), PASSWORD, FALLBACK)
    plays = (playbook(FIRST["id"], FIRST["trigger"], resource=FIRST["resource"]), playbook(**{**ANSWER, **DEEPER}))
    story = Story(catalog(*plays, resources=resources)).tell(event("question.asked", text="An invoice?"))
    return story.tell(event(kind, 1, command=story.commands[0].id, playbook="first"))


def test_what_goes_deeper_is_offered_once_the_first_helped() -> None:
    """After "helpful" alone, in the language of the member, never twice; where nothing goes deeper, nothing is offered."""
    deeper = resource("invoice", locales=INVOICE.locales, deeper="password")
    story = helped("outcome.helpful", invoice=deeper)
    assert [(one.playbook, one.resource) for one in story.commands] == [("first", "invoice"), ("deeper", "password")]
    story.tell(event("outcome.helpful", 2, command=story.commands[0].id, playbook="first"))
    assert len(story.commands) == 2
    for told in (helped("outcome.clicked", invoice=deeper), helped("outcome.helpful")):
        assert [one.playbook for one in told.commands] == ["first"]


def test_a_helpful_answer_of_another_member_is_not_ours() -> None:
    """The id of a command that this member never got says nothing."""
    story = helped("outcome.clicked", invoice=resource("invoice", locales=INVOICE.locales, deeper="password"))
    story.tell(event("outcome.helpful", 3, command="of-somebody-else", playbook="first"))
    assert [one.playbook for one in story.commands] == ["first"]
