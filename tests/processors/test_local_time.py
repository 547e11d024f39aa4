"""When an hour comes next where somebody lives, changes of daylight saving both ways included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.local_time import Schedule, local, part_of_day


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "expected"),
    [
        (
            Schedule(9),
            "Europe/Berlin",
            "2026-03-28T12:00+00:00",
            "2026-03-29T07:00+00:00",
        ),  # summer time begins that night
        (
            Schedule(2, 30),
            "Europe/Berlin",
            "2026-03-28T12:00+00:00",
            "2026-03-29T01:30+00:00",
        ),  # skipped: an hour later
        (Schedule(2, 30), "Europe/Berlin", "2026-10-24T12:00+00:00", "2026-10-25T00:30+00:00"),  # twice: the first
        (Schedule(9, weekdays=(0,)), "America/New_York", "2026-01-05T14:00+00:00", "2026-01-12T14:00+00:00"),
        (Schedule(8, days=(31,)), "UTC", "2026-01-31T08:00+00:00", "2026-03-31T08:00+00:00"),
    ],
)
def test_the_next_time(schedule: Schedule, zone: str, after: str, expected: str) -> None:
    """Strictly after the moment given."""
    found = schedule.after(datetime.fromisoformat(after).timestamp(), zone)
    assert datetime.fromtimestamp(found, UTC) == datetime.fromisoformat(expected)


@given(
    st.floats(1_600_000_000, 1_900_000_000),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "nowhere"]),
)
def test_daily_comes_within_two_days_and_later(time: float, hour: int, minute: int, zone: str) -> None:
    """Never at once, never much later than a day (a day may have 25 hours)."""
    found = Schedule(hour, minute).after(time, zone)
    assert 0 < found - time <= 26 * 3600
    if zone in ("UTC", "nowhere"):
        assert (local(found, zone).hour, local(found, zone).minute) == (hour, minute)


def test_names_of_schedules_and_of_parts_of_the_day() -> None:
    """Equal ones have one name."""
    assert [one.key for one in (Schedule(9, 5, (0, 3)), Schedule(18), Schedule(7, days=(1, 15)))] == [
        "mon,thu@09:05",
        "daily@18:00",
        "1,15@07:00",
    ]
    assert [part_of_day(hour) for hour in (0, 5, 12, 17, 22)] == ["night", "morning", "afternoon", "evening", "night"]
    assert local(0, "Europe/Berlin").tzinfo == ZoneInfo("Europe/Berlin")


@given(
    st.lists(st.floats(1_700_000_000, 1_700_400_000), min_size=1, max_size=30),
    st.sampled_from([Schedule(10), Schedule(9, 30), Schedule(0, 15, weekdays=(0, 3)), Schedule(10, days=(1, 15))]),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]),
)
def test_what_is_remembered_of_an_hour_changes_no_answer(times: list[float], schedule: Schedule, zone: str) -> None:
    """Asked in any order, each time is answered as if it were asked alone."""
    assert [schedule.after(one, zone) for one in times] == [schedule._after(one, zone) for one in times]
