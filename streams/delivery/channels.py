"""Channels made from settings; what is missing or wrong is said before the first command."""

import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from redis.asyncio import Redis

from sinks.action_links import ActionLinks
from sinks.action_tokens import ActionTokens
from sinks.addresses import AddressBook
from sinks.analytics import ANALYTICS
from sinks.analytics.ga4 import Ga4
from sinks.analytics.mixpanel import Mixpanel
from sinks.analytics.told import Analytics
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
from sinks.inbox import Inbox
from sinks.message import Composer
from sinks.platforms.discourse import DiscourseApi
from sinks.platforms.http import HttpClient
from sinks.platforms.mail import Sender, Server, is_address
from sinks.platforms.slack import SlackApi
from sinks.routing import Router
from streams.errors import UserError
from streams.settings import Settings

KNOWN = (*sorted(CHANNELS), *sorted(ANALYTICS))


class NotToldError(UserError):
    """Nothing that a channel needs is set here; where secrets are the delivery's alone, other processes are not told."""


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
    for where, given in (("--channel", asked), ("LOTSE_CHANNELS", names)):
        for name in given:
            if name not in KNOWN:
                near = get_close_matches(name, KNOWN, 1)
                mend = f"did you mean {near[0]}? There" if near else "there"
                raise UserError(f"{where}: no channel {name!r}; {mend} are {', '.join(KNOWN)}")
    if len(set(names)) < len(names) or len(set(asked)) < len(asked):
        raise UserError("a channel is named twice")
    if astray := [name for name in asked if name not in names]:
        raise UserError(
            f"{', '.join(astray)}: not in LOTSE_CHANNELS ({settings.channels}), which says where commands go"
        )
    ways = [CHANNELS[name] for name in names if name in CHANNELS]
    if not ways:
        raise UserError("LOTSE_CHANNELS: expected a channel that takes commands too, such as console")
    return Router(ways), asked or names


def open_channels(names: list[str], settings: Settings, redis: Redis) -> list[Channel]:
    """Return channels ready to deliver. Raises `UserError` where a setting is missing or wrong."""
    actions = ActionLinks(ActionTokens(settings.action_keys()), settings.pages_url)
    means = Means(settings, AddressBook(redis, settings.app), actions, Composer(actions), Inbox(redis, settings.app))
    return [MAKERS[name](means) for name in names if name in MAKERS]


def open_analytics(names: list[str], settings: Settings) -> list[Analytics]:
    """Return analytics platforms ready to be told. Raises `UserError` where a setting is missing."""
    made: list[Analytics] = []
    if "mixpanel" in names:
        _needs(settings, "mixpanel", "mixpanel_project", "mixpanel_user", "mixpanel_secret")
        account = (settings.mixpanel_project, settings.mixpanel_user, settings.mixpanel_secret)
        made.append(Mixpanel(settings.mixpanel_url, *account))
    if "ga4" in names:
        _needs(settings, "ga4", "ga4_measurement", "ga4_secret")
        made.append(Ga4(settings.ga4_url, settings.ga4_measurement, settings.ga4_secret))
    return made


def _needs(settings: Settings, channel: str, *names: str) -> None:
    missing = [f"LOTSE_{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        kind = NotToldError if len(missing) == len(names) else UserError
        raise kind(f"the {channel} channel needs {' and '.join(missing)}")


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
    return DiscourseChannel(
        _forum(means.settings, "discourse"), means.addresses, means.composer, means.settings.discourse_category
    )


def _forum(settings: Settings, channel: str) -> DiscourseApi:
    _needs(settings, channel, "discourse_url", "discourse_key")
    return DiscourseApi(settings.discourse_url, settings.discourse_key, settings.discourse_user)


def _email(means: Means) -> Channel:
    server, sender = _mail(means.settings, "email")
    try:
        return EmailChannel(server, sender, means.addresses, means.composer)
    except ValueError as error:
        raise UserError(f"LOTSE_EMAIL_FROM, LOTSE_EMAIL_REPLY_TO, LOTSE_EMAIL_UNSUBSCRIBE: {error}") from None


def _in_app(means: Means) -> Channel:
    _needs(means.settings, "in_app", "redis")  # the embedded store is no other process's
    return InAppChannel(means.inbox)


def _mail(settings: Settings, channel: str) -> tuple[Server, Sender]:
    _needs(settings, channel, "email_host", "email_from")
    server = Server(
        settings.email_host, settings.email_port, settings.email_tls, settings.email_user, settings.email_password, settings.email_client,
    )  # fmt: skip
    return server, Sender(settings.email_from, settings.email_reply_to, settings.email_unsubscribe)


def _circle(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "circle", "circle_token")
    if settings.circle_headless_token:
        _needs(settings, "circle", "circle_bot")
    tokens = settings.circle_token, settings.circle_headless_token
    bot, space = settings.circle_bot, settings.circle_space
    return CircleChannel(settings.circle_url, tokens, means.addresses, means.composer, bot, space)


def _hubspot(means: Means) -> Channel:
    settings = means.settings
    what = settings.hubspot_does
    _needs(settings, "hubspot", "hubspot_token", f"hubspot_{what}")
    name = settings.hubspot_property if what == "property" else settings.hubspot_event
    does = Does(what, settings.hubspot_email, name)  # type: ignore[arg-type]  # checked by the settings
    http = HttpClient(settings.hubspot_url, {"Authorization": f"Bearer {settings.hubspot_token}"})
    return HubspotChannel(http, does, means.addresses, means.composer)


def _kit(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "kit", "kit_key", *(() if settings.kit_sequence else ("kit_tag",)))
    http = HttpClient(settings.kit_url, {"X-Kit-Api-Key": settings.kit_key})
    return KitChannel(http, means.addresses, settings.kit_tag, settings.kit_sequence)


def _staff(means: Means) -> Channel:
    settings = means.settings
    _needs(settings, "staff", "staff_place")
    kind, _, place = settings.staff_place.partition(":")
    if kind == "discourse" and not place.isdigit():
        raise UserError("LOTSE_STAFF_PLACE: expected discourse:<number of the category>")
    if kind == "email" and not is_address(place):
        raise UserError("LOTSE_STAFF_PLACE: expected email:<address>")
    if kind == "slack":
        _needs(settings, "staff", "slack_token")
        return StaffChannel(SlackApi(settings.slack_token, settings.slack_url), place, means.composer)
    way = _forum(settings, "staff") if kind == "discourse" else _mail(settings, "staff")
    return StaffChannel(way, place, means.composer)


MAKERS: dict[str, Callable[[Means], Channel]] = {
    "console": _console,
    "webhook": _webhook,
    "slack": _slack,
    "discourse": _discourse,
    "email": _email,
    "in_app": _in_app,
    "circle": _circle,
    "hubspot": _hubspot,
    "kit": _kit,
    "staff": _staff,
}
