"""The channels, by name."""

from sinks.channel import Channel
from sinks.channels.console import ConsoleChannel
from sinks.channels.discourse import DiscourseChannel
from sinks.channels.email import EmailChannel
from sinks.channels.in_app import InAppChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.webhook import WebhookChannel

CHANNELS: dict[str, type[Channel]] = {
    "console": ConsoleChannel,
    "discourse": DiscourseChannel,
    "email": EmailChannel,
    "in_app": InAppChannel,
    "slack": SlackChannel,
    "webhook": WebhookChannel,
}
