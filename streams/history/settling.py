"""Whether a worker has come to rest: all that was written is folded, and so is all that followed from it."""

import time
from collections.abc import Callable, Mapping
from itertools import count
from urllib.request import urlopen

import msgspec

from streams.errors import UNREACHABLE, UserError
from streams.runtime.health import Health
from streams.topics import ACTIVITY

POLL_S, PATIENCE_S = 0.002, 120.0
_DECODER = msgspec.json.Decoder(Health)
Ends = dict[tuple[str, int], int]


class Settling:
    """Asks the only worker of a deployment at its health address; `check` raises where a process has ended."""

    def __init__(self, address: str, check: Callable[[], None]) -> None:
        self._url, self._check = f"http://{address}/live", check

    def wait(self, written: Mapping[int, int]) -> None:
        """Wait until two looks in a row show the same rest, at or behind the offsets `written` into the member log.

        Offsets only grow, so that nothing happened between the two. Raises `UserError` after two minutes without it.
        """
        deadline, before = time.monotonic() + PATIENCE_S, None
        for looks in count(1):
            health = self._look()
            rest = _rest(health, written) if health else None
            if rest is not None and rest == before:
                return
            before = rest
            if looks % 100 == 0:
                self._check()
            if time.monotonic() > deadline:
                raise UserError(f"the pipeline has not come to rest for {PATIENCE_S:.0f} s", UNREACHABLE)
            time.sleep(POLL_S)

    def ends(self) -> Ends:
        """Return how far the worker has written each topic partition (next offsets)."""
        health = self._look()
        return {(lane.topic, lane.partition): lane.end for lane in health.written} if health else {}

    def _look(self) -> Health | None:
        try:
            with urlopen(self._url, timeout=5) as answer:  # noqa: S310  (our own loopback address)
                return _DECODER.decode(answer.read())
        except OSError:
            return None


def _rest(health: Health, written: Mapping[int, int]) -> object | None:
    """Return where folding and writing stand, None unless all that was written to a source is folded and acknowledged."""
    if not health.partitions or health.pending_bytes:
        return None
    wanted: Ends = {(lane.topic, lane.partition): lane.end for lane in health.written}
    for partition, end in written.items():
        wanted[ACTIVITY, partition] = max(end, wanted.get((ACTIVITY, partition), 0))
    stand = [
        (one.topic, one.partition, one.next, wanted.get((one.topic, one.partition), 0)) for one in health.partitions
    ]
    return stand if all(done >= end for _, _, done, end in stand) else None
