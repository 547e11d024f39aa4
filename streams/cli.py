"""The command line: `lotse`. Exit codes: 0 done, 1 the answer is no, 2 something given is wrong, 3 a server is not there."""

import sys

from streams.commands import app
from streams.errors import UserError


def main() -> None:
    """Run; a user's mistake is one message on standard error, never a traceback."""
    try:
        app()
    except UserError as error:
        sys.stderr.write(f"lotse: {error}\n")
        raise SystemExit(error.code) from None


if __name__ == "__main__":
    main()
