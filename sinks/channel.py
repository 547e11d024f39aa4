"""What a channel is: it delivers one command, and says what became of it."""

from typing import Literal, NamedTuple, Protocol

from processors.commands import Command


class Receipt(NamedTuple):
    """`retry` asks for another attempt, not before `retry_after` seconds; `failed` is final. `detail` holds no text of members."""

    result: Literal["delivered", "retry", "failed"]
    detail: str = ""
    retry_after: float = 0.0


class Channel(Protocol):
    """A way out. `accepts_replay` is true only where no member is reached."""

    name: str
    accepts_replay: bool

    async def deliver(self, command: Command) -> Receipt:
        """Deliver, within the channel's own time limit; never raises for the other side's faults."""

    async def close(self) -> None:
        """Give up connections."""
