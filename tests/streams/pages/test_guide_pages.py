"""The guides: what is listed, found, shown, in which language, and what has no public page."""

import pytest

from processors.actions import Action
from streams.web.guards import CSP
from tests.support.member_pages import NOW, Pages


@pytest.fixture
def pages() -> Pages:
    """Pages of their own."""
    return Pages()


def test_the_directory_lists_what_may_be_found(pages: Pages) -> None:
    """By theme; nothing private, expired, retired, unchecked or meant not to be found."""
    text = pages.get("/guide").text
    for title in ("Your first day", "Is it slow?", "The manual"):
        assert title in text
    for title in ("For hosts", "Old", "Gone", "A line", "Not listed"):
        assert title not in text


def test_the_search_finds_by_words_and_says_when_it_does_not(pages: Pages) -> None:
    """What was asked is shown as text."""
    found = pages.get("/guide?q=first+day").text
    assert "Your first day" in found
    assert "<h2>Found for “first day”</h2>" in found
    answer = pages.get("/guide", params={"q": "<b>zebra</b>"})
    assert "Nothing here answers that" in answer.text
    assert "<h2>Looked for “&lt;b&gt;zebra&lt;/b&gt;”</h2>" in answer.text
    assert "Gesucht: „zebra“" in pages.get("/guide?q=zebra&lang=de").text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "header", "language", "title"),
    [
        ("/guide/first-day", "de-AT,de;q=0.9,en;q=0.5", "de", "Dein erster Tag"),
        ("/guide/first-day?lang=de", "en", "de", "Dein erster Tag"),
        ("/guide/first-day", "fr", "en", "Your first day"),
        ("/guide/first-day", "", "en", "Your first day"),
        ("/guide/slow", "de", "de", "Is it slow?"),
    ],
)
def test_a_guide_is_shown_in_the_readers_language(
    pages: Pages, path: str, header: str, language: str, title: str
) -> None:
    """The page in theirs if it is there, the resource in the nearest it has, each marked as what it is."""
    answer = pages.get(path, headers={"accept-language": header})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert title in answer.text
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "accept-language"


def test_what_is_not_in_the_readers_language_says_so(pages: Pages) -> None:
    """And its text is marked with its own."""
    text = pages.get("/guide/slow?lang=de").text
    assert "noch nicht in deiner Sprache" in text
    assert '<article lang="en">' in text


def test_each_step_has_an_address_that_holds_in_all_languages(pages: Pages) -> None:
    """A link to a step that somebody sent leads their German friend to the same step."""
    english = pages.get("/guide/first-day/say-hello")
    german = pages.get("/guide/first-day/say-hello?lang=de")
    assert "Step 1 of 2" in english.text
    assert "Sag hallo" in german.text
    assert 'rel="next" href="/guide/first-day/ask-one-thing?lang=en"' in english.text
    assert pages.get("/guide/first-day/no-such-step").status_code == 404


def test_a_decision_tree_is_walked_by_links(pages: Pages) -> None:
    """From the question to each branch, and back to the start."""
    assert 'href="/guide/slow/restart-it?lang=en"' in pages.get("/guide/slow").text
    branch = pages.get("/guide/slow/restart-it").text
    assert "Press the <em>button</em>" in branch
    assert "Start over" in branch


@pytest.mark.parametrize(
    "name", ["secret", "old", "gone", "line", "nothing", "..%2f..%2fetc%2fpasswd", "%00", "a" * 3000]
)
def test_what_has_no_public_page_is_not_there(pages: Pages, name: str) -> None:
    """The same page for all, so that nobody learns which private ones there are."""
    answer = pages.get(f"/guide/{name}")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text


def test_a_resource_that_search_does_not_find_has_a_page(pages: Pages) -> None:
    """Messages lead to it."""
    assert "By its address alone" in pages.get("/guide/quiet").text


def test_a_private_resource_opens_by_a_signed_link_alone(pages: Pages) -> None:
    """Whose copy is kept by nobody; a link for something else does not open it, nor does an expired one."""
    link = Action("guide", "town/ann", resource="secret", expires=int(NOW) + 60)
    answer = pages.get(f"/g/{pages.tokens.sign(link)}")
    assert "The door is open." in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert 'content="noindex"' in answer.text
    other = Action("preferences", "town/ann", resource="secret")
    assert pages.get(f"/g/{pages.tokens.sign(other)}").status_code == 404
    pages.now = NOW + 61
    assert pages.get(f"/g/{pages.tokens.sign(link)}").status_code == 404


def test_pages_are_safe_by_their_headers(pages: Pages) -> None:
    """No script, no frame, no referrer, no guessing of types; a page that is public may be kept for a minute."""
    headers = pages.get("/guide").headers
    assert headers["content-security-policy"] == CSP
    assert "script-src" not in CSP
    assert "default-src 'none'" in CSP
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["cache-control"] == "public, max-age=60"
    text = pages.get("/guide/first-day").text
    assert "<script" not in text
    assert "style=" not in text


def test_home_leads_to_the_guides_and_before_a_catalog_there_are_none(pages: Pages) -> None:
    """Also while nothing is published."""
    assert pages.get("/").headers["location"] == "/guide"
    assert "There are no guides yet" in Pages(resources=()).get("/guide").text
