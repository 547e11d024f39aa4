"""Which crash can repeat or lose a message, channel by channel: the table of sinks/README.md, on platforms that count what reached people."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from io import StringIO
from typing import NamedTuple

import pytest
from redis.asyncio import Redis

from processors.commands import Command
from processors.ids import digest
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Channel
from sinks.channels import CHANNELS
from sinks.channels.circle import CircleChannel
from sinks.channels.console import ConsoleChannel
from sinks.channels.discourse import DiscourseChannel
from sinks.channels.email import EmailChannel
from sinks.channels.hubspot import Does, HubspotChannel
from sinks.channels.in_app import InAppChannel
from sinks.channels.kit import KitChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.staff import StaffChannel
from sinks.channels.webhook import WebhookChannel
from sinks.delivery_record import DeliveryRecord
from sinks.dispatcher import Dispatcher, OutcomeRecord
from sinks.inbox import Inbox
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi
from sinks.platforms.http import HttpClient
from sinks.platforms.mail import Sender, Server
from sinks.platforms.slack import SlackApi
from tests.support import fake_apis, fake_discourse
from tests.support.addresses import Noted
from tests.support.commands import command
from tests.support.dispatching import Clock
from tests.support.fake_apis import FakeCircle, FakeHubspot, FakeKit
from tests.support.fake_discourse import FakeDiscourse
from tests.support.fake_platform import running
from tests.support.fake_slack import TOKEN, FakeSlack
from tests.support.hook import running_hook
from tests.support.mail_server import PASSWORD, USER, running_mail_server

pytestmark = pytest.mark.integration
COMPOSER = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
SENDER = Sender("Pilot <pilot@town.example>")
ADDRESSES = Noted({("town/ann", kind): address for kind, address in
                   (("slack", "U1"), ("discourse", "17"), ("email", "ann@example.org"), ("circle", "17"))})  # fmt: skip
LEASE_S = 0.1


class Open(NamedTuple):
    """A channel, and how many messages of one command people have seen by it."""

    channel: Channel
    seen: Callable[[], int]


Opener = Callable[[Redis], AbstractAsyncContextManager[Open]]


@asynccontextmanager
async def slack(_redis: Redis, staff: bool = False) -> AsyncIterator[Open]:
    """A workspace."""
    async with running(FakeSlack()) as platform:
        if staff:
            yield Open(StaffChannel(SlackApi(TOKEN, platform.url), "C5", COMPOSER), lambda: len(platform.seen))
        else:
            yield Open(SlackChannel(TOKEN, ADDRESSES, COMPOSER, base=platform.url), lambda: len(platform.seen))


@asynccontextmanager
async def discourse(_redis: Redis, staff: bool = False) -> AsyncIterator[Open]:
    """A forum."""
    async with running(FakeDiscourse()) as platform:
        api = DiscourseApi(platform.url, fake_discourse.KEY, fake_discourse.BOT)
        channel = StaffChannel(api, "12", COMPOSER) if staff else DiscourseChannel(api, ADDRESSES, COMPOSER)
        yield Open(channel, lambda: len(platform.seen))


@asynccontextmanager
async def email(_redis: Redis, staff: bool = False) -> AsyncIterator[Open]:
    """A mail server."""
    with running_mail_server() as mails:
        server = Server("127.0.0.1", mails.port, "none", USER, PASSWORD)
        by_staff = StaffChannel((server, SENDER), "team@example.org", COMPOSER)
        channel = by_staff if staff else EmailChannel(server, SENDER, ADDRESSES, COMPOSER)
        yield Open(channel, lambda: len(mails.taken))


@asynccontextmanager
async def circle(_redis: Redis) -> AsyncIterator[Open]:
    """A community."""
    async with running(FakeCircle()) as platform:
        keys = (fake_apis.SECRET, f"{fake_apis.SECRET} headless")
        channel = CircleChannel(platform.url, keys, ADDRESSES, COMPOSER, "pilot@town.example", 1)
        yield Open(channel, lambda: len(platform.seen))


@asynccontextmanager
async def hubspot(_redis: Redis) -> AsyncIterator[Open]:
    """An account; what it takes for one is seen once."""
    async with running(FakeHubspot()) as platform:
        http = HttpClient(platform.url, {"Authorization": f"Bearer {fake_apis.SECRET}"})
        yield Open(HubspotChannel(http, Does("email", 1), ADDRESSES, COMPOSER), lambda: len(platform.seen))


@asynccontextmanager
async def kit(_redis: Redis) -> AsyncIterator[Open]:
    """An account; a tag is there once."""
    async with running(FakeKit()) as platform:
        http = HttpClient(platform.url, {"X-Kit-Api-Key": fake_apis.SECRET})
        yield Open(KitChannel(http, ADDRESSES, 1), lambda: len(platform.seen))


@asynccontextmanager
async def webhook(_redis: Redis) -> AsyncIterator[Open]:
    """A receiver: whoever it is, it can tell a repetition by the id."""
    async with running_hook() as hook:
        yield Open(WebhookChannel(hook.url, "a secret of the tests"), lambda: len(hook.received))
        assert len({headers["webhook-id"] for headers, _ in hook.received}) == 1


@asynccontextmanager
async def in_app(redis: Redis) -> AsyncIterator[Open]:
    """An inbox: the calls that put something there are counted, what is shown is looked at in the end."""
    inbox = Inbox(redis, "crashes")
    channel, shown = InAppChannel(inbox), list[Command]()
    put = inbox.put

    async def counted(given: Command) -> None:
        await put(given)
        shown[:] = await inbox.items(given.target, 1.0)

    inbox.put = counted  # type: ignore[method-assign]
    yield Open(channel, lambda: len(shown))


@asynccontextmanager
async def console(_redis: Redis) -> AsyncIterator[Open]:
    """A terminal."""
    out = StringIO()
    yield Open(ConsoleChannel(out), lambda: out.getvalue().count("A guide"))


SEEN, UNKNOWN = "delivered", "unknown"
# What people have seen, and what is told, where the process dies before the platform has it, and after.
CRASHES: dict[str, tuple[Opener, str, tuple[int, str], tuple[int, str]]] = {
    "console": (console, "direct_message", (1, SEEN), (2, SEEN)),
    "webhook": (webhook, "direct_message", (1, SEEN), (2, SEEN)),
    "slack": (slack, "direct_message", (1, SEEN), (1, SEEN)),
    "slack ephemeral": (slack, "in_app", (0, UNKNOWN), (1, UNKNOWN)),
    "discourse": (discourse, "direct_message", (1, SEEN), (1, SEEN)),
    "circle": (circle, "direct_message", (0, UNKNOWN), (1, UNKNOWN)),
    "email": (email, "email", (0, UNKNOWN), (1, UNKNOWN)),
    "in_app": (in_app, "in_app", (1, SEEN), (1, SEEN)),
    "hubspot": (hubspot, "email", (1, SEEN), (1, SEEN)),
    "kit": (kit, "email", (1, SEEN), (1, SEEN)),
    "staff": (partial(slack, staff=True), "staff", (1, SEEN), (1, SEEN)),
    "staff discourse": (partial(discourse, staff=True), "staff", (1, SEEN), (1, SEEN)),
    "staff email": (partial(email, staff=True), "staff", (0, UNKNOWN), (1, UNKNOWN)),
}


class KilledError(BaseException):
    """The process is gone at this point."""


class Dead(DeliveryRecord):
    """The record of a process that is killed: it gives nothing back, its claim ends by itself."""

    async def release(self, command: str, *, sure: bool = False) -> None:
        """Do nothing: nobody is there."""


def test_every_channel_is_in_the_table() -> None:
    """A new one says which crash can repeat or lose what it sends."""
    assert {name.partition(" ")[0] for name in CRASHES} == set(CHANNELS)


@pytest.mark.parametrize("point", ["begun", "delivered"])
@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_repeats_or_loses_what_the_table_says(name: str, point: str, redis_url: str) -> None:
    """A process dies at this point; another of the same channel takes over once the claim has ended."""
    opener, medium, before, after = CRASHES[name]
    given = command(
        id=digest("crash", name, point), channel=medium, thread="C1:1700000000.0001" if medium == "in_app" else ""
    )

    def killed(reached: str) -> None:
        if reached == point:
            raise KilledError

    async def story() -> tuple[int, OutcomeRecord | None]:
        async with Redis.from_url(redis_url) as redis, opener(redis) as (channel, seen):
            await redis.delete("crashes:inbox:town/ann")
            clock = Clock()
            first, second = Dead(redis, "a", LEASE_S, "crashes"), DeliveryRecord(redis, "b", LEASE_S, "crashes")
            dies = Dispatcher(channel, first, lambda _one: clock.now, lambda _one: None, clock.seen, killed)
            with pytest.raises(KilledError):
                await dies.dispatch(given, clock)
            lives = Dispatcher(channel, second, lambda _one: clock.now, lambda _one: None, clock.seen)
            outcome = await lives.dispatch(given, clock)
            await channel.close()
            return seen(), outcome

    count, outcome = asyncio.run(story())
    assert outcome is not None
    told = UNKNOWN if outcome.reason == "unknown" else outcome.kind
    assert (count, told) == (before if point == "begun" else after)
    assert outcome.dead == (told == UNKNOWN)
