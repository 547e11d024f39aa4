"""What a message holds: words in the member's language, bounded, with the answers that its place allows."""

import pytest

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.message import SHOWN, WORDS, Composer
from tests.support.commands import command

TOKENS = ActionTokens([b"a key of the tests"])
COMPOSER = Composer(ActionLinks(TOKENS, "https://town.example"))


@pytest.mark.parametrize(("locale", "word"), [("de", "Öffnen"), ("de-AT", "Öffnen"), ("en", "Open"), ("fr", "Open"), ("", "Open")])  # fmt: skip
def test_fixed_words_are_in_the_members_language(locale: str, word: str) -> None:
    """English where there is none."""
    assert COMPOSER.message(command(locale=locale)).words.open == word


def test_every_language_has_every_answer() -> None:
    """A button without words would be none."""
    for words in WORDS.values():
        assert set(words.answers) == set(SHOWN)
        assert all([*words.answers.values(), *(one for one in words if isinstance(one, str))])


def test_answers_have_token_and_page_and_the_link_counts_the_click() -> None:
    """Stop stands behind unsubscribe; preferences have their own page."""
    given = command(channel="email", link="https://example.org/guide")
    message, tokens = COMPOSER.message(given), TOKENS.of(given)
    assert [one.action for one in message.answers] == list(SHOWN)
    assert all(one.page == f"https://town.example/a/{tokens[one.action]}" for one in message.answers)
    assert message.link == f"https://town.example/r/{tokens['open']}"
    assert message.unsubscribe == f"https://town.example/a/{tokens['stop_all']}"
    assert message.preferences == f"https://town.example/preferences/{tokens['preferences']}"


def test_where_others_read_along_nothing_can_be_pressed() -> None:
    """And the link is the resource's own."""
    message = COMPOSER.message(command(channel="thread", link="https://example.org/guide"))
    assert (message.answers, message.link, message.unsubscribe) == ((), "https://example.org/guide", "")


def test_an_address_that_is_none_is_no_link() -> None:
    """Nothing leads to a script; what the catalog has leads to its page, where there are pages."""
    without = Composer(ActionLinks(TOKENS, ""))
    for link in ("javascript:alert(1)", "/guide", ""):
        given = command(link=link)
        assert without.message(given).link == ""
        assert COMPOSER.message(given).link == f"https://town.example/r/{TOKENS.of(given)['open']}"
        assert COMPOSER.message(command(link=link, channel="thread")).link == ""
