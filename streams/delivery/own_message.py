"""A message that somebody who operates Lotse sends to themselves: the way of every command, of no playbook, and without answers that would count."""

from contextlib import closing
from typing import NamedTuple

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.commands import Command
from processors.ids import digest
from streams.agents.records import home_of
from streams.errors import UNREACHABLE, UserError
from streams.servers import broker_access
from streams.settings import Settings
from streams.topics import DELIVERY

TIMEOUT_S, LIFE_S = 20.0, 900.0
PLAYBOOK = "console.own-message"  # no playbook of any catalog: it counts for none


class Words(NamedTuple):
    """What a message says, in a language."""

    locale: str
    title: str
    text: str
    because: str
    link: str = ""
    resource: str = ""


def own_command(member: str, channel: str, words: Words, now: float) -> Command:
    """Return the command of a message to oneself: expires within a quarter of an hour, and has no buttons."""
    return Command(
        id=digest("own", member, channel, str(now)), target=member, member=member, community=member.partition("/")[0], channel=channel,
        playbook=PLAYBOOK, lane="request", resource=words.resource, resource_version="", locale=words.locale, title=words.title, text=words.text,
        because=words.because, priority="normal", not_before=now, expires=now + LIFE_S, link=words.link, actions=(),
    )  # fmt: skip


def send(settings: Settings, command: Command) -> None:
    """Give a command to delivery, and wait until the broker has it. Raises `UserError`."""
    topic, key = DELIVERY[command.channel], command.target.encode()
    try:
        with closing(
            KafkaProducer(**broker_access.options(settings.bootstrap), acks="all", bootstrap_timeout_ms=10_000)
        ) as producer:
            home = home_of(key, settings.partitions)
            producer.send(topic, key=key, value=msgspec.json.encode(command), partition=home).get(TIMEOUT_S)
    except (KafkaError, OSError) as error:
        raise UserError(
            f"the message was not written to {topic} ({type(error).__name__}); see what lotse doctor says", UNREACHABLE
        ) from None
