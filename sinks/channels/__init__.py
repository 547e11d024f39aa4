"""The channels, by name."""

from sinks.channel import Channel
from sinks.channels.console import ConsoleChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.webhook import WebhookChannel

CHANNELS: dict[str, type[Channel]] = {
    "console": ConsoleChannel,
    "slack": SlackChannel,
    "webhook": WebhookChannel,
}
