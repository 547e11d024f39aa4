"""Suggestions that wait for a person: read from the decisions, answered into the member log."""

import time
from collections.abc import Iterable
from contextlib import closing, suppress

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.commands import command_id
from processors.decisions import Decision, Reason, read_decision
from processors.events import Event
from processors.ids import digest
from processors.member.state import MemberState
from processors.playbooks.catalog import Catalog
from processors.playbooks.message import compose
from processors.playbooks.resources import Bundle
from processors.vocabulary import SuggestionAnswer
from streams.codec import Codec
from streams.errors import UNREACHABLE, UserError
from streams.servers import broker_access
from streams.servers.log_reader import read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS

TIMEOUT_S = 20.0
LOOK_BACK_S = 28 * 86400.0  # decisions are kept no longer


class Suggestion(msgspec.Struct, frozen=True):
    """One that waits. `command` is its id; `until` is when it is given up (epoch s); `text` what it would say, with places for facts."""

    command: str
    member: str
    playbook: str
    resource: str
    since: float
    until: float
    title: str = ""
    text: str = ""


def waiting(decisions: Iterable[Decision], now: float) -> list[Suggestion]:
    """Return the suggestions whose last decision is that they wait, the oldest first."""
    last: dict[str, tuple[Decision, float]] = {}
    for one in decisions:
        command = command_id(one.member, one.playbook, one.episode)
        began = last[command][1] if command in last else one.time
        last[command] = (one, began)
    found = [
        Suggestion(command, one.member, one.playbook, one.resource, began, one.until)
        for command, (one, began) in last.items()
        if one.reason is Reason.SUGGESTION_WAITS and one.until > now and not one.replay
    ]
    return sorted(found, key=lambda one: (one.since, one.command))


def read_waiting(settings: Settings, bundle: Bundle | None) -> list[Suggestion]:
    """Return what waits now, with the words of the catalog in force. Raises `UserError` without a broker."""
    now = time.time()
    decisions = []
    for record in read_topic(settings.bootstrap, DECISIONS, int((now - LOOK_BACK_S) * 1000)):
        with suppress(msgspec.DecodeError):
            decisions.append(read_decision(record.key, record.value))
    catalog = Catalog(bundle) if bundle else None
    return [worded(one, catalog) for one in waiting(decisions, now)]


def answer(settings: Settings, suggestion: Suggestion, kind: str, author: str, reason: str, text: str = "") -> None:
    """Write what a person made of it (`sent`, `edited` or `dropped`) into the member's log. Raises `UserError`."""
    now = time.time()
    name = f"suggestion.{kind}"
    data = SuggestionAnswer(command=suggestion.command, author=author, text=text, reason=reason)
    event = Event(digest(name, suggestion.command, author, str(now)), name, suggestion.member, now, data)
    value = Codec(settings.control()).encode(event)
    try:
        with closing(
            KafkaProducer(**broker_access.options(settings.bootstrap), acks="all", bootstrap_timeout_ms=10_000)
        ) as producer:
            producer.send(ACTIVITY, key=event.key.encode(), value=value).get(TIMEOUT_S)
    except (KafkaError, OSError) as error:
        raise UserError(
            f"the answer was not written to {ACTIVITY} ({type(error).__name__}): the suggestion still waits",
            UNREACHABLE,
        ) from None


def worded(suggestion: Suggestion, catalog: Catalog | None) -> Suggestion:
    """Return a suggestion with the words that it would be sent in, where the catalog has them."""
    playbook = catalog.playbooks.get(suggestion.playbook) if catalog else None
    resource = catalog.resources.get(suggestion.resource) if catalog else None
    if catalog is None or playbook is None or resource is None:
        return suggestion
    policy = catalog.policy(suggestion.member.partition("/")[0])
    facts = {path: f"<{path}>" for path in playbook.needs}
    message = compose(playbook, resource, MemberState(), policy, facts, suggestion.since)
    return msgspec.structs.replace(suggestion, title=message.title, text=message.text)
