"""Whom messages reach, and how much it is: of each community's members, by how active they are, the share who got something in four weeks."""

import logging
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise

from streams.console import lookups
from streams.console.lookups import latest
from streams.console.noisy_pages import Afterwards, noisy
from streams.console.reviews import Reviews
from streams.console.store import Store
from streams.console.sums import DAY, WAVED, week_of
from streams.report.community import GROUP_MIN
from streams.telemetry.metrics import (
    COVERAGE,
    LEAD,
    MEMBER_WEEK,
    NEEDLESS,
    REGRET,
    REVIEW_ITEMS,
    REVIEW_WAITING,
    WAVED_AWAY,
)

WEEKS, SPAN_S = 4, 28 * 86400.0
LEAST_S = 10.0  # between two counts
SHARE = 200.0  # and so many times what the last took: ten million events take some seconds
TENTHS = 10
SHARES = (0.5, 0.95, 1.0)  # of the members who got anything in a week
PASSIVE = (
    "signal",
    "outcome.%",
    "preference.%",
    "consent.%",
    "suggestion.%",
    "member.%",
)  # not of the member's own doing
log = logging.getLogger("lotse.console")


def reached(file: sqlite3.Connection, until: float) -> dict[str, list[float]]:
    """Return by community the share of each tenth who got something in the four weeks before a time (epoch s), the quietest first.

    A community whose tenths have fewer than `GROUP_MIN` members is left out: of so few nothing is told.
    """
    # By one scan of the table: the index would give the order of members at the price of a look at each row.
    passive = " OR ".join("text LIKE ?" for _ in PASSIVE)
    counted = file.execute(
        f"SELECT member, count(*) FROM event NOT INDEXED WHERE time > ? AND kind NOT IN (SELECT id FROM name WHERE {passive}) GROUP BY member",  # noqa: S608  (our own marks)
        (until - SPAN_S, *PASSIVE),
    )
    activity = dict(counted.fetchall())
    got = {
        row[0]
        for row in file.execute("SELECT DISTINCT member FROM member_week WHERE week > ?", (week_of(until) - WEEKS,))
    }
    members: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, key in file.execute("SELECT id, key FROM member"):
        if number in activity:
            members[key.partition("/")[0]].append((activity[number], number))
    return {name: _tenths(sorted(own), got) for name, own in members.items() if len(own) >= TENTHS * GROUP_MIN}


def _tenths(members: list[tuple[int, int]], got: set[int]) -> list[float]:
    cuts = [len(members) * part // TENTHS for part in range(TENTHS + 1)]
    return [
        Counter(number in got for _, number in members[low:high])[True] / (high - low) for low, high in pairwise(cuts)
    ]


class ConsoleMeter:
    """Gauges of what only the console knows: what waits for people, whom messages reach, how much one member gets.

    `later` tells what the last count of measures says of over-triggering.
    """

    def __init__(
        self,
        store: Store,
        reviews: Reviews,
        clock: Callable[[], float] = time.time,
        later: Callable[[], Afterwards] = Afterwards,
    ) -> None:
        self._store, self._reviews, self._clock, self._later = store, reviews, clock, later
        self._due = 0.0  # epoch s of the next count
        self._thread: threading.Thread | None = None

    def show(self) -> None:
        """Bring the gauges up to date; coverage is counted beside, half a percent of the time at most."""
        now = self._clock()
        for queue, (count, since) in self._reviews.waiting().items():
            REVIEW_ITEMS.labels(queue).set(count)
            REVIEW_WAITING.labels(queue).set(max(0.0, now - since))
        if now >= self._due and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self.count, name="console-coverage", daemon=True)
            self._thread.start()

    def count(self) -> None:
        """Count coverage anew, and say when it is time again."""
        began = time.monotonic()
        try:
            file = self._store.reader()
            found = reached(file, latest(file))
            _show_burden(file, self._later())
        except sqlite3.Error as error:
            log.warning("coverage was not counted (%s)", type(error).__name__)
            return
        finally:
            self._due = self._clock() + max(LEAST_S, SHARE * (time.monotonic() - began))
        COVERAGE.clear()
        for community, shares in found.items():
            for number, share in enumerate(shares, 1):
                COVERAGE.labels(community, str(number)).set(share)


def _show_burden(file: sqlite3.Connection, later: Afterwards) -> None:
    """Show what one member gets, and how much of it is too much; of groups smaller than `GROUP_MIN` nothing."""
    for metric in (MEMBER_WEEK, WAVED_AWAY, NEEDLESS, REGRET, LEAD):
        metric.clear()
    end = (int(latest(file)) // DAY + 1) * DAY
    week = lookups.sends_of_week(file, latest(file) - 1)
    if sum(members for _, members in week) >= GROUP_MIN:
        for share in SHARES:
            MEMBER_WEEK.labels(f"{share:g}").set(lookups.quantile(week, share))
    for row in noisy(lookups, file, end - 7 * DAY, end, 7):
        if row["sends"] >= GROUP_MIN:
            WAVED_AWAY.labels(row["playbook"]).set(row[WAVED] / row["sends"])
    for metric, known in ((NEEDLESS, later.needless), (REGRET, later.regret), (LEAD, later.leads)):
        for label, value in known.items():
            metric.labels(label).set(value)
