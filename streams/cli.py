"""The command line: `lotse`. Its exit codes are in errors.py."""

import gc
import logging
import sys

from streams.commands import app
from streams.errors import UNREACHABLE, UserError
from streams.runtime.garbage import MIDDLE, OLD, YOUNG


def main() -> None:
    """Run; a user's mistake, or a server that is gone, is one message on standard error, never a traceback."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)  # what modules make stays: to look through it again and again delays the start
    logging.getLogger("kafka").addHandler(logging.NullHandler())  # what it says of a lost broker, we say in one line
    try:
        app()
    except UserError as error:
        _tell(str(error))
        raise SystemExit(error.code) from None
    except Exception as error:
        if not _of_kafka(error):
            raise
        _tell(f"the broker did not do what was asked ({type(error).__name__}); try: lotse doctor")
        raise SystemExit(UNREACHABLE) from None


def _tell(message: str) -> None:
    """Say why the process ends: to people, or as the last line of logs that a machine reads."""
    logs = sys.modules.get("streams.telemetry.logs")  # loaded by what sets it up alone
    if logs is None or not logs.tell_end(message):
        sys.stderr.write(f"lotse: {message}\n")


def _of_kafka(error: Exception) -> bool:
    """Tell whether Kafka's client raised it; which only a command that uses it has loaded."""
    client = sys.modules.get("kafka.errors")
    return client is not None and isinstance(error, client.KafkaError)


if __name__ == "__main__":
    main()
