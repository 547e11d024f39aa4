"""What a partition of a stage wants written, in the order in which it arose."""

from typing import NamedTuple

import msgspec

from processors.commands import Command, Recall
from processors.community.content_gaps import Gap
from processors.decisions import Decision
from processors.reviews import Review
from processors.signals import Signal
from processors.threads import ThreadPost
from processors.volume import Change


class SignalFor(msgspec.Struct, frozen=True):
    """A signal on its way back into the log of the member `key`; `time` in epoch seconds."""

    id: str
    key: str
    time: float
    signal: Signal
    replay: bool = False


class Alert(msgspec.Struct, frozen=True):
    """One line of safety.v1: a tier of distress with kinds of evidence, never text."""

    id: str
    member: str
    time: float
    tier: int
    kinds: tuple[str, ...]
    replay: bool = False


class OverTrigger(NamedTuple):
    """A part of over-triggering: what was wrong with a command (see `processors.over_trigger`), whose, over which channel."""

    part: str
    playbook: str
    channel: str


class Outputs(msgspec.Struct, gc=False):
    """Collected by the fold, taken by the shell."""

    decisions: list[Decision] = []
    commands: list[Command] = []
    threads: list[ThreadPost] = []
    signals: list[SignalFor] = []
    alerts: list[Alert] = []
    reviews: list[Review] = []
    gaps: list[Gap] = []
    recalls: list[Recall] = []
    volumes: list[Change] = []
    detections: dict[str, int] = {}
    over_triggers: dict[OverTrigger, int] = {}
    unknown_types: int = 0
    repeats: int = 0
