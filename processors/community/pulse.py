"""The pulse of a community: how many members come on a day, how much of its time it rested, and how sure its silences look."""

import msgspec

from processors.member.rhythm import counted

DAY = 86400
REMEMBERED = 28  # days whose counts say what is usual
KNOWN = 14  # days before anything is called unusual
USUAL_MIN = 5  # members a day; fewer say nothing about a day
# Classes of log-odds (1/1024) of silences looked at early: 0.5 and below, then in steps of 0.125, the last without end.
ODDS_LEAST, ODDS_STEP, ODDS_CLASSES = 512, 128, 12
LOOKS_MIN = 20  # silences; fewer do not tell what is usual


class Pulse(msgspec.Struct, array_like=True):
    """Counts of members by day, of one community in one partition; days are days since 1970 in UTC.

    `rest` is the time (seconds, since the first event) that the community rested. A day with at least half of the usual
    members (the median of the last 28 days) is no rest; one with fewer is rest by the share that is missing of that
    half: holidays and dead weeks nearly whole, weekends in part. After two dead weeks being dead is usual. `looks` counts
    the silences that were looked at early (processors.detectors.drop_off) in classes of their log-odds.
    """

    day: int = 0
    today: int = 0
    counts: tuple[int, ...] = ()
    rest: int = 0
    looks: bytes = b""

    def came(self, day: int) -> None:
        """Count a member's first visit of that day; a day that is over is not counted again."""
        if day != self.day:
            self.roll(day)
        if day == self.day:
            self.today += 1

    def roll(self, day: int) -> None:
        """Let days pass up to `day`: those that end are judged."""
        if not self.day:
            self.day = day
        # A gap longer than what is remembered leaves nothing usual: its later days are no rest.
        for _ in range(min(day - self.day, 2 * REMEMBERED)):
            self.rest += _rest(self.today, self.counts)
            self.counts = (*self.counts, self.today)[-REMEMBERED:]
            self.today = 0
        self.day = max(self.day, day)

    def looked(self, odds: int) -> None:
        """Count a silence that is looked at early, by its log-odds (1/1024)."""
        number = min(max((odds - ODDS_LEAST) // ODDS_STEP, 0), ODDS_CLASSES - 1)
        self.looks = counted(self.looks or bytes(ODDS_CLASSES), number)

    def half(self) -> int:
        """Return the log-odds (1/1024, the lower edge of a class) that half of the silences reached; 0 while too few are known."""
        wanted, seen = sum(self.looks), 0
        if wanted < LOOKS_MIN:
            return 0
        for number in reversed(range(ODDS_CLASSES)):
            seen += 2 * self.looks[number]
            if seen >= wanted:
                break
        return ODDS_LEAST + number * ODDS_STEP


def _rest(came: int, counts: tuple[int, ...]) -> int:
    """Return how many seconds of a day with so many members were rest."""
    if len(counts) < KNOWN:
        return 0
    usual = sorted(counts)[len(counts) // 2]
    return DAY * max(0, usual - 2 * came) // usual if usual >= USUAL_MIN else 0
