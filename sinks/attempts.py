"""How often one command is tried, and after which waits."""

import random

from sinks.channel import Receipt

ATTEMPTS_MAX = 6
RETRY_S = 300.0  # no attempt begins later than this after the first: what is held costs a place, and holds the commit
BACKOFF_S, BACKOFF_MAX_S = 0.5, 30.0  # full jitter between 0 and min(max, base * 2^attempt)
LIMITED_S, LIMITED_MAX_S = 5.0, 60.0  # what a platform that names no time is left alone for, doubled each time


class Tries:
    """The attempts of one command so far. Raises nothing; `next` decides about one more."""

    def __init__(self) -> None:
        self.made, self.limited, self._first = 0, 0, 0.0
        self.kept_waiting = False  # a rate limit held it back, at least once
        self.booked = False  # a place in the platform's rate limit is ours

    def next(self, receipt: Receipt, now: float) -> float | None:
        """Return the seconds until the next attempt, None where there is none. One that came too fast is no attempt."""
        if receipt.limited:
            self.limited += 1
            self.kept_waiting = True
            return (
                max(receipt.retry_after, random.uniform(0, BACKOFF_S * 2)) if receipt.retry_after else self.left_alone
            )
        self._first = self._first if self.made else now
        self.made += 1
        wait = max(receipt.retry_after, random.uniform(0, min(BACKOFF_MAX_S, BACKOFF_S * 2**self.made)))
        if receipt.result == "failed" or self.made >= ATTEMPTS_MAX or now + wait > self._first + RETRY_S:
            return None
        return wait

    @property
    def left_alone(self) -> float:
        """How long a platform that said "too much", and not for how long, is left alone (s)."""
        return min(LIMITED_MAX_S, LIMITED_S * 2.0 ** (self.limited - 1))
