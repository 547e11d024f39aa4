"""Channels made from settings; what is missing or wrong is said before the first command."""

import sys
from collections.abc import Callable
from typing import NamedTuple

from redis.asyncio import Redis

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.addresses import AddressBook
from sinks.channel import Channel
from sinks.channels import CHANNELS
from sinks.channels.console import ConsoleChannel
from sinks.channels.discourse import DiscourseChannel
from sinks.channels.email import EmailChannel
from sinks.channels.in_app import InAppChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.webhook import WebhookChannel
from sinks.inbox import Inbox
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi
from sinks.platforms.mail import Sender, Server
from sinks.routing import Router
from streams.errors import UserError
from streams.settings import Settings


class Means(NamedTuple):
    """What channels are made of."""

    settings: Settings
    addresses: AddressBook
    actions: ActionLinks
    composer: Composer
    inbox: Inbox


def in_use(settings: Settings, asked: list[str]) -> tuple[Router, list[str]]:
    """Return the router of the deployment's channels (LOTSE_CHANNELS), and the names of those asked for, without any: all.

    Raises `UserError` for a name that is none, given twice, or not among the deployment's.
    """
    names = [name.strip() for name in settings.channels.split(",") if name.strip()] or asked or ["console"]
    for name in (*names, *asked):
        if name not in CHANNELS:
            raise UserError(f"no channel {name!r}; there are {', '.join(CHANNELS)}")
    if len(set(names)) < len(names) or len(set(asked)) < len(asked):
        raise UserError("a channel is named twice")
    if astray := [name for name in asked if name not in names]:
        raise UserError(
            f"{', '.join(astray)}: not in LOTSE_CHANNELS ({settings.channels}), which says where commands go"
        )
    return Router([CHANNELS[name] for name in names]), asked or names


def open_channels(names: list[str], settings: Settings, redis: Redis) -> list[Channel]:
    """Return channels ready to deliver. Raises `UserError` where a setting is missing or wrong."""
    actions = ActionLinks(ActionTokens(settings.action_keys()), settings.pages_url)
    means = Means(settings, AddressBook(redis, settings.app), actions, Composer(actions), Inbox(redis, settings.app))
    return [MAKERS[name](means) for name in names]


def _needs(settings: Settings, channel: str, *names: str) -> None:
    missing = [f"LOTSE_{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        raise UserError(f"the {channel} channel needs {' and '.join(missing)}")


def _console(_means: Means) -> Channel:
    return ConsoleChannel(sys.stdout)


def _webhook(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "webhook", "webhook_url", "webhook_secret")
    try:
        return WebhookChannel(settings.webhook_url, settings.webhook_secret, means.actions)
    except ValueError as error:
        raise UserError(f"LOTSE_WEBHOOK_SECRET: {error}") from None


def _slack(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "slack", "slack_token")
    return SlackChannel(
        settings.slack_token, means.addresses, means.composer, settings.slack_pin_channel, settings.slack_url
    )


def _discourse(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "discourse", "discourse_url", "discourse_key")
    api = DiscourseApi(settings.discourse_url, settings.discourse_key, settings.discourse_user)
    return DiscourseChannel(api, means.addresses, means.composer, settings.discourse_category)


def _email(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "email", "email_host", "email_from")
    server = Server(
        settings.email_host, settings.email_port, settings.email_tls, settings.email_user, settings.email_password
    )
    sender = Sender(settings.email_from, settings.email_reply_to, settings.email_unsubscribe)
    try:
        return EmailChannel(server, sender, means.addresses, means.composer)
    except ValueError as error:
        raise UserError(f"LOTSE_EMAIL_FROM, LOTSE_EMAIL_REPLY_TO, LOTSE_EMAIL_UNSUBSCRIBE: {error}") from None


def _in_app(means: Means) -> Channel:
    _needs(means.settings, "in_app", "redis")  # the embedded store is no other process's
    return InAppChannel(means.inbox)


MAKERS: dict[str, Callable[[Means], Channel]] = {
    "console": _console,
    "webhook": _webhook,
    "slack": _slack,
    "discourse": _discourse,
    "email": _email,
    "in_app": _in_app,
}
