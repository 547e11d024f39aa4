"""The series whose labels are known beforehand: they exist, at 0, from a process's first answer on.

A counter that begins with its first event hides that event from `rate` and `increase`, and a picture of it stays empty until then.
"""

from collections.abc import Iterable, Sequence
from typing import get_args

from processors.commands import ACTIONS, CHANNELS
from processors.community.content_gaps import GapKind
from processors.decisions import SAFETY, Reason, verdict_of
from processors.over_trigger import ALREADY_SOLVED, PARTS
from processors.playbooks.catalog import Catalog
from processors.signals import KINDS
from streams.telemetry.metrics import (
    ATTEMPTS,
    COLLISIONS,
    CONSOLE,
    DEAD,
    DECISIONS,
    DELIVERIES,
    DETECTIONS,
    GAPS,
    GATEWAY_EVENTS,
    GATEWAY_IGNORED,
    GATEWAY_INVALID,
    GATEWAY_REFUSED,
    LIMITED,
    ORDERS,
    OVER_TRIGGER,
    PAGES,
    PRESSES,
    RECALLS,
    REPEATED,
    REPEATS,
    RETRIES,
    REVEALED,
    SENDS,
    child,
)
from streams.topics import ACTIVITY, ANNOUNCEMENTS

STAGES = ("member", "community")
RECALLED = (Reason.ALREADY_SOLVED, Reason.EXIT_MET, Reason.AUDIENCE_EXCLUDED, Reason.EVENT_STALE)
ORDER_KINDS = ("kill_switch", "rollback", "silence")
QUEUES = ("safety", "moderation", "sample")
SENDING = frozenset({"live", "canary", "suggest"})  # maturities whose messages go out
UNREADABLE = ("json", "schema", "key", "size", "version", "clock", "forged", "wrong_partition")


def of_worker() -> None:
    """Begin what a worker counts, whatever its catalog."""
    for reason in Reason:
        child(DECISIONS, verdict_of(reason).value, reason.value)
    for stage in STAGES:
        child(REPEATS, stage)
        for kind in KINDS:
            child(DETECTIONS, stage, kind)
    for gap in get_args(GapKind):
        child(GAPS, gap)
    for reason in RECALLED:
        child(RECALLS, reason.value)
    for why in UNREADABLE:
        child(DEAD, ACTIVITY, why)
    child(DEAD, ANNOUNCEMENTS, "no_announcement")


def of_catalog(catalog: Catalog) -> None:
    """Begin the sends of each playbook that sends, by channel, and what can be too much of them; of the safety lane only that it is one."""
    for name, one in catalog.playbooks.items():
        if one.spec.maturity in SENDING:
            safe = one.spec.lane == SAFETY
            for channel in (SAFETY,) if safe else one.spec.channels:
                of_sends(SAFETY if safe else name, channel)


def of_sends(playbook: str, channel: str) -> None:
    """Begin what is counted of a playbook's messages over one channel."""
    child(SENDS, playbook, channel)
    for part in (*PARTS.values(), ALREADY_SOLVED):
        child(OVER_TRIGGER, part, playbook, channel)
    if playbook != SAFETY:
        child(REPEATED, playbook, channel)
        child(COLLISIONS, playbook, channel)


def of_delivery(via: str, channels: Iterable[str] = CHANNELS) -> None:
    """Begin what one way out counts, by the channels that it serves."""
    for kind in ORDER_KINDS:
        ORDERS.labels(kind)
    for channel in channels:
        for result in ("delivered", "retry", "failed", "unknown"):
            child(ATTEMPTS, channel, via, result)
        for result in ("delivered", "failed"):
            child(DELIVERIES, channel, via, result)
        child(RETRIES, channel, via)
        child(LIMITED, channel, via)


def of_gateway(doors: Iterable[str], refusals: Sequence[str]) -> None:
    """Begin what the open doors count; `refusals` are the reasons why they may refuse."""
    for door in doors:
        for metric in (GATEWAY_EVENTS, GATEWAY_IGNORED, GATEWAY_INVALID):
            child(metric, door)
        for reason in refusals:
            child(GATEWAY_REFUSED, door, reason)


def of_pages() -> None:
    """Begin what the member pages count."""
    for method in ("GET", "POST"):
        child(PAGES, method, "200")
    for action in ACTIONS:
        for result in ("done", "away"):
            child(PRESSES, action, result)


def of_console() -> None:
    """Begin what the console counts."""
    for method in ("GET", "POST"):
        child(CONSOLE, method, "200")
    for queue in QUEUES:
        child(REVEALED, queue)
