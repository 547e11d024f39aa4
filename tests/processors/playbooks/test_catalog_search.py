"""The catalog's search: the resource that answers, none where nothing surely does, and what may not be found at all."""

import pytest

from processors.playbooks.catalog_search import SENTENCE_FROM, CatalogSearch, asked
from processors.playbooks.resources import Localised, Resource


def page(name: str, title: str, *answers: str, locale: str = "en", **changes: object) -> Resource:
    """A resource in one language."""
    text = Localised(
        title, f"A page about {name}.", body="Further down stands something about umbrellas.", answers=answers
    )
    return Resource(**{"id": name, "kind": "how-to", "theme": "faq", "locales": {locale: text}, **changes})  # type: ignore[arg-type]


INVOICE = page("invoice", "Your invoices", "How do I download an invoice?", "Where is the invoice of last month?")
PASSWORD = page("password", "How do I change my password?")
NOTICE = page("notice", "How do I turn off notifications?")
RECHNUNG = page("rechnung", "Wie lade ich eine Rechnung herunter?", locale="de")
SEARCH = CatalogSearch([INVOICE, PASSWORD, NOTICE, RECHNUNG])


@pytest.mark.parametrize(
    ("question", "resource", "locale"),
    [
        ("How can I download my invoice?", "invoice", "en"),
        ("Hi all, where would I find the invoice of last month?", "invoice", "en"),
        ("how do i change the password", "password", "en"),
        ("Wie lade ich meine Rechnung herunter?", "rechnung", "de"),
    ],
)
def test_a_question_finds_the_wording_that_means_it(question: str, resource: str, locale: str) -> None:
    """By its title or by one of the questions that it says it answers, in the language of the question."""
    found = SEARCH.answer(question)
    assert found is not None
    assert (found.resource, found.locale) == (resource, locale)


@pytest.mark.parametrize(
    "question",
    [
        "How do I change my keyboard layout?",
        "how do i turn it off",  # all but the word that matters
        "Where is the library?",
        "invoice?",  # one word says too little
        "",
        "?!",
    ],
)
def test_what_nothing_surely_answers_gets_none(question: str) -> None:
    """Sentences of the same form are not the same question."""
    assert SEARCH.answer(question) is None


def test_two_resources_that_answer_alike_lower_each_others_score() -> None:
    """The next resource counts against the first; left out, it does not."""
    question = "How do I change my password here?"
    near = page("other-password", "How do I change another password?")
    both = CatalogSearch([INVOICE, PASSWORD, NOTICE, near])
    one = both.answer(question, frozenset(["other-password"]))
    assert one is not None
    assert one.resource == "password"
    found = both.answer(question)
    assert found is None or found.score < one.score


@pytest.mark.parametrize(
    ("changes", "answers", "on_request"),
    [
        ({}, True, True),
        ({"search": "on_request"}, False, True),
        ({"search": "never"}, False, False),
        ({"retired": True}, False, False),
        ({"kind": "helpline"}, False, True),
        ({"kind": "helpline", "verified": False}, False, False),
    ],
)
def test_what_may_be_found(changes: dict[str, object], *, answers: bool, on_request: bool) -> None:
    """A helpline never answers unasked, and one that nobody checked is not shown at all."""
    search = CatalogSearch([page("password", "How do I change my password?", **changes)])
    assert (search.answer("How can I change my password?") is not None) is answers
    assert bool(search.find("change password")) is on_request


def test_a_request_finds_titles_before_bodies_and_says_when_there_is_nothing() -> None:
    """Words in the text count too; more than half of their weight must be there."""
    umbrella = page("umbrella", "Umbrellas to lend")
    search = CatalogSearch([INVOICE, PASSWORD, umbrella])
    assert [one.resource for one in search.find("umbrellas")] == ["umbrella", "invoice", "password"]
    assert [one.resource for one in search.find("umbrellas", most=1)] == ["umbrella"]
    assert [one.resource for one in search.find("umbrellas", frozenset({"umbrella"}))] == ["invoice", "password"]
    assert search.find("submarine cables") == []
    assert search.find("the of") == []


def test_of_a_long_text_the_last_sentence_with_a_question_mark_is_the_question() -> None:
    """What was told before it does not drown it."""
    story = "I bought three lamps at the fair last week and paid for them with my card. " * 3
    assert len(story) > SENTENCE_FROM
    assert asked(f"{story}How can I download my invoice? Thanks!").strip() == "How can I download my invoice?"
    found = SEARCH.answer(f"{story}How can I download my invoice? Thanks!")
    assert found is not None
    assert found.resource == "invoice"
    assert asked(story) == story


def test_an_empty_catalog_answers_nothing() -> None:
    """Neither to questions nor to requests."""
    assert CatalogSearch([]).answer("How do I change my password?") is None
    assert CatalogSearch([]).find("password") == []
