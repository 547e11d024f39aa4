"""What every channel promises to the dispatcher; a channel without a recipe here fails."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from io import StringIO

import msgspec
import pytest
from redis.asyncio import Redis

from processors.commands import CHANNELS as MEDIA
from processors.commands import Command
from processors.decisions import Reason
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Channel, Receipt
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
from sinks.dispatcher import OutcomeRecord
from sinks.embedded_store import embedded_store
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
from tests.support.processes import dead_port, free_port

SECRET = "a secret of the tests"
NOBODY = f"http://127.0.0.1:{dead_port()}"
COMPOSER = Composer(ActionLinks(ActionTokens([b"a key of the tests"]), "https://town.example"))
SENDER = Sender("Pilot <pilot@town.example>")
ADDRESSES = Noted(
    {
        ("town/ann", "slack"): "U1",
        ("town/ann", "discourse"): "17",
        ("town/ann", "email"): "ann@example.org",
        ("town/ann", "circle"): "17",
    }
)
MEDIUM = {
    **dict.fromkeys(("slack", "discourse", "circle"), "direct_message"),
    **dict.fromkeys(("email", "hubspot", "kit"), "email"),
    "staff": "staff",
}  # of the commands that a channel gets here; the others get any
NASTY = command(
    title="<b>{{7*7}}</b> @everyone \x1b[2J\n\u202e", text='it\'s "quoted" & 🙂\x00', because="Größe", thread="t/1"
)


@asynccontextmanager
async def console() -> AsyncIterator[Channel]:
    """Onto a stream."""
    yield ConsoleChannel(StringIO())


@asynccontextmanager
async def in_app() -> AsyncIterator[Channel]:
    """Into a store of its own."""
    with embedded_store() as url:
        async with Redis.from_url(url) as redis:
            yield InAppChannel(Inbox(redis))


@asynccontextmanager
async def in_app_refused() -> AsyncIterator[Channel]:
    """Where no store is."""
    async with Redis.from_url(f"redis://127.0.0.1:{free_port()}/0") as redis:
        yield InAppChannel(Inbox(redis))


@asynccontextmanager
async def webhook() -> AsyncIterator[Channel]:
    """To a receiver that takes all."""
    async with running_hook() as hook:
        yield WebhookChannel(hook.url, SECRET)


@asynccontextmanager
async def webhook_refused() -> AsyncIterator[Channel]:
    """To a receiver that cuts every connection."""
    async with running_hook((0, {})) as hook:
        yield WebhookChannel(hook.url, SECRET)


@asynccontextmanager
async def slack() -> AsyncIterator[Channel]:
    """To a workspace that takes all."""
    async with running(FakeSlack()) as platform:
        yield SlackChannel(TOKEN, ADDRESSES, COMPOSER, base=platform.url)


@asynccontextmanager
async def slack_refused() -> AsyncIterator[Channel]:
    """To nobody."""
    yield SlackChannel(TOKEN, ADDRESSES, COMPOSER, base=NOBODY)


@asynccontextmanager
async def discourse() -> AsyncIterator[Channel]:
    """To a forum that takes all."""
    async with running(FakeDiscourse()) as platform:
        yield DiscourseChannel(DiscourseApi(platform.url, fake_discourse.KEY, fake_discourse.BOT), ADDRESSES, COMPOSER)


@asynccontextmanager
async def discourse_refused() -> AsyncIterator[Channel]:
    """To nobody."""
    yield DiscourseChannel(DiscourseApi(NOBODY, fake_discourse.KEY, fake_discourse.BOT), ADDRESSES, COMPOSER)


@asynccontextmanager
async def email() -> AsyncIterator[Channel]:
    """To a mail server that takes all."""
    with running_mail_server() as server:
        yield EmailChannel(Server("127.0.0.1", server.port, "none", USER, PASSWORD), SENDER, ADDRESSES, COMPOSER)


@asynccontextmanager
async def email_refused() -> AsyncIterator[Channel]:
    """To nobody."""
    yield EmailChannel(Server("127.0.0.1", free_port(), "none"), SENDER, ADDRESSES, COMPOSER)


@asynccontextmanager
async def hubspot(url: str = "") -> AsyncIterator[Channel]:
    """To an account that takes all, or to `url`."""
    async with running(FakeHubspot()) as platform:
        http = HttpClient(url or platform.url, {"Authorization": f"Bearer {fake_apis.SECRET}"})
        yield HubspotChannel(http, Does("email", 1), ADDRESSES, COMPOSER)


@asynccontextmanager
async def kit(url: str = "") -> AsyncIterator[Channel]:
    """To an account that takes all, or to `url`."""
    async with running(FakeKit()) as platform:
        yield KitChannel(HttpClient(url or platform.url, {"X-Kit-Api-Key": fake_apis.SECRET}), ADDRESSES, 1)


@asynccontextmanager
async def circle(url: str = "") -> AsyncIterator[Channel]:
    """To a community that takes all, or to `url`."""
    async with running(FakeCircle()) as platform:
        keys = (fake_apis.SECRET, f"{fake_apis.SECRET} headless")
        yield CircleChannel(url or platform.url, keys, ADDRESSES, COMPOSER, "pilot@town.example", 1)


@asynccontextmanager
async def staff(url: str = "") -> AsyncIterator[Channel]:
    """To a workspace that takes all, or to `url`."""
    async with running(FakeSlack()) as platform:
        yield StaffChannel(SlackApi(TOKEN, url or platform.url), "C5", COMPOSER)


Recipe = Callable[[], AbstractAsyncContextManager[Channel]]
WORKING: dict[str, Recipe] = {
    "circle": circle, "console": console, "discourse": discourse, "email": email, "hubspot": hubspot, "in_app": in_app, "kit": kit, "slack": slack,
    "staff": staff, "webhook": webhook,
}  # fmt: skip
BROKEN: dict[str, Recipe] = {
    "circle": partial(circle, NOBODY), "discourse": discourse_refused, "email": email_refused, "hubspot": partial(hubspot, NOBODY),
    "in_app": in_app_refused, "kit": partial(kit, NOBODY), "slack": slack_refused, "staff": partial(staff, NOBODY), "webhook": webhook_refused,
}  # fmt: skip


def served(name: str, given: Command) -> Command:
    """Return a command in a medium that the channel carries."""
    return msgspec.structs.replace(given, channel=MEDIUM.get(name, given.channel))


def deliver(recipe: Recipe, *commands: Command) -> list[Receipt]:
    """Deliver commands at once over a channel, then close it twice."""

    async def story() -> list[Receipt]:
        async with recipe() as channel:
            receipts = await asyncio.gather(*(channel.deliver(one) for one in commands))
            await channel.close()
            await channel.close()
            return receipts

    return asyncio.run(story())


def test_every_channel_has_a_recipe_here() -> None:
    """And every one that reaches others has a recipe for their absence."""
    assert set(WORKING) == set(CHANNELS)
    assert set(BROKEN) == {name for name, channel in CHANNELS.items() if not channel.accepts_replay}


@pytest.mark.parametrize("name", CHANNELS)
def test_it_bears_its_name_and_its_deliver_is_awaited(name: str) -> None:
    """The name in the list is the name in outcomes."""
    assert CHANNELS[name].name == name
    assert isinstance(CHANNELS[name].accepts_replay, bool)
    assert inspect.iscoroutinefunction(CHANNELS[name].deliver)


@pytest.mark.parametrize("name", CHANNELS)
def test_it_says_what_it_carries_and_what_a_repetition_does(name: str) -> None:
    """Routing and the dispatcher go by it; only where it can look is an attempt without an answer looked for."""
    channel = CHANNELS[name]
    assert channel.serves <= set(MEDIA)
    assert channel.serves
    assert channel.repeats in ("harmless", "checked", "never")
    assert (channel.repeats == "checked") == ("find" in vars(channel))
    assert 0 < channel.attempts <= 64


def test_only_the_console_takes_replays() -> None:
    """A replay of old history messages nobody; a channel that reaches people and says otherwise fails here."""
    assert {name for name, channel in CHANNELS.items() if channel.accepts_replay} == {"console"}


@pytest.mark.parametrize("name", CHANNELS)
def test_it_delivers_whatever_the_text_is_and_closes_twice(name: str) -> None:
    """Markup, control characters, other scripts, many at once."""
    receipts = deliver(
        WORKING[name], *(served(name, one) for one in (NASTY, *(command(number) for number in range(20))))
    )
    assert {one.result for one in receipts} == {"delivered"}


@pytest.mark.parametrize("name", CHANNELS)
def test_it_closes_unused(name: str) -> None:
    """A process that stops before its first command stops cleanly."""
    assert deliver(WORKING[name]) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_dead_other_side_is_a_receipt_without_the_members_words(name: str) -> None:
    """Never an exception; the detail goes to outcomes and dead letters."""
    [receipt] = deliver(BROKEN[name], served(name, NASTY))
    assert receipt.result == "retry"
    assert receipt.detail
    assert not [word for word in (NASTY.text, NASTY.title, NASTY.because, NASTY.member) if word in receipt.detail]


@pytest.mark.integration
@pytest.mark.parametrize("name", CHANNELS)
def test_a_replay_passes_the_dispatcher_only_to_the_console(name: str, redis_url: str) -> None:
    """Every other channel refuses, before it is asked, with the reason."""

    async def story() -> OutcomeRecord | None:
        async with WORKING[name]() as channel, Redis.from_url(redis_url) as redis:
            replayed = served(name, command(id=f"replay/{name}", replay=True))
            return await Clock().dispatcher(channel, redis).dispatch(replayed)

    outcome = asyncio.run(story())
    assert outcome is not None
    assert (outcome.kind, outcome.reason, outcome.dead) == (
        ("delivered", "", False) if name == "console" else ("failed", Reason.REPLAY, False)
    )
