"""The engine's exit codes, and the one way in which it ends its process."""

import logging
import os
import signal
import sys
import traceback
from enum import IntEnum
from typing import NoReturn

log = logging.getLogger("lotse.engine")


class ExitCode(IntEnum):
    """What a supervisor may read from the process; all but CONFIGURATION mean: start me again."""

    STOPPED = 0  # SIGTERM or SIGINT; the last cut is closed
    UNEXPECTED = 70  # a bug, in a stage or here; the log names the place
    MEMBERSHIP_LOST = 71  # the group refused a commit: somebody else owns the partitions by now
    DELIVERY_FAILED = 72  # a record was not acknowledged in time, or refused
    FOREIGN_WRITE = 73  # somebody wrote into our changelog partition: restore again
    STALLED = 74  # records wait, and our commit has not moved for `stall_s`
    BROKER_AWAY = 75  # no broker answers
    CONFIGURATION = 78  # a setting or a topic is wrong; starting again will not help


class EngineError(Exception):
    """What ends the process: a code and one line for people, without any record's content."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def halt(code: ExitCode, reason: str) -> NoReturn:
    """End the process at once, without any clean-up: what is not in a closed cut is made again after the restart."""
    log.critical("ending the process with exit code %d (%s): %s", code, code.name, reason)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)


def halt_on(error: BaseException, doing: str) -> NoReturn:
    """End the process because of an exception; its text may quote a record, so only type and place are told."""
    if isinstance(error, EngineError):
        halt(error.code, error.reason)
    halt(ExitCode.UNEXPECTED, f"{doing}: {type(error).__name__} at {place_of(error)}")


def end_cleanly_while_starting() -> None:
    """Let SIGTERM end the process with STOPPED until Faust takes the signal over: nothing has been folded before that."""

    def stopped(*_: object) -> NoReturn:
        halt(ExitCode.STOPPED, "told to stop while starting")

    signal.signal(signal.SIGTERM, stopped)


def place_of(error: BaseException) -> str:
    """Return the innermost frames of an exception as `file:line function`, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return (
        " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)) or "an unknown place"
    )
