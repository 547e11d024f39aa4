"""The command line: `lotse`. Its exit codes are in errors.py."""

import logging
import os
import sys

from kafka.errors import KafkaError

from streams.commands import app
from streams.errors import INTERRUPTED, UNREACHABLE, UserError


def main() -> None:
    """Run; a user's mistake, or a server that is gone, is one message on standard error, never a traceback."""
    logging.getLogger("kafka").addHandler(logging.NullHandler())  # what it says of a lost broker, we say in one line
    try:
        app()
    except UserError as error:
        sys.stderr.write(f"lotse: {error}\n")
        raise SystemExit(error.code) from None
    except KafkaError as error:
        sys.stderr.write(f"lotse: the broker did not do what was asked ({type(error).__name__}); try: lotse doctor\n")
        raise SystemExit(UNREACHABLE) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # `lotse ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
