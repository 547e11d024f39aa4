"""What conditions may ask of a member: each fact by its name, read from the state, never stored."""

from collections.abc import Callable, Mapping
from typing import Any

from processors.local_time import WEEKDAYS, local, part_of_day
from processors.member.lifecycle import AWAY_LONG, lifecycle
from processors.member.rhythm import Rhythm
from processors.member.state import MemberState

Facts = Mapping[str, str | float | int]
Getter = Callable[[MemberState, Facts, float], Any]
DAY = 86400
ZONE = "community.timezone"  # the fact that the facts of time need, for members whose zone is not known
_NO_RHYTHM = Rhythm()


def _silent_days(state: MemberState, now: float) -> int:
    rhythm = state.rhythm or _NO_RHYTHM
    return max(int(now) // DAY - rhythm.last, 0) if rhythm.total else 0


def _active(state: MemberState, now: float, days: int) -> int:
    rhythm = state.rhythm
    return rhythm.active(days, max(int(now) // DAY - rhythm.last, 0)) if rhythm is not None and rhythm.total else 0


def _active_before(state: MemberState, now: float) -> int:
    """Active days in the 60 before the last 30."""
    rhythm = state.rhythm
    return rhythm.active(90, max(int(now) // DAY - rhythm.last, 0), 30) if rhythm is not None and rhythm.total else 0


def _back_days(state: MemberState, now: float) -> int:
    """Days since the member came back from a long silence; a number beyond all rules where that never was."""
    back = state.rhythm.back if state.rhythm else 0
    return int(now) // DAY - back if back else 1000 * AWAY_LONG


def _activity_percent(state: MemberState, now: float) -> float:
    """Active days of the last 30 in percent of what they were, for 30 days, in the 60 before; 100 where nothing was."""
    month = _active(state, now, 30)
    before = _active_before(state, now)
    return 200 * month / before if before else 100.0


def _local_hour(state: MemberState, facts: Facts, now: float) -> int:
    return local(now, state.timezone or str(facts.get(ZONE, "UTC"))).hour


MEMBER_FIELDS: dict[str, Getter] = {
    "member.posts": lambda state, _facts, _now: state.posts,
    "member.questions": lambda state, _facts, _now: state.questions,
    "member.answers": lambda state, _facts, _now: state.answers,
    "member.accepted_answers": lambda state, _facts, _now: state.merits.accepted if state.merits else 0,
    "member.role": lambda state, _facts, _now: state.role,
    "member.region": lambda state, _facts, _now: state.region,
    "member.interests": lambda state, _facts, _now: state.interests,
    "member.groups": lambda state, _facts, _now: state.groups,
    "member.opted_in": lambda state, _facts, _now: state.opted_in,
    "member.locale": lambda state, _facts, _now: state.locale,
    "member.timezone": lambda state, _facts, _now: state.timezone,
    "member.left": lambda state, _facts, _now: int(state.left),
    "member.lifecycle": lambda state, _facts, now: lifecycle(state, now),
    "member.active_days": lambda state, _facts, _now: state.rhythm.total if state.rhythm else 0,
    "member.active_days_30": lambda state, _facts, now: _active(state, now, 30),
    "member.active_days_before": lambda state, _facts, now: _active_before(state, now),
    "member.activity_percent": lambda state, _facts, now: _activity_percent(state, now),
    "member.silent_days": lambda state, _facts, now: _silent_days(state, now),
    "member.back_days": lambda state, _facts, now: _back_days(state, now),
    "member.days": lambda state, _facts, now: (now - state.joined) / DAY if state.joined else 0.0,
}
TIME_FIELDS: dict[str, Getter] = {
    "time.hour": _local_hour,
    "time.weekday": lambda state, facts, now: WEEKDAYS[
        local(now, state.timezone or str(facts.get(ZONE, "UTC"))).weekday()
    ],
    "time.part_of_day": lambda state, facts, now: part_of_day(_local_hour(state, facts, now)),
}
SEGMENT, LIFECYCLE, TAGS = "member.segment", "member.lifecycle", "channel.tags"
# Facts of the moment, put beside a candidate when it arises.
MOMENT_FIELDS = ("channel.name", TAGS, "community.name", "community.locale")
NUMBERS = frozenset(
    {"member.posts", "member.questions", "member.answers", "member.accepted_answers", "member.left", "member.active_days",
     "member.active_days_30", "member.active_days_before", "member.activity_percent", "member.silent_days", "member.back_days",
     "member.days", "time.hour"}
)  # fmt: skip
