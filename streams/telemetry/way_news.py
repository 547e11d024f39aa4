"""What the log says of a way out that does not deliver: once when it begins and once when it is over, however many attempts there are."""

import logging
import time
from collections.abc import Callable

SAID_S = 60.0  # at the most one line in so long: of many targets one may fail for hours beside others that do not
log = logging.getLogger("lotse.delivery")


class WayNews:
    """The news of one way out, called `via`. `clock` gives seconds and never goes back."""

    def __init__(self, via: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._via, self._clock = via, clock
        self._failed, self._told, self._said = 0, False, float("-inf")

    def failed(self, why: str) -> None:
        """Note an attempt that is made again; `why` is the channel's word for it."""
        self._failed += 1
        if not self._told and self._clock() - self._said >= SAID_S:
            self._told, self._said = True, self._clock()
            log.warning(
                "%s: an attempt did not deliver (%s) and is made again; lotse_delivery_retries_total counts those that follow",
                self._via, why or "no reason given",
            )  # fmt: skip

    def delivered(self) -> None:
        """Note one that did."""
        if self._told:
            log.info("%s delivers again, after %d attempts that did not", self._via, self._failed)
        self._failed, self._told = 0, False
