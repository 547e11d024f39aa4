"""A progress bar is for a person who watches, and for nobody else."""

from io import StringIO

import pytest
from rich.console import Console

from streams.telemetry.progress import progress


@pytest.mark.parametrize(
    ("terminal", "quiet", "shown"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_it_is_drawn_only_on_a_terminal_that_is_not_to_be_quiet(terminal: bool, quiet: bool, shown: bool) -> None:
    """What is done, and of how many."""
    console = Console(file=StringIO(), force_terminal=terminal, width=100)
    with progress("folding", quiet=quiet, console=console) as report:
        report(30, 120)
    file = console.file
    assert isinstance(file, StringIO)
    assert ("folding" in file.getvalue() and "30/120" in file.getvalue()) == shown
    assert shown or file.getvalue() == ""
