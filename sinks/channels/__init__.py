"""The channels, by name."""

from sinks.channel import Channel
from sinks.channels.circle import CircleChannel
from sinks.channels.console import ConsoleChannel
from sinks.channels.discourse import DiscourseChannel
from sinks.channels.email import EmailChannel
from sinks.channels.hubspot import HubspotChannel
from sinks.channels.in_app import InAppChannel
from sinks.channels.kit import KitChannel
from sinks.channels.slack import SlackChannel
from sinks.channels.staff import StaffChannel
from sinks.channels.webhook import WebhookChannel

CHANNELS: dict[str, type[Channel]] = {
    "circle": CircleChannel,
    "console": ConsoleChannel,
    "discourse": DiscourseChannel,
    "email": EmailChannel,
    "in_app": InAppChannel,
    "hubspot": HubspotChannel,
    "kit": KitChannel,
    "slack": SlackChannel,
    "staff": StaffChannel,
    "webhook": WebhookChannel,
}
