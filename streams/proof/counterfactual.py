"""What would have been decided with another number in the policy: a member's log is folded again through the real core."""

import time
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple

import msgspec

from processors.community.pulse import Pulse
from processors.decisions import SAFETY, Decision, Verdict
from processors.events import Event
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.vocabulary import VISITS
from streams.agents.records import partition_of
from streams.catalog.feed import CatalogFeed
from streams.codec import Codec, UndecodableError
from streams.errors import UserError
from streams.servers.log_reader import beginnings, partition_count, read_partition
from streams.settings import Settings
from streams.topics import ACTIVITY

DAY = 86400.0
# The numbers of a policy that may be tried: how many seconds one of the form's units has (1: a plain number), and the highest.
TRIED: dict[str, tuple[float, float]] = {
    "budget_day": (1, 20), "budget_week": (1, 20), "budget_week_new": (1, 20), "new_days": (1, 365), "answers_day": (1, 16),
    "quiet_from": (1, 23), "quiet_to": (1, 23), "cooldown_theme": (DAY, 365), "cooldown_resource": (DAY, 365),
    "inhibition": (DAY, 365), "onboarding_after": (DAY, 365), "over_trigger_max": (1, 1000),
}  # fmt: skip
TICK_S = 60.0  # a timer may fire a tick earlier or later in another company
LOOKED_AT_MAX, PATIENCE_S = 400_000, 20.0  # records of the partition, and seconds, after which a page gives up
Key = tuple[str, str]  # playbook and episode


class Compared(NamedTuple):
    """How each occasion ended (`was`) and would have ended (`then`) with the changed number, by playbook and episode.

    Of `recorded` decisions those in `same` come out as they were recorded where nothing is changed. The rest hangs on what is not in
    this member's log (what others made of a playbook or resource), or on what is older than what is kept; of it nothing can be said.
    """

    was: dict[Key, Decision]
    then: dict[Key, Decision]
    same: frozenset[str]
    recorded: int
    whole: bool

    def changes(self) -> list[tuple[Decision | None, Decision | None]]:
        """Return (before, after) of the occasions that would have ended otherwise, in the order of time."""
        pairs = [(self.was.get(key), self.then.get(key)) for key in dict.fromkeys((*self.was, *self.then))]
        return sorted((one for one in pairs if _end(one[0]) != _end(one[1])), key=_when)


def tried(field: str, value: float) -> float:
    """Return a policy's number from that of a form. Raises `UserError` for one that may not be tried."""
    if field not in TRIED:
        raise UserError(f"{field or 'number'}: expected one of {', '.join(TRIED)}")
    unit, highest = TRIED[field]
    if not 0 <= value <= highest or (unit == 1 and value != int(value)):
        raise UserError(f"{field}: expected {'a whole number' if unit == 1 else 'days'} from 0 to {highest:g}")
    return value * unit if unit > 1 else int(value)


def what_if(
    settings: Settings, member: str, recorded: Sequence[Decision], field: str, value: float, *, patient: bool = False
) -> Compared:
    """Return what a changed number would have changed. Raises `UserError`; unless `patient`, where the log is too long to fold meanwhile."""
    changed = tried(field, value)
    log, catalogs = read_log(settings, member, patient=patient), CatalogFeed(settings.bootstrap).load()

    def catalog(content_hash: str) -> Catalog:
        found = catalogs.get(content_hash)
        if found is None:
            raise UserError(f"the catalog {content_hash[:12]} that was in force is not kept any more")
        return found

    return compared(log, recorded, catalog, field, changed)


class Log(NamedTuple):
    """The events of a member's partition that matter to the member: their own, time and catalogs; of others only when they were there.

    `whole` tells whether the beginning of the log is still kept.
    """

    member: str
    partition: int
    events: list[Event]
    whole: bool


def read_log(settings: Settings, member: str, *, patient: bool) -> Log:
    """Read a member's log. Raises `UserError`; unless `patient`, where it takes long."""
    partition = partition_of(member.encode(), partition_count(settings.bootstrap, ACTIVITY))
    whole = not beginnings(settings.bootstrap, ACTIVITY)[partition]
    events: list[Event] = []
    codec, deadline = Codec(settings.control()), time.monotonic() + PATIENCE_S
    for number, record in enumerate(read_partition(settings.bootstrap, ACTIVITY, partition)):
        if not patient and (number > LOOKED_AT_MAX or time.monotonic() > deadline):
            raise UserError(
                f"the log of this member's partition is too long to be folded here; run: lotse explain {member} --if NUMBER=VALUE"
            )
        try:
            event = codec.decode(record.key, record.value)
        except UndecodableError:
            continue
        if event.key == member or event.key.startswith("@") or event.type in VISITS:
            events.append(event)
    return Log(member, partition, events, whole)


def compared(
    log: Log, recorded: Sequence[Decision], catalogs: Callable[[str], Catalog], field: str, value: float
) -> Compared:
    """Fold a log with and without the changed number. The fold without it is held against what was recorded: it shows what can be known."""
    known = {one.id: one for one in recorded if one.lane != SAFETY}
    before = fold(log, catalogs)
    after = fold(log, _with(catalogs, log.member.partition("/")[0], field, value))
    # Not by id, which counts the member's decisions: two of one moment may change places with what others made of a playbook.
    again = {(key_of(one), one.attempt, _end(one)): one.time for one in before}
    same = frozenset(
        name
        for name, one in known.items()
        if abs(again.get((key_of(one), one.attempt, _end(one)), 0.0) - one.time) <= TICK_S
    )
    return Compared(_ends(before), _ends(after), same, len(known), log.whole)


def fold(log: Log, catalogs: Callable[[str], Catalog]) -> list[Decision]:
    """Fold the member's log, and return what was decided about them."""
    part = MemberPartition(log.partition, {}, None, catalogs)
    found: list[Decision] = []
    days: dict[str, int] = {}
    for event in log.events:
        if event.key == log.member or event.key.startswith("@"):
            part.apply(event)
            found += [one for one in part.take_outputs().decisions if one.member == log.member]
        elif part.shared.time:  # that others were there tells a quiet member from a quiet community
            day = int(min(event.time, part.shared.time)) // int(DAY)
            if day > days.get(event.key, 0):
                days[event.key] = day
                part.shared.pulses.setdefault(event.community, Pulse()).came(day)
    return found


def _ends(decisions: Iterable[Decision]) -> dict[Key, Decision]:
    """Return the last decision about each occasion; one that was sent stays sent, and help in distress is left out."""
    found: dict[Key, Decision] = {}
    for one in decisions:
        sent = found.get(key_of(one))
        if one.lane != SAFETY and (sent is None or sent.verdict is not Verdict.SEND):
            found[key_of(one)] = one
    return found


def key_of(one: Decision) -> Key:
    """Return which occasion a decision is about."""
    return one.playbook, one.episode


def _end(one: Decision | None) -> Any:
    return (one.verdict, one.reason) if one is not None else None


def _when(pair: tuple[Decision | None, Decision | None]) -> float:
    return next(one.time for one in pair if one is not None)


def _with(catalogs: Callable[[str], Catalog], community: str, field: str, value: float) -> Callable[[str], Catalog]:
    """Return the catalogs with another number in the policy of one community."""
    made: dict[str, Catalog] = {}

    def changed(content_hash: str) -> Catalog:
        if content_hash not in made:
            catalog = catalogs(content_hash)
            policy = msgspec.structs.replace(catalog.policy(community), **{field: value})
            made[content_hash] = copy(catalog)
            made[content_hash].policies = {**catalog.policies, community: policy}
        return made[content_hash]

    return changed
