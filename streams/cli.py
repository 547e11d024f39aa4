"""The command line: `lotse`. Its exit codes are in errors.py."""

import errno
import gc
import logging
import os
import sys

from streams.errors import INTERRUPTED, UNREACHABLE, WRONG, UserError
from streams.runtime.garbage import MIDDLE, OLD, YOUNG

FULL = frozenset({errno.EROFS, errno.ENOSPC, errno.EDQUOT})


def main() -> None:
    """Run; a user's mistake, or a server that is gone, is one message on standard error, never a traceback."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)  # what modules make stays: to look through it again and again delays the start
    logging.getLogger("kafka").addHandler(logging.NullHandler())  # what it says of a lost broker, we say in one line
    try:
        _run()
    except KeyboardInterrupt:  # while modules are loaded; later the commands say so themselves
        raise SystemExit(INTERRUPTED) from None
    except UserError as error:
        _tell(str(error))
        raise SystemExit(error.code) from None
    except OSError as error:
        if not _to_be_mended_outside(error):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what stands in the buffer would fail again at the end
        _tell(f"{error.filename or 'the output'}: cannot be read or written ({error.strerror})")
        raise SystemExit(WRONG) from None
    except Exception as error:
        if not _of_kafka(error):
            raise
        _tell(f"the broker did not do what was asked ({type(error).__name__}); try: lotse doctor")
        raise SystemExit(UNREACHABLE) from None


def _run() -> None:
    from streams.commands import app  # noqa: PLC0415  (loads for a second, so within the try: Ctrl-C ends it there, too)

    app()


def _tell(message: str) -> None:
    """Say why the process ends: to people, or as the last line of logs that a machine reads."""
    logs = sys.modules.get("streams.telemetry.logs")  # loaded by what sets it up alone
    if logs is None or not logs.tell_end(message):
        sys.stderr.write(f"lotse: {message}\n")


def _to_be_mended_outside(error: OSError) -> bool:
    """Tell a full or closed disk, or a file that is another user's, from faults of ours, which keep their traceback."""
    return error.errno in FULL or (isinstance(error, PermissionError) and error.filename is not None)


def _of_kafka(error: Exception) -> bool:
    """Tell whether Kafka's client raised it; which only a command that uses it has loaded."""
    client = sys.modules.get("kafka.errors")
    return client is not None and isinstance(error, client.KafkaError)


if __name__ == "__main__":
    main()
