"""The volume controller: a playbook whose messages are unwelcome too often sends less, says so, and recovers."""

from typing import NamedTuple

import msgspec

DAY = 86400
KEPT = 0.9  # of each count, a day: half of what is known is a week old (0.9^7 = 0.48)
FORGOTTEN_DAYS = 90
ENOUGH = 20.0  # weighted sends before the guard may be called breached: fewer say too little
LEAST = 2.0  # of them in one partition, however many there are: a single message is no rate
LEVEL_MAX = 3  # each level halves the share of occasions that go out: 1, 1/2, 1/4, 1/8
STEP_DAYS = 1  # between two levels down
RECOVERY_DAYS = 7  # between two levels up
PLAYBOOKS_MAX = 1024  # counted in a partition; the one that was quiet for longest is forgotten first
STEERED = frozenset({"proactive", "answer"})  # lanes whose volume is steered
PRIOR_GOOD, PRIOR_SENT = 3.0, 10.0  # what is new is thought to help three of ten, until it shows


def enough(partitions: int) -> float:
    """Return the weighted sends from which on one of so many partitions may call the guard breached.

    Each has its part of `ENOUGH`: what all of them together send unjudged is then no more than one alone would (`LEAST` each
    where they are more than ten).
    """
    return max(ENOUGH / partitions, LEAST)


class Change(NamedTuple):
    """A playbook of a community sends another share of occasions from now on; `rate` is unwelcome of 1,000 sends."""

    community: str
    playbook: str
    share: float
    rate: int


class Volume(msgspec.Struct, array_like=True, gc=False):
    """What is known of one playbook in one community: sends, unwelcome and welcome ones, all fading; days since 1970."""

    sent: float = 0.0
    unwelcome: float = 0.0
    welcome: float = 0.0
    day: int = 0
    level: int = 0
    changed: int = 0

    @property
    def share(self) -> float:
        """The share of occasions that go out."""
        return 1.0 / (1 << self.level)

    @property
    def rate(self) -> int:
        """Unwelcome messages per 1,000 sends."""
        return round(1000 * self.unwelcome / self.sent) if self.sent else 0

    @property
    def usefulness(self) -> float:
        """The chance that a message is welcome: opened, called helpful, or its goal reached (a mean with a prior)."""
        return (self.welcome + PRIOR_GOOD) / (self.sent + PRIOR_SENT)

    def fade(self, day: int) -> None:
        """Let the counts fade up to a day; by multiplications alone, so that each machine gets the same."""
        if day - self.day > FORGOTTEN_DAYS:
            self.sent = self.unwelcome = self.welcome = 0.0
        else:
            for _ in range(day - self.day):
                self.sent, self.unwelcome, self.welcome = self.sent * KEPT, self.unwelcome * KEPT, self.welcome * KEPT
        self.day = max(self.day, day)

    def steer(self, most: int, least: float) -> bool:
        """Set the level anew, where the guard (at most `most` unwelcome of 1,000) asks for it; tell whether it changed.

        Fewer than `least` weighted sends (`enough`) say nothing.
        """
        breached = self.sent >= least and self.rate > most
        well = self.sent < least or self.rate * 2 <= most
        since = self.day - self.changed
        if breached and self.level < LEVEL_MAX and since >= STEP_DAYS:
            self.level += 1
        elif well and self.level and since >= RECOVERY_DAYS:
            self.level -= 1
        else:
            return False
        self.changed = self.day
        return True


class Volumes(msgspec.Struct, array_like=True):
    """The volumes of a partition by `<community>/<playbook>`."""

    known: dict[str, Volume] = {}

    def of(self, community: str, playbook: str) -> Volume | None:
        """Return what is known of a playbook in a community."""
        return self.known.get(f"{community}/{playbook}")

    def usefulness(self, community: str, playbook: str) -> float:
        """Return the chance that a message of this playbook is welcome there."""
        volume = self.of(community, playbook)
        return volume.usefulness if volume else PRIOR_GOOD / PRIOR_SENT

    def count(
        self,
        community: str,
        playbook: str,
        now: float,
        most: int,
        *,
        sent: int = 0,
        unwelcome: int = 0,
        welcome: int = 0,
        least: float = ENOUGH,
    ) -> Change | None:
        """Count something of a playbook at `now` (epoch s); return the change that the guard makes of it, if any."""
        volume = self._noted(f"{community}/{playbook}")
        volume.fade(int(now) // DAY)
        volume.sent, volume.unwelcome, volume.welcome = (
            volume.sent + sent, volume.unwelcome + unwelcome, volume.welcome + welcome,
        )  # fmt: skip
        return Change(community, playbook, volume.share, volume.rate) if volume.steer(most, least) else None

    def ask(self, community: str, playbook: str, now: float, most: int, least: float = ENOUGH) -> Change | None:
        """Let a playbook recover before it is asked about; nothing for one that sends in full."""
        volume = self.of(community, playbook)
        if volume is None or not volume.level:
            return None
        volume.fade(int(now) // DAY)
        return Change(community, playbook, volume.share, volume.rate) if volume.steer(most, least) else None

    def _noted(self, key: str) -> Volume:
        volume = self.known.get(key)
        if volume is None:
            if len(self.known) >= PLAYBOOKS_MAX:
                del self.known[min(self.known, key=lambda name: (self.known[name].day, name))]
            volume = self.known[key] = Volume()
        return volume
