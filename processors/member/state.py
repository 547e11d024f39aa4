"""Member state: what the log says about one member, bounded in every part, small when encoded."""

import msgspec

from processors.member.remembered import Friction, Load, Merits, Occasions, Watch, Wishes
from processors.member.rhythm import Rhythm

SEEN_MAX = 16  # ids remembered against repeats
HEARD_MAX = 16  # ids of signals, which come seldom and are repeated late: after a restart of the community stage
SENDS_MAX = 48
DONE_MAX = 32
PENDING_MAX = 8
OPEN_MAX = 8
NONE, WELCOME, UNWELCOME, FAILED = range(4)  # what became of a message; FAILED: it never arrived
NEVER = 0xFFFFFFFF  # a due time that does not come


class Sent(msgspec.Struct, array_like=True, gc=False):
    """A command given for this member; `time` in epoch seconds, `response` one of NONE, WELCOME, UNWELCOME, FAILED.

    What went into a digest has the lane "digest": it counts for cool-downs, not for budgets.
    """

    time: int
    command: str
    playbook: str
    resource: str
    theme: str
    lane: str
    channel: str = ""
    response: int = NONE


class Open(msgspec.Struct, array_like=True, gc=False):
    """A command that is followed: it may be called back, or its goal may be reached; times in epoch seconds.

    `episode` is the mark of what it is about, `target` empty for the member. What `vanishes` is taken back when it is no longer
    needed; `timed` is so at `until` at the latest, and is seen by others too.
    """

    command: str
    channel: str
    playbook: str
    episode: bytes
    since: int
    until: int
    target: str = ""
    delivered: bool = False
    vanishes: bool = False
    timed: bool = False


class Pending(msgspec.Struct, array_like=True, gc=False):
    """A candidate: what a playbook would do for a member. It waits for its time, or for the end of quiet hours.

    `facts` holds what its texts and conditions need;
    `trigger` is the id of what caused it; `resource` is what answers its question, in the language `locale`, where that was looked for. `held` is why it
    was held last; `approved` by a person, who may have put `text` in its place; `visited` since it waits for a visit.
    """

    playbook: str
    episode: str
    began: int
    due: int
    attempt: int
    thread: str
    facts: dict[str, str | float | int]
    trigger: str = ""
    resource: str = ""
    locale: str = ""
    held: str = ""
    approved: bool = False
    visited: bool = False
    text: str = ""


class Progress(msgspec.Struct, array_like=True, gc=False):
    """How far a member is on a journey: steps done and steps nudged as bits; times in epoch seconds.

    `since` is the last progress, `due` when the next step is overdue.
    """

    begun: int
    since: int
    due: int
    done: int = 0
    nudged: int = 0
    nudges: int = 0


class MemberState(msgspec.Struct, array_like=True, omit_defaults=True, gc=False):
    """The fold of one member's log; times in epoch seconds, marks are 8 bytes of a hash.

    `armed` is the earliest entry of the due-index that will look at this member again; `rest` how long (seconds) the
    community has rested so far (see processors.community.pulse), as of the last look. `gaps` is of version 1 of drop_off, unused.
    Parts of single detectors are None until there is something to remember. `consents` holds the last word on each kind
    (or "all"): given or withdrawn; it is apart from opt-outs, and neither changes the other. `decided` counts decisions, so
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
    dismissals: tuple[int, ...] = ()  # no longer written: `load` took its place
    inhibited_until: int = 0
    solved: bytes = b""
    distress: tuple[tuple[int, int], ...] = ()
    armed: int = NEVER
    rhythm: Rhythm | None = None
    rest: int = 0
    answers: int = 0
    journeys: dict[str, Progress] = {}
    stuck_at: int = NEVER
    friction: Friction | None = None
    merits: Merits | None = None
    occasions: Occasions | None = None
    load: Load | None = None
    consents: dict[str, bool] = {}
    heard: bytes = b""
    decided: int = 0
    groups: tuple[str, ...] = ()
    watch: Watch | None = None
    wishes: Wishes | None = None
    open: list[Open] = []
    unsure: bool = False  # whether it may be somebody else who reads what is sent
    opted_in: tuple[str, ...] = ()  # kinds that the member asked for; what is only a lack of opt-outs is not there

    def remembers(self, mark: bytes) -> bool:
        """Tell whether this id was seen; if not, remember it (within the last `SEEN_MAX`)."""
        seen = self.seen
        if seen.find(mark) >= 0:  # `in` takes bytes for a number first, and costs three times as much
            return True
        self.seen = (seen + mark)[-8 * SEEN_MAX :]
        return False

    def has_heard(self, mark: bytes) -> bool:
        """Tell whether this signal's id was seen; if not, remember it (within the last `HEARD_MAX`)."""
        heard = self.heard
        if heard.find(mark) >= 0:
            return True
        self.heard = (heard + mark)[-8 * HEARD_MAX :]
        return False

    def due(self) -> int:
        """Return the earliest time at which a timer of this member fires, `NEVER` if none."""
        due, occasions, watch = self.overdue_at, self.occasions, self.watch
        if self.start_at < due:  # compared by hand: asked after each event
            due = self.start_at
        if self.stuck_at < due:
            due = self.stuck_at
        if (
            occasions is not None
            and 0 < (occasion := occasions.due() if occasions.events else occasions.search_due) < due
        ):
            due = occasion
        if watch is not None and 0 < watch.due < due:
            due = watch.due
        for pending in self.pending:
            if pending.due < due:
                due = pending.due
        for one in self.open:
            if one.timed and one.until < due:
                due = one.until
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


def is_armed(stored: bytes) -> bool:
    """Tell whether a timer may fire for this member; of most members none will."""
    return stored[:4] != _NEVER


_NEVER = NEVER.to_bytes(4, "big")
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(MemberState)
