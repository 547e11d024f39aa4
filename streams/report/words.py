"""A report in plain words: what is known, how sure, and what cannot be known yet."""

from streams.report.build import Report
from streams.report.community import CommunityFigures, Period
from streams.report.figures import NEEDLESS, PlaybookFigures
from streams.report.inference import Lift

UNKNOWN = "nobody was messaged in a replayed history, so whether it helps is not known"
HOUR, DAY = 3600.0, 86400.0
COMPARED = (
    ("questions_per_100", "questions per 100 members", 1.0),
    ("repeated_per_100", "repeated questions per 100 members", 1.0),
    ("requests_per_100", "requests for help per 100 members", 1.0),
    ("explanations_a_week", "explanations by moderators a week", 1.0),
    ("self_served", "searches that led to something (%)", 100.0),
    ("onboarded", "newcomers with first words in 14 days (%)", 100.0),
    ("attendance", "registered who attended (%)", 100.0),
    ("adoption", "members who used a feature (%)", 100.0),
)


def of_lift(lift: Lift) -> str:
    """Say what a lift is worth."""
    if not lift.fair:
        return "the shares helped are not those of the coin: something is broken, so nothing is told"
    if lift.estimate is None:
        return f"not enough data: {lift.units} draws of the coin, some with and some without help are needed"
    points = f"{100 * lift.estimate:+.0f} in 100 reach the goal ({100 * lift.low:+.0f} to {100 * lift.high:+.0f})"
    return {
        "helps": f"helps: {points}",
        "harms": f"harms: {points}",
        "no effect seen yet": f"no effect seen yet: {points}; it may be smaller than {lift.units} draws can show",
    }.get(lift.says, points)


def of_playbook(one: PlaybookFigures, source: str) -> list[str]:
    """Say what is known of a playbook, the most important first. A replayed history tells what would have been sent, no effect."""
    if one.resource:
        return []
    if source == "history":
        return [UNKNOWN, *([f"{one.still_open} too recent to count"] if one.still_open else [])]
    said = [of_lift(one.lift)] if one.lift.units else ["no coin is thrown: set a holdout to learn whether it helps"]
    if one.needless:
        said.append(f"mostly needless: at least {100 * NEEDLESS:.0f} in 100 of those without help did it anyhow")
    if one.habit == "fades":
        said.append("the effect fades: it helps the first times, and no longer after; let it rest, or renew it")
    if one.time_to_goal_with is not None and one.time_to_goal_without is not None:
        said.append(
            f"time to the goal: {_span(one.time_to_goal_with)} with help, {_span(one.time_to_goal_without)} without"
        )
    if one.still_open:
        said.append(f"{one.still_open} too recent to count")
    return said


def of_community(one: CommunityFigures) -> list[str]:
    """Say what changed in a community, and what cannot be told of it."""
    said = []
    if one.since is None:
        said.append("nothing was sent here, so there is no before and after")
    elif not one.enough:
        said.append("before and after cannot be compared yet: 14 days of each are needed")
    else:
        said.append("before and after are a comparison in time, not a trial: whatever else changed is in it too")
    if one.keep_help_on is not None:
        said.append(f"{100 * one.keep_help_on:.0f} in 100 members keep proactive help on")
    if one.reached_by_decile:
        said.append(
            f"of the quietest tenth of members {100 * one.reached_by_decile[0]:.0f} in 100 got something, of the most active {100 * one.reached_by_decile[-1]:.0f}"
        )
    return said


def compared(one: CommunityFigures) -> list[tuple[str, str, str]]:
    """Return (what, before, after) of figures that were counted in either period."""
    rows = []
    for field, name, factor in COMPARED:
        values = [_figure(period, field, factor) for period in (one.before, one.after)]
        if any(value != "–" for value in values):
            rows.append((name, values[0], values[1]))
    return rows


def of_all(report: Report) -> str:
    """Say what all playbooks together are worth: for a small community, the one thing that can be known."""
    return UNKNOWN if report.source == "history" else f"all playbooks together: {of_lift(report.together)}"


def _figure(period: Period | None, field: str, factor: float) -> str:
    value = getattr(period, field) if period else None
    return "–" if value is None else f"{factor * value:.1f}"


def _span(seconds: float) -> str:
    if seconds < HOUR:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} d"
