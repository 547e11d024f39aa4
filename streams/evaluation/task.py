"""What an evaluation task is: it reads files, runs the shipped detector over them, and returns figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from resource_catalog.loader import SHIPPED

Figures = Mapping[str, Any]


class Options(msgspec.Struct, frozen=True):
    """What the command line may say beside the files; a task ignores what does not concern it."""

    with_rank: bool = False  # similar-questions: the rank given by the forum's own search may be used
    journey: Path | None = None  # onboarding: the steps, instead of the default journey
    catalog: Path = SHIPPED  # all: resources, playbooks and policies


class Task(Protocol):
    """A module of streams.evaluation.tasks.

    `NAME` is the task's word on the command line, `READS` says what its files hold, `KEYS` are the keys of its figures.
    """

    NAME: str
    READS: str
    KEYS: tuple[str, ...]

    def evaluate(self, files: Sequence[Path], options: Options) -> Figures:
        """Return the figures over all files together. Raises `UserError` for a file without a usable line."""
