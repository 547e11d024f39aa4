"""An event as the core sees it: decoded, checked, and in one member's or partition's order."""

import msgspec

from processors.vocabulary import Data

# An event's clock may differ from the log's by this much (seconds); beyond it is refused, not believed.
LATE_MAX, AHEAD_MAX = 28 * 86400.0, 3600.0


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something that happened.

    `key` is `<community>/<member>` (members), or `@<partition>` for what concerns a whole partition (ticks,
    activations). `time` is the event time in epoch seconds. `replay` marks events of a replayed history.
    `data` is None for a type outside the vocabulary.
    """

    id: str
    type: str
    key: str
    time: float
    data: Data | None
    replay: bool = False

    @property
    def community(self) -> str:
        """The community's name: the key up to the first slash."""
        return self.key.partition("/")[0]
