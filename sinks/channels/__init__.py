"""The channels, by name."""

from sinks.channels.console import ConsoleChannel
from sinks.channels.webhook import WebhookChannel

CHANNELS: dict[str, type[ConsoleChannel] | type[WebhookChannel]] = {
    "console": ConsoleChannel,
    "webhook": WebhookChannel,
}
