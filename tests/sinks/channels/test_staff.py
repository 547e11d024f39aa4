"""What staff must see, in each of its places."""

import asyncio

import pytest

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels.staff import StaffChannel
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi
from sinks.platforms.mail import Sender, Server
from sinks.platforms.slack import SlackApi
from tests.support import fake_discourse, fake_slack
from tests.support.commands import command
from tests.support.fake_platform import running
from tests.support.mail_server import PASSWORD, USER, running_mail_server

COMPOSER = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
HEATED = command(channel="staff", title="A heated thread", text="<@U1> @ann look", not_before=1767225600.0)


@pytest.mark.parametrize("kind", ["slack", "discourse"])
def test_it_is_put_in_the_place_once_and_found_again(kind: str) -> None:
    """Nobody is mentioned, nothing can be pressed by whoever reads it; an answer that got lost repeats nothing."""

    async def story() -> None:
        platform = fake_slack.FakeSlack() if kind == "slack" else fake_discourse.FakeDiscourse()
        async with running(platform):
            way = (
                SlackApi(fake_slack.TOKEN, platform.url) if kind == "slack"
                else DiscourseApi(platform.url, fake_discourse.KEY, fake_discourse.BOT)
            )  # fmt: skip
            channel = StaffChannel(way, "C5" if kind == "slack" else "5", COMPOSER)
            assert await channel.find(HEATED) is None
            platform.faults, platform.failing = ["cut after"], "/chat" if kind == "slack" else "/posts"
            assert (await channel.deliver(HEATED)).result == "unknown"
            found = await channel.find(HEATED)
            assert found is not None
            assert found.result == "delivered"
            [sent] = platform.seen
            assert "<@U1>" not in sent.get("text", sent.get("raw"))
            assert "/a/" not in str(sent)
            await channel.close()

    asyncio.run(story())


def test_a_mailbox_gets_it_at_most_once() -> None:
    """Without an unsubscription: it is their work."""
    with running_mail_server() as server:
        way = (Server("127.0.0.1", server.port, "none", USER, PASSWORD), Sender("pilot@town.example"))
        channel = StaffChannel(way, "staff@town.example", COMPOSER)
        assert asyncio.run(channel.deliver(HEATED)).result == "delivered"
        assert (server.taken[0]["To"], server.taken[0]["List-Unsubscribe"]) == ("staff@town.example", None)
        assert asyncio.run(channel.find(HEATED)) == Receipt("failed", "unknown")
