"""What a calendar says takes place when: recurrences one by one, zones and summer time, changes and cancellations of single times."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.calendars.events import CalendarError, Occurrence, first_start, occurrences

BERLIN, BEGIN, END = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)


def calendar(*events: str) -> bytes:
    """Return a calendar of these events, each given as lines."""
    inner = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{inner}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def found(*events: str, zone: ZoneInfo = BERLIN) -> list[Occurrence]:
    """Return what takes place in the month."""
    return list(occurrences(calendar(*events), BEGIN, END, zone))


def times(several: list[Occurrence]) -> list[str]:
    """Return when."""
    return [datetime.fromtimestamp(one.starts, UTC).strftime("%m-%d %H:%M") for one in several]


WEEKLY = "UID:w\nSUMMARY:Meetup\nDTSTART;TZID=Europe/Berlin:20260105T180000\nRRULE:FREQ=WEEKLY\nCATEGORIES:rust,python"


def test_recurrences_are_told_one_by_one_in_their_own_zone() -> None:
    """Summer time begins on the 29th of March: six in the evening stays six in the evening."""
    several = found(WEEKLY)
    assert times(several) == ["03-23 17:00", "03-30 16:00", "04-06 16:00", "04-13 16:00"]
    assert {one.interests for one in several} == {("rust", "python")}
    assert len({one.announcement("town", 1.0).id for one in several}) == 4


def test_single_times_may_be_left_out_moved_or_cancelled() -> None:
    """EXDATE, RECURRENCE-ID with another time, and with STATUS:CANCELLED; what is moved has an id of its own."""
    left_out = WEEKLY + "\nEXDATE;TZID=Europe/Berlin:20260323T180000"
    moved = "UID:w\nSUMMARY:Meetup\nDTSTART;TZID=Europe/Berlin:20260331T190000\nRECURRENCE-ID;TZID=Europe/Berlin:20260330T180000"
    cancelled = "UID:w\nSUMMARY:Meetup\nSTATUS:CANCELLED\nDTSTART;TZID=Europe/Berlin:20260406T180000\nRECURRENCE-ID;TZID=Europe/Berlin:20260406T180000"
    several = found(left_out, moved, cancelled)
    assert times(several) == ["03-31 17:00", "04-13 16:00"]
    before = {one.recurrence: one.announcement("town", 1.0).id for one in found(WEEKLY)}
    assert several[0].announcement("town", 1.0).id not in before.values()
    assert several[1].announcement("town", 99.0).id in before.values()  # whenever it is told


def test_whole_days_and_times_without_a_zone_are_the_communitys() -> None:
    """Midnight and noon in Berlin."""
    assert times(
        found("UID:a\nSUMMARY:Day\nDTSTART;VALUE=DATE:20260401", "UID:b\nSUMMARY:Noon\nDTSTART:20260401T120000")
    ) == ["03-31 22:00", "04-01 10:00"]


def test_an_announcement_names_the_time_it_is_about() -> None:
    """A member who registers for one evening is not registered for all."""
    one, other = (single.announcement("town", 5.0) for single in found(WEEKLY)[:2])
    assert (one.type, one.key, one.time) == ("event.announced", "town", 5.0)
    assert one.data is not None
    assert getattr(one.data, "name", "") != getattr(other.data, "name", "")
    assert getattr(one.data, "title", "") == "Meetup"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello", "iCalendar"),
        (b"\xff\xfe\x00", "iCalendar"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no VEVENT"),
        (calendar("UID:s\nSUMMARY:s\nDTSTART:19700101T000000Z\nRRULE:FREQ=SECONDLY"), "each second"),
        (b"x" * (11 << 20), "larger than"),
    ],
)
def test_what_is_no_calendar_is_told(content: bytes, told: str) -> None:
    """And what could be counted for ever is not begun."""
    with pytest.raises(CalendarError, match=told):
        list(occurrences(content, BEGIN, END, BERLIN))


def test_the_first_of_all_is_found() -> None:
    """An import begins there."""
    assert first_start(calendar(WEEKLY), BERLIN) == datetime(2026, 1, 5, 17, tzinfo=UTC)
    with pytest.raises(CalendarError):
        first_start(calendar("UID:x\nSUMMARY:x"), BERLIN)


LINES = st.lists(
    st.sampled_from(["UID:a", "SUMMARY:x", "DTSTART:20260401T100000Z", "DTSTART:nonsense", "RRULE:FREQ=DAILY", "RRULE:FREQ=NEVER", "RRULE:", "EXDATE:x",
                     "DTSTART;TZID=Mars/Base:20260401T100000", "CATEGORIES:a\\,b,c", "RECURRENCE-ID:20260401T100000Z", "STATUS:CANCELLED", "DTEND:19990101T000000Z"]),
    max_size=8,
)  # fmt: skip


@given(st.lists(LINES, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_an_event_holds_is_read_or_refused(events: list[list[str]]) -> None:
    """One kind of error, nothing else."""
    try:
        several = list(occurrences(calendar(*("\n".join(lines) for lines in events)), BEGIN, END, BERLIN))
    except CalendarError:
        return
    assert all(BEGIN.timestamp() <= one.starts < END.timestamp() and one.title for one in several)
