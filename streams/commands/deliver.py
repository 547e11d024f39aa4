"""`lotse deliver`: commands from the delivery topics out to a channel."""

import asyncio
import sys
from contextlib import nullcontext
from typing import Annotated, Literal

import msgspec
import typer

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.channel import Channel
from sinks.channels.console import ConsoleChannel
from sinks.channels.webhook import WebhookChannel
from sinks.embedded_store import NoEmbeddedStoreError, embedded_store
from streams.delivery import Delivery
from streams.errors import UNREACHABLE, UserError
from streams.settings import Settings, load_settings

HEALTH = "127.0.0.1:9465"  # unless told otherwise: beside a worker on the same machine


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(deliver)


def deliver(channel: Annotated[Literal["console", "webhook"], typer.Option(help="Where to.")] = "console") -> None:
    """Deliver commands, each once, until told to stop."""
    loaded = load_settings()
    settings = loaded.settings
    if loaded.sources["health_address"] == "default":
        settings = msgspec.structs.replace(settings, health_address=HEALTH)
    out = _channel(channel, settings)
    try:
        with nullcontext(settings.redis) if settings.redis else embedded_store() as redis:
            asyncio.run(Delivery(settings, out, redis).run())
    except NoEmbeddedStoreError as error:
        raise UserError(str(error), UNREACHABLE) from None


def _channel(name: str, settings: Settings) -> Channel:
    if name == "console":
        return ConsoleChannel(sys.stdout)
    if not settings.webhook_url or not settings.webhook_secret:
        raise UserError("the webhook channel needs LOTSE_WEBHOOK_URL and LOTSE_WEBHOOK_SECRET")
    try:
        return WebhookChannel(settings.webhook_url, settings.webhook_secret, _actions(settings))
    except ValueError as error:
        raise UserError(f"LOTSE_WEBHOOK_SECRET: {error}") from None


def _actions(settings: Settings) -> ActionLinks:
    """Return what makes the buttons and links of messages."""
    return ActionLinks(ActionTokens(settings.action_keys()), settings.pages_url)
