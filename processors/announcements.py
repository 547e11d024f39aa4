"""Announcements concern many: copied once to each partition of the member log, then walked through in portions, tick by tick."""

from collections.abc import Callable

import msgspec

from processors.events import Event
from processors.ids import mark
from processors.member.index import MemberIndex
from processors.vocabulary import ANNOUNCED, Announcement, Item

SEEN_MAX = 256  # ids remembered against repeats
UNDER_WAY_MAX = 64  # announcements that wait for their turn in a partition; one more is refused
PORTION = 500  # members a tick and partition: about 15 ms of work beside what the log brings


class UnderWay(msgspec.Struct, array_like=True):
    """An announcement on its way through a partition; `cursor` is the last member who was told."""

    id: str
    community: str
    kind: str
    item: Item
    time: float
    replay: bool = False
    cursor: str = ""


class Announcer(msgspec.Struct, array_like=True):
    """What a partition of the announcements topic remembers: which ids have been copied."""

    seen: bytes = b""

    def copies(self, event: Event, partitions: int) -> list[Event]:
        """Return a copy of an announcement (keyed by community) for each partition of the member log; none for a repeat.

        Raises ValueError for an event that is none.
        """
        if event.type not in ANNOUNCED or not isinstance(event.data, Item):
            raise ValueError(f"one of {', '.join(sorted(ANNOUNCED))}; found {event.type}")
        seen = mark(f"{event.key}/{event.id}")
        if seen in self.seen:
            return []
        self.seen = (self.seen + seen)[-8 * SEEN_MAX :]
        data = Announcement(community=event.key, kind=event.type, item=event.data)
        return [
            Event(event.id, "announcement", f"@{number}", event.time, data, event.replay)
            for number in range(partitions)
        ]


class Walk(msgspec.Struct, array_like=True):
    """The announcements that a partition of the member log is telling its members, first come, first served."""

    under_way: list[UnderWay] = []
    seen: bytes = b""

    def begin(self, event: Event, data: Announcement) -> bool:
        """Put an announcement in the queue, once; tell whether there was room."""
        seen = mark(f"{data.community}/{event.id}")
        if seen in self.seen:
            return True
        if len(self.under_way) >= UNDER_WAY_MAX:
            return False
        self.seen = (self.seen + seen)[-8 * SEEN_MAX :]
        self.under_way = [
            *self.under_way, UnderWay(event.id, data.community, data.kind, data.item, event.time, event.replay)
        ]  # fmt: skip
        return True

    def asks_for_profiles(self) -> bool:
        """Tell whether one of these goes to some interests, roles or regions only."""
        return any(one.item.interests or one.item.roles or one.item.regions for one in self.under_way)

    def portion(self, index: MemberIndex, tell: Callable[[Event], None]) -> None:
        """Tell the next members, `PORTION` at most."""
        room = PORTION
        while room and self.under_way:
            one = self.under_way[0]
            keys = index.after(one.community, one.item, one.cursor.encode(), room)
            for key in map(bytes.decode, keys):
                tell(Event(one.id, one.kind, key, one.time, one.item, one.replay))
            if len(keys) < room:
                self.under_way = self.under_way[1:]
            else:
                one.cursor = keys[-1].decode()
            room -= len(keys)
