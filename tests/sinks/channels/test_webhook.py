"""The webhook channel against a real HTTP server."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from processors.commands import Command
from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Receipt
from sinks.channels import webhook
from sinks.channels.webhook import WebhookChannel
from sinks.platforms import http
from tests.support.commands import command
from tests.support.hook import Hook, running_hook
from tests.support.processes import free_port

KEY = b"a key of the tests, 24 bytes or more"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def deliver(*answers: tuple[int, dict[str, str]], secret: str = SECRET, times: int = 1) -> tuple[Receipt, Hook]:
    """Deliver to a hook; the last receipt."""

    async def story() -> tuple[Receipt, Hook]:
        async with running_hook(*answers) as hook:
            channel = WebhookChannel(hook.url, secret)
            try:
                for _ in range(times):
                    receipt = await channel.deliver(command())
            finally:
                await channel.close()
            return receipt, hook

    return asyncio.run(story())


@pytest.mark.parametrize("secret", [SECRET, SECRET.rstrip("="), KEY.decode()])
def test_the_receiver_can_verify_who_sent_and_which_command(secret: str) -> None:
    """The signature holds, the id is the command's, the body is the whole command."""
    receipt, hook = deliver(secret=secret)
    headers, body = hook.received[0]
    Webhook(KEY).verify(body, dict(headers))
    assert receipt == Receipt("delivered", "200")
    assert headers["webhook-id"] == "c1"
    assert headers["content-type"] == "application/json"
    assert msgspec.json.decode(body, type=Command) == command()


def test_a_receiver_gets_the_tokens_of_the_actions() -> None:
    """And the command beside them as it is without; in public places there are none."""
    tokens = ActionTokens([b"a key of the tests"])
    channel = WebhookChannel("http://nowhere", SECRET, ActionLinks(tokens, "https://help.example.org"))
    body = channel._body(command())
    assert msgspec.json.decode(body, type=Command) == command()
    signed = msgspec.json.decode(body)
    assert signed["tokens"]["helpful"] == tokens.offer(command(), "helpful")
    assert signed["links"]["helpful"] == f"https://help.example.org/a/{signed['tokens']['helpful']}"
    assert not {"tokens", "links"} & msgspec.json.decode(channel._body(command(channel="thread"))).keys()


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "delivered"), (204, "delivered"), (301, "failed"), (307, "failed"), (400, "failed"), (401, "failed"), (404, "failed"),
        (408, "retry"), (410, "failed"), (425, "retry"), (429, "retry"), (500, "retry"), (503, "retry"),
    ],
)  # fmt: skip
def test_each_status_has_one_meaning(status: int, result: str) -> None:
    """What can pass by itself is tried again, the rest is final; no redirect is followed."""
    receipt, hook = deliver((status, {"Location": "/elsewhere"}))
    assert (receipt.result, receipt.detail) == (result, str(status))
    assert len(hook.received) == 1


def test_a_connection_cut_off_is_tried_again() -> None:
    """The other side went away between request and answer."""
    assert deliver((0, {}))[0].result == "retry"


def test_nobody_listening_is_tried_again() -> None:
    """The other side is down."""

    async def story() -> Receipt:
        channel = WebhookChannel(f"http://127.0.0.1:{free_port()}/hook", SECRET)
        try:
            return await channel.deliver(command())
        finally:
            await channel.close()

    assert asyncio.run(story()).result == "retry"


def test_no_answer_in_time_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that hangs holds a command for the time limit only."""
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.2)
    assert deliver((-1, {}))[0] == Receipt("retry", "TimeoutError")


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        (timedelta(seconds=1000), 800, 1000),
        (timedelta(days=-1), 0, 0),
        ("999999999", http.RETRY_AFTER_MAX, http.RETRY_AFTER_MAX),
        ("soon", 0, 0),
        ("-5", 0, 0),
        ("²", 0, 0),
    ],
)
def test_the_receiver_may_say_when_to_come_again(header: str | timedelta, least: float, most: float) -> None:
    """Retry-After as seconds or as a date (so long from now), bounded; nonsense is no wish."""
    if isinstance(header, timedelta):
        header = format_datetime(datetime.now(UTC) + header, usegmt=True)
    receipt, _ = deliver((429, {"Retry-After": header}))
    assert least <= receipt.retry_after <= most


def test_no_cookie_is_sent_back() -> None:
    """Deliveries to one receiver are not tied together."""
    _, hook = deliver((200, {"Set-Cookie": "who=me"}), times=2)
    assert "Cookie" not in hook.received[1][0]


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!"])
def test_a_secret_that_is_none_is_refused_at_once(secret: str) -> None:
    """At start, with what to do, not at the first command."""
    with pytest.raises(ValueError, match="base64"):
        WebhookChannel("http://127.0.0.1/", secret)
