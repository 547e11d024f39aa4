"""What staff of a community was told in the last 24 hours: one place of theirs hears of all members, so one budget holds for all."""

from math import ceil

import msgspec

DAY = 86400
KEPT_MAX = 31  # times remembered of a community; a policy that allows more allows this many
COMMUNITIES_MAX = 4096  # the one that was told longest ago is forgotten first


def share(allowed: int, partitions: int) -> int:
    """Return how many of the messages that a community's staff is allowed a day one of so many partitions may send.

    Members are spread evenly over partitions that know nothing of each other, so each has its part, rounded up.
    """
    return ceil(min(allowed, KEPT_MAX) / partitions)


class StaffBudget(msgspec.Struct, array_like=True):
    """Times (epoch s) at which one partition told the staff of each community something, the last `KEPT_MAX`."""

    told: dict[str, list[int]] = {}

    def taken(self, community: str, now: float) -> int:
        """Return how many messages went within the 24 hours before `now` (epoch s)."""
        return sum(1 for time in self.told.get(community, ()) if time > now - DAY)

    def take(self, community: str, now: float) -> None:
        """Note a message."""
        times = [time for time in self.told.pop(community, []) if time > now - DAY]
        self.told[community] = [*times, int(now)][-KEPT_MAX:]  # at the end: in order of the last message
        if len(self.told) > COMMUNITIES_MAX:
            del self.told[next(iter(self.told))]
