"""What a message holds: words in the member's language, bounded, with the answers that its place allows."""

import json
import re

import pytest

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channels import circle, hubspot
from sinks.message import SHOWN, WORDS, Composer
from sinks.platforms.discourse import Layout, raw
from sinks.platforms.mail import Sender, mail
from sinks.platforms.slack import blocks
from tests.support.commands import command
from tests.support.stories import Story, catalog, event, playbook, resource

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


def digest() -> Command:
    """A digest as the arbiter makes it, to be sent by mail."""
    plays = (
        playbook("best", channels=("email",)),
        playbook("low", priority="low", resource="second", channels=("email",), because="you wrote"),
    )
    there = (resource("guide"), resource("second"))
    story = Story(catalog(*plays, resources=there))
    story.tell(event("preference.time_chosen", -1, when="daily", hour=9), event("post.created", 0, text="Good morning"))
    [made] = story.wait(22 * 60).commands
    assert (made.channel, [one.resource for one in made.items]) == ("email", ["second"])
    return made


def test_a_digest_of_the_arbiter_is_shown_whole_on_every_channel() -> None:
    """Each part with its title, its reason and a way to it, which is signed and leads to its own resource."""
    made = digest()
    message = COMPOSER.message(made)
    [part] = message.items
    assert (part.title, part.because) == (made.items[0].title, "you wrote")
    token = part.link.removeprefix("https://town.example/r/")
    opened = TOKENS.read(token, made.not_before, "open")
    assert (opened.resource, opened.command, opened.member) == ("second", made.id, made.member)
    mime = mail(message, "ann@example.org", Sender("pilot@town.example"), made.id, made.not_before, "en")
    bodies = [mime.get_body((kind,)) for kind in ("plain", "html")]
    laid = {
        **{f"mail {number}": one.get_content() for number, one in enumerate(bodies) if one is not None},
        "slack": json.dumps(blocks(message, made.id), ensure_ascii=False),
        "discourse": raw(message, made.id, Layout(True, True)),
        "circle": json.dumps(circle._tiptap(message), ensure_ascii=False),
        "hubspot": hubspot._whole(message),
    }
    assert len(laid) == 6
    for where, text in laid.items():
        for wanted in ("you wrote", part.link):
            assert wanted in text.replace("\\", ""), where


def test_fixed_words_address_nobody() -> None:
    """A community says du or Sie; what stands around its words must fit both."""
    every = " ".join([*WORDS["de"].answers.values(), *(one for one in WORDS["de"] if isinstance(one, str))])
    assert not re.search(r"\b(du|dich|dir|dein\w*|Sie|Ihnen|Ihr\w*)\b", every)


def test_where_others_read_along_nothing_can_be_pressed() -> None:
    """And the link is the resource's own, else its public page."""
    message = COMPOSER.message(command(channel="thread", link="https://example.org/guide"))
    assert (message.answers, message.link, message.unsubscribe) == ((), "https://example.org/guide", "")


def test_an_address_that_is_none_is_no_link() -> None:
    """Nothing leads to a script; what the catalog has leads to its page, where there are pages."""
    without = Composer(ActionLinks(TOKENS, ""))
    for link in ("javascript:alert(1)", "/guide", ""):
        given = command(link=link)
        assert without.message(given).link == ""
        assert COMPOSER.message(given).link == f"https://town.example/r/{TOKENS.of(given)['open']}"
        assert COMPOSER.message(command(link=link, channel="thread")).link == "https://town.example/guide/guide?lang=en"
