"""What single detectors remember of a member; absent until there is something, each part bounded. Times in epoch seconds."""

import msgspec


class Friction(msgspec.Struct, array_like=True, gc=False):
    """Signs of being lost: searches that led nowhere, attempts and pages as (time, mark), words; `told` is the last signal."""

    searches: tuple[int, ...] = ()
    open_search: int = 0
    attempts: tuple[tuple[int, int], ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    words: tuple[int, ...] = ()
    told: int = 0


class Merits(msgspec.Struct, array_like=True, gc=False):
    """What milestones count: accepted answers, days in a row (`day` the last, as days since 1970), the last year told."""

    accepted: int = 0
    day: int = 0
    streak: int = 0
    year: int = 0
    last: int = 0


class Occasions(msgspec.Struct, array_like=True, gc=False):
    """What moments wait for: a search without a click, events the member registered for; and features already touched (marks).

    `searched` holds the words of that search that say something, a few, until it is clear what came of it.
    """

    search_due: int = 0
    events: tuple[tuple[int, str], ...] = ()
    features: bytes = b""
    searched: str = ""

    def due(self) -> int:
        """Return the earliest time at which one of them fires, 0 for never."""
        if not self.events:
            return self.search_due
        waiting = min([due for due, _ in self.events])
        return min(waiting, self.search_due) if self.search_due else waiting


class Wishes(msgspec.Struct, array_like=True, gc=False):
    """When the member wants to hear from us (`processors.vocabulary.ChosenTime`; local hours, Monday = 0).

    `wrong` holds what was called the wrong moment, as (time, local hour, channel).
    """

    when: str = "now"
    hour: int = 9
    until: int = 21
    weekday: int = 0
    wrong: tuple[tuple[int, int, str], ...] = ()


class Load(msgspec.Struct, array_like=True, gc=False):
    """What the member waved away, as (time, weight); `told` is the last signal."""

    taken: tuple[tuple[int, int], ...] = ()
    told: int = 0


class Watch(msgspec.Struct, array_like=True, gc=False):
    """What playbooks wait for that no event brings: absences, schedules, stages and segments as of the last look.

    `checked` is the time up to which timers were looked at, `scheduled` the next time of a schedule (0: none while the member has been
    away for long; NEVER: none concerns them),
    `day` the last day of a look (days since 1970), `segments` whether the member was in each that is watched. Up to the day
    `ahead` nothing changes unless an event comes (0: not known).
    """

    checked: int = 0
    scheduled: int = 0
    day: int = 0
    stage: str = ""
    segments: dict[str, bool] = {}
    due: int = 0
    ahead: int = 0
