"""What is known of a playbook before it is let send: tried on a history, and counted where it runs already."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress

import msgspec

from processors.decisions import Decision, Reason, Verdict, read_decision
from processors.events import Event
from processors.over_trigger import PARTS
from processors.playbooks.resources import Bundle
from processors.vocabulary import OutcomeData
from streams.backtest.run import backtest
from streams.codec import Codec, UndecodableError
from streams.servers.log_reader import read_topic
from streams.settings import Settings
from streams.topics import ACTIVITY, DECISIONS

DAY = 86400.0


class Tried(msgspec.Struct, frozen=True):
    """On a history, as if it were live: `reach` is the share of its members who would have got something.

    `over_trigger_rate` is per 1,000 sends, as far as a history shows it (None without sends); `caps` what held it back.
    """

    events: int
    days: float
    wanted: int
    sends: int
    members: int
    reach: float
    sends_per_member_week_max: int
    collisions: int
    over_trigger_rate: float | None
    caps: dict[str, int]
    displaced: dict[str, int]


class Counted(msgspec.Struct, frozen=True):
    """Where it runs now, in the last days: what it wanted while in shadow, what it sent, and what members made of that."""

    days: float
    shadow: int
    members: int
    sends: int
    over_trigger_rate: float | None
    at_fault: dict[str, int]


def tried(bundle: Bundle, events: Sequence[Event], ids: frozenset[str]) -> Tried:
    """Return what a history says of a playbook (the ids of its steps)."""
    report = backtest(events, bundle, ids, lambda _folded: None)
    parts = [report.playbooks[name] for name in sorted(ids)]
    members = max((one.members for one in parts), default=0)
    return Tried(
        events=report.events,
        days=round((report.ends - report.begins) / DAY, 1),
        wanted=sum(one.wanted for one in parts),
        sends=report.sends,
        members=members,
        reach=round(members / report.members, 4) if report.members else 0.0,
        sends_per_member_week_max=max((one.member_week_max for one in parts), default=0),
        collisions=sum(one.collisions for one in parts),
        over_trigger_rate=report.over_trigger_rate,
        caps=report.reasons,
        displaced=report.difference.gone,
    )


def counted(settings: Settings, ids: frozenset[str], days: int) -> Counted:
    """Return what the broker's decisions and outcomes of the last days say of a playbook. Raises `UserError` without a broker."""
    since = time.time() - days * DAY
    own = [one for one in _decisions(settings.bootstrap, since) if one.playbook in ids]
    sends = [one for one in own if one.verdict is Verdict.SEND]
    shadow = [one for one in own if one.reason is Reason.SHADOW]
    commands = {one.command for one in sends}
    at_fault: dict[str, set[str]] = {}
    for part, command in _outcomes(settings, since):
        if command in commands:
            at_fault.setdefault(part, set()).add(command)
    faulty = set().union(*at_fault.values()) if at_fault else set()
    return Counted(
        days=float(days),
        shadow=len(shadow),
        members=len({one.member for one in own}),
        sends=len(sends),
        over_trigger_rate=round(1000 * len(faulty) / len(sends), 1) if sends else None,
        at_fault={part: len(found) for part, found in sorted(at_fault.items())},
    )


def _decisions(bootstrap: str, since: float) -> Iterable[Decision]:
    for record in read_topic(bootstrap, DECISIONS, int(since * 1000)):
        with suppress(msgspec.DecodeError):
            yield read_decision(record.key, record.value)


def _outcomes(settings: Settings, since: float) -> Iterable[tuple[str, str]]:
    """Yield (part of over-triggering, command) of the outcomes that say that a command was at fault."""
    codec = Codec(settings.control())
    for record in read_topic(settings.bootstrap, ACTIVITY, int(since * 1000)):
        try:
            event = codec.decode(record.key, record.value)
        except UndecodableError:
            continue
        if event.type in PARTS and isinstance(event.data, OutcomeData):
            yield PARTS[event.type], event.data.command
