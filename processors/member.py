"""Member state: what the log says about one member, bounded in every part, small when encoded."""

import msgspec

SEEN_MAX = 16  # ids remembered against repeats
HEARD_MAX = 16  # ids of signals, which come seldom and are repeated late: after a restart of the community stage
GAPS_MAX = 12  # gaps between visits
SENDS_MAX = 32
DONE_MAX = 32
PENDING_MAX = 8
NEVER = 0xFFFFFFFF  # a due time that does not come


class Sent(msgspec.Struct, array_like=True, gc=False):
    """A command given for this member; `time` in epoch seconds."""

    time: int
    command: str
    playbook: str
    resource: str
    theme: str
    lane: str


class Pending(msgspec.Struct, array_like=True):
    """A candidate: what a playbook would do for a member. It waits for its time, or for the end of quiet hours.

    `facts` holds what its texts and conditions need;
    `trigger` is the id of what caused it.
    """

    playbook: str
    episode: str
    began: int
    due: int
    attempt: int
    thread: str
    facts: dict[str, str | float | int]
    trigger: str = ""


class MemberState(msgspec.Struct, array_like=True, omit_defaults=True):
    """The fold of one member's log; times in epoch seconds, gaps in hours, marks are 8 bytes of a hash.

    `armed` is the earliest entry of the due-index that will look at this member again; `decided` counts decisions, so
    that each has an id of its own even where something is judged again that was forgotten.
    """

    seen: bytes = b""
    joined: int = 0
    last: int = 0
    posts: int = 0
    questions: int = 0
    gaps: tuple[int, ...] = ()
    overdue_at: int = NEVER
    start_at: int = NEVER
    sends: list[Sent] = []
    done: bytes = b""
    pending: list[Pending] = []
    role: str = ""
    region: str = ""
    interests: tuple[str, ...] = ()
    timezone: str = ""
    locale: str = ""
    birth_year: int = 0
    away_until: int = 0
    left: bool = False
    opted_out: tuple[str, ...] = ()
    snoozed: dict[str, int] = {}
    dismissals: tuple[int, ...] = ()
    inhibited_until: int = 0
    solved: bytes = b""
    distress: tuple[tuple[int, int], ...] = ()
    armed: int = NEVER
    heard: bytes = b""
    decided: int = 0

    def remembers(self, mark: bytes) -> bool:
        """Tell whether this id was seen; if not, remember it (within the last `SEEN_MAX`)."""
        if mark in self.seen:
            return True
        self.seen = (self.seen + mark)[-8 * SEEN_MAX :]
        return False

    def has_heard(self, mark: bytes) -> bool:
        """Tell whether this signal's id was seen; if not, remember it (within the last `HEARD_MAX`)."""
        if mark in self.heard:
            return True
        self.heard = (self.heard + mark)[-8 * HEARD_MAX :]
        return False

    def due(self) -> int:
        """Return the earliest time at which a timer of this member fires, `NEVER` if none."""
        due = min(self.overdue_at, self.start_at)
        for pending in self.pending:
            due = min(due, pending.due)
        return due


def encode_state(state: MemberState) -> bytes:
    """Return the state as it is stored: its armed time (4 bytes, for the due-index) and MessagePack."""
    return state.armed.to_bytes(4, "big") + _ENCODER.encode(state)


def decode_state(stored: bytes) -> MemberState:
    """Return the state of `encode_state`."""
    return _DECODER.decode(memoryview(stored)[4:])


def armed_time(stored: bytes) -> int:
    """Return only the armed time, without decoding the rest."""
    return int.from_bytes(stored[:4], "big")


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(MemberState)
