"""Each platform tells whether it takes our keys, and nobody hears of the question."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import pytest

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.addresses import AddressBook
from sinks.channel import Channel
from sinks.channels.circle import CircleChannel
from sinks.channels.discourse import DiscourseChannel
from sinks.channels.email import EmailChannel
from sinks.channels.hubspot import Does, HubspotChannel
from sinks.channels.kit import KitChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.staff import StaffChannel
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi
from sinks.platforms.http import HttpClient
from sinks.platforms.mail import Sender, Server
from sinks.platforms.slack import SlackApi
from streams.servers.store import connect
from tests.support import fake_discourse, fake_slack
from tests.support.fake_apis import SECRET, FakeCircle, FakeHubspot, FakeKit
from tests.support.fake_discourse import FakeDiscourse
from tests.support.fake_platform import FakePlatform, running
from tests.support.fake_slack import FakeSlack
from tests.support.mail_server import PASSWORD, USER, running_mail_server
from tests.support.processes import free_port

COMPOSER = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
BOOK = AddressBook(connect("redis://127.0.0.1:1/0", 1.0), "tests")  # never asked
SENDER = Sender("pilot@town.example")


class Case(NamedTuple):
    """A platform, its right key, and the channel that shows a key at an address."""

    platform: Callable[[], FakePlatform]
    key: str
    channel: Callable[[str, str], Channel]


def _circle() -> FakePlatform:
    platform = FakeCircle()
    platform.lists["posts"] = []
    return platform


def _hubspot(url: str, key: str) -> Channel:
    http = HttpClient(url, {"Authorization": f"Bearer {key}"})
    return HubspotChannel(http, Does("property", name="tip"), BOOK, COMPOSER)


CASES = {
    "slack": Case(FakeSlack, fake_slack.TOKEN, lambda url, key: SlackChannel(key, BOOK, COMPOSER, base=url)),
    "discourse": Case(
        FakeDiscourse,
        fake_discourse.KEY,
        lambda url, key: DiscourseChannel(DiscourseApi(url, key, fake_discourse.BOT), BOOK, COMPOSER),
    ),
    "a bot that is not there": Case(
        FakeDiscourse,
        "",
        lambda url, _key: DiscourseChannel(DiscourseApi(url, fake_discourse.KEY, "nobody"), BOOK, COMPOSER),
    ),
    "circle": Case(
        _circle,
        SECRET,
        lambda url, key: CircleChannel(url, (key, f"{key} headless"), BOOK, COMPOSER, "bot@town.example"),
    ),
    "circle without its second key": Case(
        _circle, "", lambda url, _key: CircleChannel(url, (SECRET, "wrong"), BOOK, COMPOSER, "bot@town.example")
    ),
    "hubspot": Case(FakeHubspot, SECRET, _hubspot),
    "kit": Case(FakeKit, SECRET, lambda url, key: KitChannel(HttpClient(url, {"X-Kit-Api-Key": key}), BOOK, 1)),
    "staff in slack": Case(
        FakeSlack, fake_slack.TOKEN, lambda url, key: StaffChannel(SlackApi(key, url), "C1", COMPOSER)
    ),
    "staff in discourse": Case(
        FakeDiscourse,
        fake_discourse.KEY,
        lambda url, key: StaffChannel(DiscourseApi(url, key, fake_discourse.BOT), "5", COMPOSER),
    ),
}


async def answer(channel: Channel) -> str:
    """Return what the platform says."""
    receipt = await channel.check()
    await channel.close()
    assert receipt is not None
    return receipt.result


@pytest.mark.parametrize("name", CASES)
def test_the_right_key_is_taken_and_a_wrong_one_refused(name: str) -> None:
    """Nothing is written for anybody; a platform that is not there is no refusal."""
    case = CASES[name]

    async def story() -> None:
        async with running(case.platform()) as platform:
            if case.key:
                assert await answer(case.channel(platform.url, case.key)) == "delivered"
            assert await answer(case.channel(platform.url, "wrong")) == "failed"
            assert platform.seen == []
        assert await answer(case.channel(f"http://127.0.0.1:{free_port()}", case.key)) == "retry"

    asyncio.run(story())


@pytest.mark.parametrize("staff", [False, True])
def test_a_mail_server_is_logged_in_at(staff: bool) -> None:
    """And gets no mail."""

    def channel(port: int, password: str) -> Channel:
        server = Server("127.0.0.1", port, "none", USER, password)
        if staff:
            return StaffChannel((server, SENDER), "staff@town.example", COMPOSER)
        return EmailChannel(server, SENDER, BOOK, COMPOSER)

    with running_mail_server() as mail:
        assert asyncio.run(answer(channel(mail.port, PASSWORD))) == "delivered"
        assert asyncio.run(answer(channel(mail.port, "wrong"))) == "failed"
        assert mail.taken == []
    assert asyncio.run(answer(channel(free_port(), PASSWORD))) == "retry"
