"""The pulse: dead weeks are rest, weekends in part, busy days none, and a small community has no rest to speak of."""

from processors.community.pulse import DAY, LOOKS_MIN, ODDS_CLASSES, ODDS_LEAST, ODDS_STEP, REMEMBERED, Pulse

FIRST = 20000


def beaten(*counts: int) -> Pulse:
    """A pulse after days with so many members each."""
    pulse = Pulse()
    for number, count in enumerate(counts):
        pulse.roll(FIRST + number)
        for _ in range(count):
            pulse.came(FIRST + number)
    pulse.roll(FIRST + len(counts))
    return pulse


def test_ordinary_days_are_no_rest() -> None:
    """Counts around the usual one, down to half of it, and far above."""
    assert beaten(*[20] * 20, 10, 11, 15, 40, 200).rest == 0


def test_a_dead_week_is_rest_and_a_thin_one_in_part() -> None:
    """Nobody there: all of it; a quarter of the usual number: half of it."""
    assert beaten(*[20] * 20, *[0] * 7).rest == 7 * DAY
    assert beaten(*[20] * 20, 5, 5).rest == DAY


def test_weekends_count_less() -> None:
    """A community of working days: two days in seven hardly count."""
    month = [20, 20, 20, 20, 20, 2, 2] * 4
    rest = beaten(*month, *month).rest - beaten(*month).rest
    assert rest == 8 * DAY * 16 // 20


def test_what_stays_dead_becomes_usual() -> None:
    """After weeks without anybody silence counts again, so that an end of a community is not one long holiday."""
    pulse = beaten(*[20] * 28, *[0] * 100)
    assert 14 * DAY <= pulse.rest <= 15 * DAY


def test_a_small_or_a_young_community_has_no_rest() -> None:
    """Four members a day, or ten days of history, say nothing."""
    assert beaten(*[4] * 28, *[0] * 7).rest == 0
    assert beaten(*[50] * 10, *[0] * 3).rest == 0


def test_it_is_bounded_and_does_not_go_back() -> None:
    """A jump of years costs no more than two months; late visits are not counted."""
    pulse = beaten(*[20] * 30)
    pulse.came(FIRST + 2)
    assert pulse.today == 0
    rest = pulse.rest
    pulse.roll(FIRST + 10_000)
    assert (len(pulse.counts), pulse.day) == (REMEMBERED, FIRST + 10_000)
    assert pulse.rest - rest <= 15 * DAY


def test_half_of_the_silences_are_told_from_the_others() -> None:
    """Once twenty are known: by the class that the upper half reaches; the past fades."""
    pulse = Pulse()
    for number in range(LOOKS_MIN - 1):
        pulse.looked(ODDS_LEAST + (number % 4) * ODDS_STEP)
    assert pulse.half() == 0
    pulse.looked(ODDS_LEAST + 3 * ODDS_STEP)
    assert pulse.half() == ODDS_LEAST + 2 * ODDS_STEP
    for _ in range(3 * LOOKS_MIN):
        pulse.looked(-5000)
    assert pulse.half() == ODDS_LEAST
    for _ in range(5 * LOOKS_MIN):
        pulse.looked(5000)
    assert pulse.half() == ODDS_LEAST + (ODDS_CLASSES - 1) * ODDS_STEP
    for _ in range(1000):
        pulse.looked(ODDS_LEAST + ODDS_STEP)
    assert (pulse.half(), len(pulse.looks)) == (ODDS_LEAST + ODDS_STEP, ODDS_CLASSES)
