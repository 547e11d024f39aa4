"""What a channel is: it delivers one command, says what became of it, and what a repetition would do."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from processors.commands import CHANNELS, Command, Recall

Repeats = Literal["harmless", "checked", "never"]


class Receipt(NamedTuple):
    """What became of an attempt. `detail` holds no text of members; `remote` is the platform's own name of what was made.

    `retry`: nothing was delivered, try again, not before `retry_after` seconds; `limited` where the platform said that it
    gets too much, which holds for all commands. `failed` is final. `unknown`: it may have been delivered, no answer said so.
    """

    result: Literal["delivered", "retry", "failed", "unknown"]
    detail: str = ""
    retry_after: float = 0.0
    limited: bool = False
    remote: str = ""


class Rate(NamedTuple):
    """At most `per_s` attempts a second on average, `burst` at once, for all processes; `bucket` names what is counted."""

    bucket: str
    per_s: float
    burst: int = 1


class Channel(ABC):
    """A way out.

    `accepts_replay` is true only where no member is reached. `serves` are the media it carries, `platform` the prefix of
    the member ids that it knows by itself ("" = any). `repeats` says what a second attempt does, where the first may have
    delivered: `harmless` (the platform sees by an id that it is the same), `checked` (the channel can `find` out before),
    or `never` (nobody can tell: such a command ends as unknown, and a person decides). `attempts` are under way at once.
    """

    name: ClassVar[str]
    accepts_replay: ClassVar[bool] = False
    repeats: ClassVar[Repeats] = "harmless"
    serves: ClassVar[frozenset[str]] = frozenset(CHANNELS)
    platform: ClassVar[str] = ""
    attempts: ClassVar[int] = 64

    def rates(self, command: Command) -> Sequence[Rate]:  # noqa: ARG002
        """Return the limits that an attempt counts against."""
        return ()

    @abstractmethod
    async def deliver(self, command: Command) -> Receipt:
        """Deliver, within the channel's own time limit; never raises for the other side's faults."""

    async def find(self, command: Command) -> Receipt | None:  # noqa: ARG002
        """Look whether an attempt without an answer delivered: `delivered`, None if not, `retry` or `unknown` if it cannot be told."""
        return Receipt("unknown", "unknown")

    async def withdraw(self, recall: Recall, remote: str) -> Receipt | None:  # noqa: ARG002
        """Take back the command `recall.recalls`, which was delivered as `remote` ("" where the platform gave no name).

        Within the channel's own time limit, never raising for the other side's faults; what is not there counts as taken
        back (`delivered`). It may be asked again. None where the channel cannot.
        """
        return None

    async def check(self) -> Receipt | None:
        """Ask the platform whether it takes what the settings say: reads alone, and reaches no member.

        `delivered` where it does; None where nobody can be asked without sending something.
        """
        return None

    async def close(self) -> None:  # noqa: B027  (most have nothing to give up)
        """Give up connections; may be called twice."""
