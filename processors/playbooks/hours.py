"""Hours that playbooks wait for: whom a schedule concerns, and when it strikes for a member."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from processors.ids import digest
from processors.local_time import Schedule
from processors.member.state import NEVER, MemberState
from processors.playbooks.conditions import Condition, Definitions, compile_conditions, every
from processors.playbooks.resources import Playbook, Policy

DAY = 86400
# Whoever was silent for longer is woken by no hour and no daily look; their own next visit is looked at again.
AWAKE_DAYS = 100
SPREAD = 300  # seconds over which the members of an hour are spread, so that a large community does not stop for it
SCHEDULE = "schedule."
# The facts that tell whom an hour concerns at all: only a change of profile or groups changes them.
SETTLED = ("member.role", "member.region", "member.interests", "member.groups", "member.locale", "member.timezone")


class _Hour(NamedTuple):
    """A schedule, and whom it concerns: those of whom the settled facts are as one of its playbooks wants them."""

    schedule: Schedule
    concerns: tuple[Condition, ...]  # any of them; none: everybody
    key: str

    def is_for(self, state: MemberState, now: float) -> bool:
        """Tell whether it concerns a member."""
        return not self.concerns or any(holds(state, {}, now) for holds in self.concerns)


class Hours:
    """The schedules that playbooks wait for, in the order of their keys. Falsy where there are none."""

    def __init__(self, playbooks: Iterable[Playbook], definitions: Definitions) -> None:
        self._hours = _hours(playbooks, definitions)
        self._everybody = [one for one in self._hours if one.is_for(MemberState(), 0.0)]
        self.keys = tuple(one.key for one in self._hours)

    def __bool__(self) -> bool:
        return bool(self._hours)

    def following(self, state: MemberState, policy: Policy, now: float) -> int:
        """Return when the next schedule concerns this member, `NEVER` for one whom none does, 0 for one who has been away for long."""
        if not self._hours or state.left or now - max(state.last, state.joined) >= AWAKE_DAYS * DAY:
            return 0
        concerning = self._concerning(state, now)
        if not concerning:  # as for most members
            return NEVER
        zone, spread = state.timezone or policy.timezone, _spread(state)
        return int(min([one.schedule.after(now - spread, zone) for one in concerning])) + spread

    def struck(self, state: MemberState, policy: Policy, since: int, now: float) -> list[tuple[str, int]]:
        """Return the keys of the schedules that have struck for a member from `since` to `now`, and when they did (epoch s)."""
        if state.left:
            return []
        zone, spread = state.timezone or policy.timezone, _spread(state)
        found = [
            (one.schedule.key, int(one.schedule.after(since - 1 - spread, zone)))
            for one in self._concerning(state, now)
        ]
        return [(key, at) for key, at in found if at + spread <= now]

    def _concerning(self, state: MemberState, now: float) -> list[_Hour]:
        """Return the schedules that concern a member as the settled facts are; of others no timer is kept."""
        if state.role or state.region or state.interests or state.groups or state.locale or state.timezone:  # SETTLED
            return [one for one in self._hours if one.is_for(state, now)]
        return self._everybody  # of most nothing is known


def _hours(playbooks: Iterable[Playbook], definitions: Definitions) -> tuple[_Hour, ...]:
    """Return the schedules that playbooks wait for, in the order of their keys."""
    waiting: dict[str, list[Playbook]] = {}
    for one in playbooks:
        if one.schedule and one.trigger.startswith(SCHEDULE):
            waiting.setdefault(one.schedule.key, []).append(one)
    found = []
    for key, those in sorted(waiting.items()):
        asked = [{path: one.conditions[path] for path in SETTLED if path in one.conditions} for one in those]
        schedule = those[0].schedule
        if schedule is None:  # it is that by which they were found
            continue
        if all(asked):
            concerns = tuple(every(compile_conditions(one, definitions)) for one in asked)
            found.append(_Hour(schedule, concerns, f"{key}/{digest(msgspec.json.encode(asked).decode())[:8]}"))
        else:
            found.append(_Hour(schedule, (), key))
    return tuple(found)


def _spread(state: MemberState) -> int:
    """Return by how many seconds after an hour it is looked at this member."""
    return state.joined % SPREAD // 60 * 60
