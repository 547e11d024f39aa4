"""Drop-off: one alert a spell, late enough to be right; reading, absence and holidays are respected."""

from collections.abc import Sequence

from processors.community.pulse import LOOKS_MIN
from processors.decisions import Verdict
from processors.detectors.drop_off import DAYS_MIN, EARLY_DAYS, LATE_DAYS, SILENT, SOON_DAYS, silence_odds
from processors.events import Event
from processors.member.rhythm import FEATURES
from processors.member.state import MemberState, decode_state, encode_state
from tests.support.stories import DAY, MINUTE, NOON, Story, catalog, event, playbook

A_DAY = DAY / MINUTE  # in minutes
TOLD = catalog(
    *(playbook(name, f"signal.{name}", because="{signal.usual_days} {signal.silent_days} {signal.reader} {signal.away_days}", lane="request")
      for name in ("overdue", "returned", "regular_reader"))
)  # fmt: skip


def visits(days: Sequence[float], kind: str = "post.read", member: str = "ann") -> list[Event]:
    """A visit at noon of each of these days."""
    return [event(kind, day * A_DAY, member, **({"text": "x"} if kind == "post.created" else {})) for day in days]


def told(story: Story, member: str = "ann", kinds: Sequence[str] = ("overdue", "returned")) -> list[tuple[str, float]]:
    """What was told about a member: the signal, and the day."""
    return [
        (one.playbook, round((one.time - NOON) / DAY, 2))
        for one in story.decisions
        if one.verdict is Verdict.SEND and one.member == f"town/{member}" and one.playbook in kinds
    ]


def test_a_regular_who_stays_away_is_told_once() -> None:
    """One signal for a spell, however long it lasts, with numbers that a person understands; another for the next spell."""
    story = Story(TOLD).tell(*visits(range(30))).wait(100 * A_DAY)
    ((name, day),) = told(story)
    assert (name, 29 + SOON_DAYS <= day <= 29 + LATE_DAYS + 1) == ("overdue", True)
    usual, silent, reader, _ = next(one.because for one in story.commands if one.playbook == "overdue").split()
    assert (usual, silent, reader) == ("1", str(int(day - 29)), "1")
    story.tell(*visits(range(110, 190, 8))).wait(260 * A_DAY)
    assert [name for name, _ in told(story)] == ["overdue", "returned", "overdue"]


def test_reading_reacting_and_looking_in_are_visits() -> None:
    """A reader who never posts is not inactive."""
    days = range(30)
    alternating = [
        event(kind, day * A_DAY, "ann")
        for day, kind in zip(
            range(30, 90, 9), ("post.read", "presence.seen", "reaction.added", "search.performed") * 9, strict=False
        )
    ]
    story = Story(TOLD).tell(*visits(days, "post.created"), *alternating).wait(95 * A_DAY)
    assert told(story) == []


def test_too_few_days_are_no_rhythm() -> None:
    """Not even after months."""
    story = Story(TOLD).tell(*visits(range(DAYS_MIN - 1))).wait(120 * A_DAY)
    assert told(story) == []


def test_an_announced_absence_is_no_silence() -> None:
    """Nothing until it is over and silence began again, even where it is announced after the timer was set."""
    back = 60.0
    away = event("absence.announced", 31 * A_DAY, "ann", until=NOON + back * DAY)
    story = Story(TOLD).tell(*visits(range(30)), away).wait((back + SOON_DAYS - 1) * A_DAY)
    assert told(story) == []
    story.wait((back + LATE_DAYS + 2) * A_DAY)
    assert [name for name, _ in told(story)] == ["overdue"]


def test_silence_during_a_dead_week_counts_less() -> None:
    """The same member, silent for as long: told later where the whole community is away over the holidays."""
    others = [f"m{number}" for number in range(8)]

    def first_day(*, holiday: bool) -> float:
        there = [day for day in range(120) if not (holiday and 57 <= day < 67)]
        crowd = [one for name in others for one in visits(there, member=name)]
        events = sorted([*visits(range(1, 57, 5)), *crowd], key=lambda one: one.time)
        return told(Story(TOLD).tell(*events).wait(120 * A_DAY))[0][1]

    assert first_day(holiday=True) > first_day(holiday=False) == 56 + EARLY_DAYS


def test_early_is_told_what_is_surer_than_half_of_the_communitys_silences() -> None:
    """The same member, silent for as long: told after three weeks, or on the last day where most silences there look surer."""

    def days(others: int) -> dict[str, list[float]]:
        crowd = [one for number in range(others) for one in visits(range(0, 51, 10), member=f"m{number}")]
        events = sorted([*visits(range(1, 57, 5)), *crowd], key=lambda one: one.time)
        story = Story(TOLD).tell(*events).wait(120 * A_DAY)
        return {name: [day for _, day in told(story, name)] for name in ("ann", "m1")}

    assert days(LOOKS_MIN - 1) == {"ann": [56 + EARLY_DAYS], "m1": [50 + EARLY_DAYS]}
    assert days(LOOKS_MIN) == {"ann": [56 + LATE_DAYS], "m1": [50 + EARLY_DAYS]}


def test_who_left_is_not_told() -> None:
    """Leaving ends it."""
    story = Story(TOLD).tell(*visits(range(30)), event("community.left", 30 * A_DAY)).wait(100 * A_DAY)
    assert told(story) == []


def test_a_regular_reader_is_noticed_once() -> None:
    """On the twelfth day, and only who never posted."""
    story = Story(TOLD).tell(*visits(range(0, 40, 2)), *visits(range(0, 40, 2), "post.created", "bob"))
    assert told(story, "ann", ["regular_reader"]) == [("regular_reader", 22.0)]
    assert told(story, "bob", ["regular_reader"]) == []


def test_the_odds_grow_with_silence() -> None:
    """Before any visit they are least; the weights are as many as the features."""
    state = MemberState()
    least = silence_odds(state, NOON, 0)
    story = Story(TOLD).tell(*visits(range(30)))
    ann = story.loop._member.member("town/ann")
    odds = [silence_odds(ann, NOON + (29 + days) * DAY, 0) for days in (0, 1, 3, 7, 14, 30)]
    assert odds == sorted(odds)
    assert least < odds[0]
    assert len(SILENT.weights) == len(FEATURES)


def test_states_of_the_first_version_still_decode() -> None:
    """What was stored before there were rhythms is read, and learns anew; its old timer concludes nothing."""
    old = MemberState(joined=5, last=int(NOON), gaps=(24, 24, 24, 24), overdue_at=int(NOON + DAY))
    assert decode_state(encode_state(old)) == old
    story = Story(TOLD)
    story.loop._member._young["town/ann"] = decode_state(encode_state(old))
    story.tell(event("profile.completed", 1)).wait(100 * A_DAY)
    assert told(story) == []
