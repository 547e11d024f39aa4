"""Times that members choose, in their own zone, over both changes of daylight saving."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.member.chosen_time import WRONG_MAX, choose, was_wrong
from processors.member.remembered import Wishes
from processors.member.state import MemberState
from processors.playbooks.resources import Policy
from processors.policy.stages.chosen_time import next_digest
from processors.vocabulary import ChosenTime
from tests.support.stories import DAY, HOUR, NOON, Story, catalog, event, playbook

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "nowhere")


def epoch(zone: str, *when: int) -> float:
    """The epoch second of a local time."""
    return datetime(*when, tzinfo=ZoneInfo(zone)).timestamp()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ((2026, 3, 28, 10), (2026, 3, 29, 9)),  # a night of 23 hours
        ((2026, 10, 24, 10), (2026, 10, 25, 9)),  # one of 25
    ],
)
def test_a_daily_digest_comes_at_its_local_hour_when_clocks_change(
    now: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    """In Berlin, forward and back."""
    found = next_digest(Wishes("daily", 9), epoch("Europe/Berlin", *now), "Europe/Berlin")
    assert found == epoch("Europe/Berlin", *wanted)


def test_an_hour_that_the_clocks_skip_comes_an_hour_later() -> None:
    """2 o'clock does not exist on that Sunday; the digest still comes, once."""
    found = next_digest(Wishes("daily", 2), epoch("Europe/Berlin", 2026, 3, 28, 12), "Europe/Berlin")
    assert datetime.fromtimestamp(found, ZoneInfo("Europe/Berlin")).hour == 3


@given(
    st.floats(1.7e9, 1.9e9),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 6),
    st.sampled_from(["daily", "weekly"]),
)
def test_a_digest_is_always_ahead_and_within_its_period(
    now: float, zone: str, hour: int, weekday: int, when: str
) -> None:
    """At most a day (or a week) and the hour that clocks may change by, in any zone."""
    found = next_digest(Wishes(when, hour, 21, weekday), now, zone)
    assert now < found <= now + (DAY if when == "daily" else 7 * DAY) + 86400 * (zone == "Pacific/Apia") + 3600


def test_the_last_choice_counts_and_wrong_moments_are_kept() -> None:
    """They are two things; only the last few wrong moments are remembered."""
    state = MemberState()
    for _ in range(WRONG_MAX + 2):
        was_wrong(state, "email", NOON, "UTC")
    choose(state, ChosenTime(when="weekly", weekday=3))
    choose(state, ChosenTime(when="daily", hour=7))
    assert state.wishes == Wishes("daily", 7, 21, 0, ((int(NOON), 12, "email"),) * WRONG_MAX)


POST = event("post.created", 0, text="Good morning")


def test_the_chosen_time_holds_and_then_decides_again() -> None:
    """Hours of the day, the next visit, a digest; what is urgent waits for no digest; another choice lets go."""

    def chosen(when: str, priority: str = "normal", **fields: object) -> Story:
        story = Story(catalog(playbook(priority=priority)))
        return story.tell(event("preference.time_chosen", -1, when=when, **fields), POST)

    assert chosen("now").reasons == ["sent"]
    hours = chosen("hours", hour=18, until_hour=20)
    assert (hours.reasons, hours.decisions[0].until) == (["chosen_time_hold"], NOON + 6 * HOUR)
    assert hours.wait(7 * 60).reasons == ["chosen_time_hold", "sent"]
    assert chosen("hours", hour=11, until_hour=13).reasons == ["sent"]
    visit = chosen("next_visit").tell(event("post.read", 30))
    assert visit.reasons == ["chosen_time_hold"]  # still the same visit
    assert visit.tell(event("post.read", 3 * 60)).reasons == ["chosen_time_hold", "sent"]
    assert chosen("daily", hour=9).wait(22 * 60).reasons == ["chosen_time_hold", "sent"]
    assert chosen("weekly", hour=9, weekday=2).wait(46 * 60).reasons == ["chosen_time_hold", "sent"]
    assert chosen("weekly", "high").reasons == ["sent"]
    again = chosen("weekly").tell(event("preference.time_chosen", 5, when="now"))
    assert again.reasons == ["chosen_time_hold", "sent"]


def test_a_digest_hour_within_quiet_hours_comes_when_they_end() -> None:
    """Night is night, whatever was chosen."""
    story = Story(catalog()).tell(event("preference.time_chosen", -1, when="daily", hour=23), POST)
    story.wait(40 * 60)
    assert story.reasons == ["chosen_time_hold", "sent"]
    assert datetime.fromtimestamp(story.decisions[-1].time, UTC).hour == 8


def test_a_wrong_moment_moves_the_hour_and_the_channel() -> None:
    """For this member, for thirty days; another hour and another channel are tried instead."""
    policy = Policy(cooldown_resource=0.0, cooldown_theme=0.0)
    story = Story(catalog(playbook(channels=("in_app", "email")), policy=policy))
    story.tell(event("post.created", 0, "ann", "a", text="Good morning"))
    story.tell(event("outcome.wrong_moment", 1, command=story.commands[0].id))
    story.tell(event("post.created", 8 * 24 * 60, "ann", "b", text="Good morning")).wait(8 * 24 * 60 + 120)
    assert story.reasons == ["sent", "chosen_time_hold", "sent"]
    assert datetime.fromtimestamp(story.commands[1].not_before, UTC).hour == 13
    assert [one.channel for one in story.commands] == ["in_app", "email"]
