"""The console channel."""

import asyncio
from io import StringIO
from typing import Any

from sinks.channels.console import ConsoleChannel
from tests.support.commands import command


def printed(**changes: Any) -> str:
    """What delivering a command prints."""
    out = StringIO()
    asyncio.run(ConsoleChannel(out).deliver(command(**changes)))
    return out.getvalue()


def test_it_prints_when_to_whom_what_and_why() -> None:
    """One line a command."""
    assert printed(not_before=86_400.0) == "1970-01-02 00:00  town/ann  <- A guide [guide, in_app] because you asked\n"


def test_it_obeys_no_control_character() -> None:
    """Escape sequences, line ends and marks that turn the writing are shown as such."""
    line = printed(title="A\x1b[2J\nguide \u202eback")
    assert line.count("\n") == 1
    assert not {"\x1b", "\u202e"} & set(line)
