"""Prints: to whom, what, over which medium, and why. Reaches nobody, so replays may use it."""

from datetime import UTC, datetime
from typing import TextIO

from processors.commands import Command, Recall
from sinks.channel import Channel, Receipt


class ConsoleChannel(Channel):
    """One line a command on a text stream."""

    name = "console"
    accepts_replay = True

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def deliver(self, command: Command) -> Receipt:
        """Print one line; control characters are shown, not obeyed."""
        when = datetime.fromtimestamp(command.not_before, UTC).strftime("%Y-%m-%d %H:%M")
        line = f"{when}  {command.target}  <- {command.title} [{command.resource}, {command.channel}] because {command.because}"
        return self._print(line)

    async def withdraw(self, recall: Recall, remote: str) -> Receipt:  # noqa: ARG002
        """Print that what was printed counts no more."""
        return self._print(f"{recall.target}  -- withdrawn: {recall.playbook} [{recall.channel}], {recall.reason}")

    def _print(self, line: str) -> Receipt:
        self._stream.write("".join(sign if sign.isprintable() else "�" for sign in line) + "\n")
        self._stream.flush()
        return Receipt("delivered")
