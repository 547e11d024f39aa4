"""Rhythm: days and gaps counted exactly, within bounds; features and odds in whole numbers."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from processors.member.rhythm import (
    BITS,
    COUNT_MAX,
    DAY,
    EDGES,
    FEATURES,
    ONE,
    Rhythm,
    Weights,
    chance,
    features,
    log_odds,
)


def visited(*days: int) -> Rhythm:
    """A rhythm with a visit on each of these days after the first of 2020."""
    rhythm = Rhythm()
    for day in days:
        rhythm.visit(18262 + day, 0)
    return rhythm


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(0, 120), st.integers(1, BITS))
def test_active_days_are_those_of_the_window(days: list[int], silent: int, window: int) -> None:
    """Whatever the visits: the count of the window that ends so many days after the last one."""
    days.sort()
    until = days[-1] + silent
    assert visited(*days).active(window, silent) == sum(until - window < day <= until for day in set(days))


@given(st.lists(st.integers(1, EDGES[-1] - 1), min_size=1, max_size=80))
def test_the_usual_gap_covers_its_share(gaps: list[int]) -> None:
    """At least four of five gaps end within it, and it is no longer than the class of the longest."""
    day, days = 0, [0]
    for gap in gaps:
        day += gap
        days.append(day)
    rhythm = visited(*days)
    usual = rhythm.usual(80)
    assert 10 * sum(gap <= usual for gap in gaps) >= 8 * len(gaps)
    assert rhythm.usual(50) <= usual <= rhythm.usual(100)
    assert rhythm.usual(100) == EDGES[bisect_right(EDGES, max(gaps))] - 1


def test_a_day_counts_once_and_the_past_is_not_rewritten() -> None:
    """Visits of a known day, or late ones of an earlier day, change nothing."""
    rhythm = visited(0, 3, 3, 3)
    before = (rhythm.total, rhythm.days, rhythm.gaps)
    assert rhythm.visit(rhythm.last, 0) == 0
    assert rhythm.visit(rhythm.last - 2, 0) == 0
    assert (rhythm.total, rhythm.days, rhythm.gaps) == before == (2, b"\x09", before[2])
    assert rhythm.visit(rhythm.last + 5, 0) == 5


def test_it_stays_small_for_ever_and_the_past_fades() -> None:
    """Counts are halved before they overflow; bits older than the window fall out."""
    rhythm = visited(*range(0, 3000, 2))
    assert len(rhythm.days) <= BITS // 8
    assert max(rhythm.gaps) <= COUNT_MAX
    assert rhythm.active(BITS) == BITS // 2
    for _ in range(2 * COUNT_MAX):
        rhythm.visit(rhythm.last + 1, 0)
    assert rhythm.usual(50) == 1


def test_features_tell_a_long_silence_from_a_usual_one() -> None:
    """More silence, more odds with positive weights; a habit of long gaps is seen."""
    daily, weekly = visited(*range(60)), visited(*range(0, 60, 7))
    assert len(features(daily, 0.0)) == len(FEATURES)
    assert features(daily, 10 * DAY)[1] > features(weekly, 10 * DAY)[1]
    assert features(daily, 5 * DAY)[0] < features(daily, 6 * DAY)[0]
    assert features(visited(0, 40), 20 * DAY)[7] > 0 == features(daily, 20 * DAY)[7]
    only_silence = Weights(0, (ONE, *[0] * (len(FEATURES) - 1)))
    assert log_odds(only_silence, daily, 3 * DAY) == features(daily, 3 * DAY)[0]


def test_chances_are_chances() -> None:
    """Even at log-odds 0, increasing, and never certain."""
    assert chance(0) == 0.5
    assert 0 < chance(-(10**6)) < chance(-ONE) < chance(ONE) < chance(10**6) < 1
    assert abs(chance(ONE) - 0.7311) < 0.001
