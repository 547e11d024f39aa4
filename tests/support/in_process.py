"""`lotse` called in the test's own process: as its entry point does, without the seconds that a new Python takes."""

import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import NamedTuple
from unittest.mock import patch

from streams import cli


class Done(NamedTuple):
    """What a finished process tells; names as those of `subprocess`."""

    returncode: int
    stdout: str
    stderr: str


def lotse(*words: str, answer: str = "", **environment: str) -> Done:
    """Run a command that ends by itself, and give it an answer; wide, so that no table is cut."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["lotse", *words]),
        patch.object(sys, "stdin", StringIO(answer)),
        patch.dict(os.environ, {"COLUMNS": "200", **environment}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
    return Done(code if isinstance(code, int) else int(code is not None), out.getvalue(), err.getvalue())
