"""The volume controller: it lowers what is unwelcome, says so, and recovers; the past fades."""

from hypothesis import given
from hypothesis import strategies as st

from processors.ids import coin
from processors.volume import ENOUGH, LEAST, LEVEL_MAX, PLAYBOOKS_MAX, RECOVERY_DAYS, Change, Volumes, enough

DAY = 86400.0
MOST = 200


def counted(volumes: Volumes, day: float, sent: int, unwelcome: int = 0) -> list[Change]:
    """The changes of a day with so many sends, each told to be unwelcome at once or not."""
    changes = []
    for number in range(sent):
        changes.append(volumes.count("town", "play", day * DAY, MOST, sent=1))
        if number < unwelcome:
            changes.append(volumes.count("town", "play", day * DAY, MOST, unwelcome=1))
    return [one for one in changes if one]


def test_too_few_sends_say_nothing() -> None:
    """All unwelcome, and yet not enough of them."""
    assert counted(Volumes(), 1, int(ENOUGH) - 1, int(ENOUGH) - 1) == []


def test_a_breached_guard_lowers_one_level_a_day_down_to_an_eighth() -> None:
    """Each change says which share goes out from then on, and why."""
    volumes = Volumes()
    changes = [change for day in range(10, 16) for change in counted(volumes, day, 30, 15)]
    assert [one.share for one in changes] == [0.5, 0.25, 0.125]
    assert len(changes) == LEVEL_MAX
    assert all(one.rate > MOST for one in changes)


def test_it_recovers_level_by_level_when_it_is_asked_about_later() -> None:
    """After a week each, when what is known is well within the guard, or forgotten."""
    volumes = Volumes()
    assert counted(volumes, 10, 30, 15)
    assert volumes.ask("town", "play", (10 + RECOVERY_DAYS - 1) * DAY, MOST) is None
    change = volumes.ask("town", "play", (10 + 60) * DAY, MOST)
    assert change == Change("town", "play", 1.0, change.rate if change else 0)
    assert volumes.ask("town", "another", 10 * DAY, MOST) is None


def test_a_rate_below_the_guard_but_not_well_below_stays_where_it_is() -> None:
    """Between half the guard and the guard nothing changes: no swinging to and fro."""
    volumes = Volumes()
    counted(volumes, 10, 30, 15)
    changes = [(day, change) for day in range(11, 60) for change in counted(volumes, day, 40, 6)]
    assert [day for day, _ in changes if day > 20] == []
    volume = volumes.of("town", "play")
    assert volume is not None
    assert volume.level
    assert MOST / 2 < volume.rate <= MOST


def test_usefulness_begins_with_a_prior_and_goes_by_what_was_welcome() -> None:
    """Three of ten, until it shows."""
    volumes = Volumes()
    assert volumes.usefulness("town", "play") == 0.3
    for _ in range(10):
        volumes.count("town", "play", DAY, MOST, sent=1, welcome=1)
    assert volumes.usefulness("town", "play") == 13 / 20
    assert volumes.usefulness("other", "play") == 0.3


def test_what_is_remembered_is_bounded() -> None:
    """The one that was quiet for longest goes first."""
    volumes = Volumes()
    for number in range(PLAYBOOKS_MAX + 5):
        volumes.count("town", f"p{number}", number * DAY, MOST, sent=1)
    assert len(volumes.known) == PLAYBOOKS_MAX
    assert volumes.of("town", "p4") is None
    assert volumes.of("town", "p5") is not None


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=60))
def test_whatever_happens_shares_and_rates_stay_in_their_bounds(days: list[tuple[int, int, int, int]]) -> None:
    """Never above everything, never below an eighth; days that go back change nothing."""
    volumes = Volumes()
    for day, sent, unwelcome, welcome in days:
        volumes.count("town", "play", day * DAY, MOST, sent=sent, unwelcome=unwelcome, welcome=welcome)
        volume = volumes.of("town", "play")
        assert volume is not None
        assert 1 / (1 << LEVEL_MAX) <= volume.share <= 1.0
        assert volume.sent >= 0.0
        assert volume.usefulness > 0.0


@given(
    st.integers(1, 128),
    st.lists(st.tuples(st.integers(0, 127), st.integers(0, 60), st.booleans()), max_size=200),
)
def test_over_all_partitions_no_more_goes_unjudged_than_in_one(
    partitions: int, sends: list[tuple[int, int, bool]]
) -> None:
    """However sends fall on partitions: what those that send in full had of unwelcome ones is within the guard, but for what is too little to judge."""
    each = [Volumes() for _ in range(partitions)]
    for where, day, unwelcome in sorted(sends, key=lambda one: one[1]):
        for what in ({"sent": 1}, {"unwelcome": 1} if unwelcome else {}):
            each[where % partitions].count("town", "play", day * DAY, MOST, least=enough(partitions), **what)
    full = [one for volumes in each if (one := volumes.of("town", "play")) is not None and not one.level]
    sent, unwelcome = sum(one.sent for one in full), sum(one.unwelcome for one in full)
    assert unwelcome <= (MOST + 0.5) / 1000 * sent + max(ENOUGH, LEAST * partitions)


def total(partitions: int, unwelcome: float, days: int = 60, a_day: int = 24) -> int:
    """Return how much of a playbook goes out over all partitions where each send is unwelcome with a chance."""
    each, sent = [Volumes() for _ in range(partitions)], 0
    for number in range(days * a_day):
        volumes, day = each[number * 7919 % partitions], number // a_day
        volumes.ask("town", "play", day * DAY, MOST, enough(partitions))
        volume = volumes.of("town", "play")
        if volume is not None and coin("out", str(number)) >= volume.share:
            continue
        sent += 1
        volumes.count("town", "play", day * DAY, MOST, sent=1, least=enough(partitions))
        if coin("bad", str(number)) < unwelcome:
            volumes.count("town", "play", day * DAY, MOST, unwelcome=1, least=enough(partitions))
    return sent


def test_a_bad_playbook_is_lowered_on_many_partitions_as_on_one_and_a_good_one_goes_on() -> None:
    """Half of its messages unwelcome: about an eighth is left, on 64 partitions as on one; where those get one in three days each, half."""
    assert total(1, 0.5) <= 0.2 * 60 * 24
    assert total(64, 0.5, a_day=240) <= 0.2 * 60 * 240
    assert total(64, 0.5) <= 0.55 * 60 * 24
    assert total(64, 0.02) >= 0.9 * 60 * 24
