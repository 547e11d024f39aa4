"""A backtest in a process of its own, told what to do on standard input: `python -m streams.backtest.apart`.

It writes one JSON object a line: how far it is, then the report or what went wrong.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from processors.events import Event
from processors.playbooks.resources import Bundle
from streams.backtest.recorded import recorded
from streams.backtest.report import Report
from streams.backtest.run import backtest
from streams.codec import Codec
from streams.errors import WRONG, UserError
from streams.history.lines import HistoryError
from streams.history.reader import read_history

TOLD_S = 0.25  # between two lines about how far it is
NICE = 10  # what serves goes first


class Job(msgspec.Struct, frozen=True):
    """What to try, on which events: those of `history` where a file is named, else the last days of the member log."""

    bundle: Bundle
    tried: list[str]
    bootstrap: str = ""
    control_key: str = ""
    days: int = 28
    history: str = ""
    community: str = "history"
    newest: int = 1_000_000  # events, at most


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line: `done` of `total` steps; at the end the report, or what went wrong."""

    done: int = 0
    total: int = 0
    report: Report | None = None
    problem: str = ""


def carry_out(job: Job, tell: Callable[[Told], None]) -> None:
    """Run the backtest; tell how far it is now and then, and the report at the end. Raises `UserError`."""
    events = _events(job)
    total, done, last = 2 * len(events), 0, time.monotonic()
    tell(Told(0, total))

    def step(folded: int) -> None:
        nonlocal done, last
        done += folded
        if time.monotonic() - last > TOLD_S:
            last = time.monotonic()
            tell(Told(min(done, total), total))

    report = backtest(events, job.bundle, frozenset(job.tried), step)
    tell(Told(total, total, report))


def _events(job: Job) -> list[Event]:
    if not job.history:
        return recorded(job.bootstrap, Codec(job.control_key.encode()), job.days, job.newest)
    try:
        return read_history(Path(job.history), job.community)[-job.newest :]
    except HistoryError as error:
        raise UserError(str(error)) from None


def _write(told: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def main() -> int:
    """Read the job, carry it out; return the exit code."""
    os.nice(NICE)
    try:
        carry_out(msgspec.json.decode(sys.stdin.buffer.read(), type=Job), _write)
    except UserError as error:
        _write(Told(problem=str(error)))
        return WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main())
