"""What people are asked to look at: places and reports that want a moderator, and a few conclusions, to learn how often detectors are right."""

from typing import Literal

import msgspec

from processors.events import Event
from processors.ids import coin, digest
from processors.signals import Signal

Queue = Literal["moderation", "sample"]
QUEUE: dict[str, Queue] = {"heated": "moderation", "reported": "moderation"}  # somebody of the team is wanted
# Judgements of a detector that a person can say right or wrong of; of these a sample. Distress and worry are for safety reviewers alone.
SAMPLED = frozenset(
    {"asked", "asked_again", "asked_by_many", "explained_again", "unanswered", "overdue", "stuck", "lost", "quarrelled"}
)
SHARE = 0.02  # of the conclusions sampled: 50 of them give one to look at


class Review(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item of moderation.review.v1, under its `id`: what a detector concluded about a member or a place, never words.

    `queue`: `moderation` wants somebody to act; `sample` asks whether the detector was right. `event` is the id of what the member
    did, empty where time alone led to it; the header `lotse-at` names the record. `episode` is what it is about: several reports of the same
    post are one item. `evidence` holds kinds and numbers.
    """

    id: str
    queue: Queue
    kind: str
    detector: str
    member: str
    time: float
    episode: str
    score: float = 0.0
    event: str = ""
    evidence: dict[str, str | float | int] = {}
    replay: bool = False


def wanted(signal: Signal, member: str, event: Event | None, now: float, *, replay: bool) -> Review | None:
    """Return what people are asked to look at for a signal, None for most."""
    queue = QUEUE.get(signal.kind)
    if queue is None and not (signal.kind in SAMPLED and coin("review", member, signal.episode) < SHARE):
        return None
    community = member.partition("/")[0]
    about = community if queue else member
    words = event if event is not None and event.type != "signal" else None
    return Review(
        digest("review", about, signal.kind, signal.episode), queue or "sample", signal.kind, signal.detector, member, float(now),
        signal.episode, signal.score, words.id if words else "", signal.evidence, replay,
    )  # fmt: skip
