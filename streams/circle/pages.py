"""What a page of Circle's Admin API holds that was not read yet, and which page is next. Pure.

Circle documents pages (`page`, `per_page`, `has_next_page`, `count`, `records`) but not in which order records come. So the
order is seen from a page: newest first is read until nothing is new; oldest first from its last page backwards; what has no
order is read whole.
"""

from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple

import msgspec

from streams.gateway.reading import fields, first, items, time_of, whole

PER_PAGE = 100
LATE_S = 600.0  # a record may show this long after its own time
DISORDER = 0.25  # share of neighbours that may stand the wrong way round, such as pinned posts before the newest


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a list was read: all up to `until` (epoch s) is written. A reading that is under way goes on at `page`.

    `sent` are the records (id: time) that are written and so young that the next reading meets them again.
    """

    until: float
    page: int = 0  # 0: none under way
    newest: float = 0.0  # of what the reading under way saw
    backwards: bool = False
    sent: dict[str, float] = {}

    @property
    def asks(self) -> int:
        """The page to ask for."""
        return self.page or 1


class Read(NamedTuple):
    """What a page gave: records to write, the oldest first; where to go on; how many records had no time to go by."""

    fresh: list[dict[str, Any]]
    progress: Progress
    unread: int = 0


def read_page(progress: Progress, body: Any) -> Read:
    """Return what the page that was asked for gives. A page that holds no records ends the reading."""
    page, timed = fields(body), [(time_of_record(one), one) for one in items(fields(body).get("records"))]
    records = [(time, one) for time, one in timed if time is not None]
    times = [time for time, _ in records]
    last = ceil((whole(page.get("count")) or 0) / max(1, whole(page.get("per_page")) or PER_PAGE))
    ordered = order(times)
    if not progress.backwards and progress.asks == 1 and ordered > 0 and last > 1:
        return Read([], msgspec.structs.replace(progress, page=last, backwards=True))
    known = progress.until - LATE_S
    fresh = sorted(
        (one for one in records if one[0] > known and str(one[1]["id"]) not in progress.sent), key=lambda one: one[0]
    )
    newest = max([progress.newest, *times])
    sent = {**progress.sent, **{str(one["id"]): time for time, one in fresh}}
    sent = {name: time for name, time in sent.items() if time > max(newest, progress.until) - LATE_S}
    more = progress.page > 1 if progress.backwards else page.get("has_next_page") is True and bool(timed)
    # Where the page ends in what is known, all that follows is known too; a pinned post may stand at its beginning.
    follows = not times or times[0 if progress.backwards else -1] > known
    if more and (follows or (ordered == 0 and not progress.backwards)):
        following = progress.page - 1 if progress.backwards else progress.asks + 1
        left = msgspec.structs.replace(progress, page=following, newest=newest, sent=sent)
    else:
        left = Progress(until=max(progress.until, newest), sent=sent)
    return Read([one for _, one in fresh], left, len(timed) - len(records))


def resumed(progress: Progress) -> Progress:
    """Return where a reading that was cut short goes on: a page earlier, as what was deleted meanwhile draws others forward."""
    if progress.backwards or progress.page <= 1:
        return progress
    return msgspec.structs.replace(progress, page=progress.page - 1)


def order(times: list[float]) -> int:
    """Return -1 for newest first, 1 for oldest first, 0 where there is no order, or too little to see one."""
    steps = [later - earlier for earlier, later in pairwise(times) if later != earlier]
    if not steps:
        return 0
    falling = sum(step < 0 for step in steps)
    if falling >= (1 - DISORDER) * len(steps):
        return -1
    return 1 if falling <= DISORDER * len(steps) else 0


def time_of_record(record: Any) -> float | None:
    """Return when a record came to be, in epoch seconds: of a post when it was published; None without an id, too."""
    return None if fields(record).get("id") is None else time_of(first(fields(record), "published_at", "created_at"))
