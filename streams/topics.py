"""The topic map: name, what keys it, how long it keeps, who its dead letters go to."""

from typing import Literal, NamedTuple

from processors.commands import CHANNELS

ACTIVITY, THREADS, DECISIONS = "community.activity.v1", "community.threads.v1", "decisions.v1"
ANNOUNCEMENTS, CATALOG, CONTROL, SAFETY = "community.announcements.v1", "catalog.v1", "control.v1", "safety.v1"
REVIEW, GAPS = "moderation.review.v1", "content.gaps.v1"
DELIVERY = {channel: f"delivery.{channel}.v1" for channel in CHANNELS}
DAY_MS = 86_400_000
MOVED = "lotse-moved"  # header of the first record of a partition of the member log that was put back: streams/backup


class TopicSpec(NamedTuple):
    """One topic; `days` of retention (0: kept), `partitions` None = as many as the member log."""

    name: str
    cleanup: Literal["delete", "compact", "compact,delete"]
    days: int
    partitions: int | None = None

    def config(self) -> dict[str, str]:
        """Return the broker's configuration of the topic. Nothing is cut by size: a proof needs the whole time."""
        config: dict[str, str] = {"cleanup.policy": self.cleanup, "segment.ms": str(DAY_MS)}  # only closed segments go
        if self.days:
            config |= {"retention.ms": str(self.days * DAY_MS), "retention.bytes": "-1"}
        return config


def dead_letters(topic: str) -> str:
    """Return the dead-letter topic of a topic."""
    return f"{topic}.dlq"


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec(ACTIVITY, "delete", 28),
    TopicSpec(ANNOUNCEMENTS, "delete", 28),
    TopicSpec(THREADS, "delete", 28),
    TopicSpec(DECISIONS, "delete", 28),
    TopicSpec(CATALOG, "compact", 0, 1),
    TopicSpec(CONTROL, "compact", 0, 1),
    TopicSpec(SAFETY, "delete", 30),
    TopicSpec(REVIEW, "compact,delete", 30),
    TopicSpec(GAPS, "compact", 0),
    *(TopicSpec(name, "delete", 28) for name in DELIVERY.values()),
    *(
        TopicSpec(dead_letters(name), "delete", 28, 1)
        for name in (ACTIVITY, ANNOUNCEMENTS, THREADS, *DELIVERY.values())
    ),
)
