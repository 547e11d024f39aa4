"""A command that is late is delivered by day or not at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.deadlines import COMMAND_LIFE
from processors.local_time import Schedule
from processors.playbooks.resources import Policy
from processors.policy.stages.quiet_hours import quiet_until
from tests.support.stories import HOUR, NOON, Story, catalog, event, playbook

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/Santiago",
)


@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        ({"channels": ("direct_message",)}, 9),  # decided at noon; quiet hours begin at nine in the evening
        ({"channels": ("email",)}, 9),
        ({"channels": ("thread",), "lane": "answer"}, 9),
        ({"channels": ("email",), "expires": HOUR}, 1),
        ({"channels": ("in_app",)}, 24),  # rings nowhere: whoever comes by at night sees it
        ({"channels": ("staff",), "lane": "staff"}, 24),
        ({"channels": ("direct_message",), "lane": "request"}, 24),
        ({"channels": ("direct_message",), "lane": "safety", "cheerful": False}, 24),
    ],
)
def test_what_rings_must_be_delivered_before_night(changes: dict[str, object], hours: float) -> None:
    """Twelve o'clock, quiet from 21 to 8."""
    policy = Policy(distress_support=True, safety_owner="owner")
    story = Story(catalog(playbook(**changes), policy=policy)).tell(event("post.created", 0, thread="t"))
    assert [one.expires - NOON for one in story.commands] == [hours * HOUR]


def test_what_rings_must_be_delivered_within_the_hours_that_the_member_chose() -> None:
    """From ten to three; an automated answer heeds the night alone."""
    plays = (
        playbook("play", "post.created", channels=("email",)),
        playbook("answers", "channel.joined", channels=("email",), lane="answer", resource="guide"),
    )
    story = Story(catalog(*plays, policy=Policy(cooldown_resource=0.0)))
    story.tell(event("preference.time_chosen", 0, when="hours", hour=10, until_hour=15), event("post.created", 1))
    story.tell(event("channel.joined", 2))
    assert [(one.lane, one.expires - NOON) for one in story.commands] == [("proactive", 3 * HOUR), ("answer", 9 * HOUR)]


@given(st.integers(0, 366 * 24 * 12), st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 23))
def test_no_moment_before_the_deadline_is_quiet(five_minutes: int, zone: str, start: int, end: int) -> None:
    """From any moment of 2026 that is not quiet itself, in any zone, over both changes of clocks."""
    now = datetime(2026, 1, 1, tzinfo=UTC).timestamp() + five_minutes * 300
    if start == end or quiet_until(now, zone, start, end):
        return
    until = Schedule(start).after(now, zone)
    assert now < until <= now + COMMAND_LIFE + 2 * HOUR
    moment = now
    while moment < until:
        hour = (datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone))).hour
        assert not (start <= hour < end if start < end else hour >= start or hour < end), (moment, hour)
        moment += 300
