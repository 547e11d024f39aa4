"""Questions answered from the catalog: in the thread, over budgets of their own, at once on request, else with a reason."""

import pytest

from processors.catalog import Catalog
from processors.decisions import Reason
from processors.resources import Localised
from tests.support.stories import Story, catalog, event, playbook, resource

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
