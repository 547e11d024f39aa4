"""Has the member had enough? Caps are felt by the person, over all playbooks and channels."""

from math import ceil

from processors.decisions import Reason
from processors.member.load import load
from processors.policy.case import DAY, STAFF, WEEK, Case, Ruling
from processors.staff_budget import KEPT_MAX, share

# What is remembered of sends bounds what can be counted: a policy that allows more allows this many.
COUNTED = {"proactive": 20, "answer": 16, STAFF: KEPT_MAX}
ENOUGH = 5.0  # a load from which on nothing proactive goes: as after two mutes, or six dismissals in a week


def rule(case: Case) -> Ruling | None:
    """Rolling budgets by lane; what was waved away takes from the week, down to one, and at `ENOUGH` to none; it recovers."""
    if case.lane == "request":
        return None
    if case.lane == "safety":
        return _safety(case)
    day, week = _sent(case, DAY), _sent(case, WEEK)
    case.values["sent_day"], case.values["sent_week"] = day, week
    if case.lane == "answer":
        return (
            Ruling(Reason.BUDGET_DAY, f"answers_day > {day}") if day >= _most(case, case.policy.answers_day) else None
        )
    if case.lane == STAFF:
        return _staff(case, day)
    return _proactive(case, day, week)


def _safety(case: Case) -> Ruling | None:
    """One offer of a theme in seven days: guidance on worry about a friend takes nothing from help for oneself."""
    since, theme = case.now - WEEK, case.playbook.spec.theme
    week = sum(1 for sent in case.state.sends if sent.time > since and sent.lane == "safety" and sent.theme == theme)
    return Ruling(Reason.BUDGET_WEEK, "7 days since the last offer") if week >= case.policy.safety_week else None


def _staff(case: Case, day: int) -> Ruling | None:
    """So many about a member, a thread or a channel, and so many from all of them together to the team's one place."""
    if day >= _most(case, case.policy.staff_day):
        return Ruling(Reason.BUDGET_DAY, f"staff_day > {day}")
    if case.staff is None or STAFF not in case.playbook.spec.channels:
        return None
    told = case.staff.taken(case.community, case.now)
    case.values["staff_told_day"] = told
    full = told >= share(case.policy.staff_day, case.partitions)
    return Ruling(Reason.BUDGET_DAY, f"staff_day > {told * case.partitions} in the community") if full else None


def _proactive(case: Case, day: int, week: int) -> Ruling | None:
    if day >= _most(case, case.policy.budget_day):
        return Ruling(Reason.BUDGET_DAY, f"budget_day > {day}")
    new = case.now - case.state.joined < case.policy.new_days * DAY
    limit = _most(case, case.policy.budget_week_new if new else case.policy.budget_week)
    if week >= limit:
        return Ruling(Reason.BUDGET_WEEK, f"budget_week > {week}")
    had = load(case.state, case.now)
    case.values["load"] = round(had, 2)
    if had and (had >= ENOUGH or week >= max(1, limit - ceil(had))):
        return Ruling(Reason.BUDGET_SHRUNK, "less dismissed, snoozed or muted in the last 30 days")
    return None


def _most(case: Case, allowed: int) -> int:
    return min(allowed, COUNTED[case.lane])


def _sent(case: Case, window: int) -> int:
    """Count sends of the case's lane within the rolling window."""
    since = case.now - window
    return sum(1 for sent in case.state.sends if sent.time > since and sent.lane == case.lane)
