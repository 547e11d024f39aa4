"""What is too much: playbooks by hour, what one member gets in a week, repeats, what was waved away at once, and what grew noisier."""

from collections import defaultdict
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from processors.decisions import SAFETY
from streams.console import lookups, pictures
from streams.console.counting import Counted
from streams.console.desk import desk_of, moment, page, taken
from streams.console.doors import shown
from streams.console.sums import DAY, FAULTS, REPEATED, SENT, WAVED, week_begin
from streams.report.community import GROUP_MIN

WINDOWS = (1, 7, 28)
HOURS, TOP = 24, 40


def _noisy(request: Request) -> Response:
    file = desk_of(request).store.reader()
    asked = request.query_params.get("days", "7")
    days = int(asked) if asked in map(str, WINDOWS) else 7
    latest = lookups.latest(file)
    end = (int(latest) // DAY + 1) * DAY  # whole days, with the one that is not over
    rows = noisy(lookups, file, end - days * DAY, end, days)
    counted = desk_of(request).counting.latest()
    later = afterwards(counted)
    for row in rows:
        for name, shares in (("needless", later.needless), ("missed", later.regret)):
            row[name] = round(shares[row["playbook"]], 2) if row["playbook"] in shares else None
    answer = taken(request, rows, "over-triggering")
    if answer:
        return answer
    week = lookups.sends_of_week(file, latest - 1)
    total = sum(members for _, members in week)
    figures = {
        "half": lookups.quantile(week, 0.5), "most": lookups.quantile(week, 0.95), "highest": week[-1][0] if week else 0, "members": total,
    }  # fmt: skip
    heat, top = _heat(lookups.sent_by_hour_of_day(file, end - days * DAY, end))
    return page(
        request, "noisy", rows=rows, days=days, windows=WINDOWS, monday=moment(week_begin(latest - 1))[:10], heat=heat, top=top, week=week, figures=figures, shade=pictures.shade,
        columns=pictures.columns([(str(sends), members) for sends, members in week]), end=latest,
    )  # fmt: skip


def needless(counted: Counted | None) -> dict[str, float]:
    """Return by playbook the share of members left out by a coin who did it anyhow; none of fewer than `GROUP_MIN`."""
    figures = [one for one in counted.report.playbooks if not one.resource] if counted else []
    shares = {one.playbook: one.unaided for one in figures if one.unaided and one.unaided.units >= GROUP_MIN}
    return {playbook: one.estimate for playbook, one in shares.items() if one.estimate is not None}


class Afterwards(msgspec.Struct, frozen=True):
    """What the last count of measures says of groups of at least `GROUP_MIN`: shares by playbook, seconds by trouble."""

    needless: dict[str, float] = {}
    regret: dict[str, float] = {}
    leads: dict[str, float] = {}


def afterwards(counted: Counted | None) -> Afterwards:
    """Return what can be told of over-triggering only when time has passed; nothing before there was a count."""
    if counted is None:
        return Afterwards()
    lost = [one for one in counted.report.outranked if one.over >= GROUP_MIN]
    leads = [one for one in counted.report.leads if one.preceded >= GROUP_MIN]
    return Afterwards(
        needless(counted),
        {one.playbook: one.regret for one in lost if one.regret is not None},
        {one.trouble: one.lead_s for one in leads if one.lead_s is not None},
    )


def noisy(asked: Any, file: Any, since: float, until: float, days: int) -> list[dict[str, Any]]:
    """Return the playbooks that sent between two times, the noisiest first: faults per 1,000 sends, and the change to as long before.

    A fault is a send that was dismissed, snoozed, opted out of, found unhelpful or ill-timed, or came after the answer; repeats (the same theme
    within a week) and what was waved away within ten minutes stand beside.
    """
    now, before = (_counted(asked, file, since - back, until - back) for back in (0, days * DAY))
    rows: list[dict[str, Any]] = []
    for playbook, one in now.items():
        if not one[SENT] or playbook == SAFETY:
            continue
        rate, earlier = _rate(one), _rate(before[playbook]) if playbook in before else None
        rows.append({
            "playbook": playbook, "sends": one[SENT], "faults": one["faults"], "rate": rate, "change": None if earlier is None or rate is None else round(rate - earlier, 1),
            "repeated": one[REPEATED], "waved_away": one[WAVED], "helpful": one["helpful"], **{part: one[part] for part in FAULTS},
        })  # fmt: skip
    return sorted(rows, key=lambda one: (-(one["rate"] or 0), -one["sends"]))[:TOP]


def _counted(asked: Any, file: Any, since: float, until: float) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for playbook, reason, count in asked.by_day(file, since, until):
        if reason == SENT:
            counts[playbook][SENT] += count
    for playbook, part, count in asked.faults(file, since, until):
        counts[playbook][part] += count
        if part in FAULTS:
            counts[playbook]["faults"] += count
    return counts


def _rate(one: dict[str, int]) -> float | None:
    return round(1000 * one["faults"] / one[SENT], 1) if one[SENT] else None


def _heat(rows: list[tuple[str, int, int]]) -> tuple[list[tuple[str, list[int], int]], int]:
    """Return (playbook, sends by hour of the day, all), the busiest first; and the highest single count."""
    grid: dict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
    for playbook, hour, count in rows:
        if playbook != SAFETY:
            grid[playbook][hour] += count
    found = sorted(((name, cells, sum(cells)) for name, cells in grid.items()), key=lambda one: (-one[2], one[0]))[:TOP]
    return found, max((max(cells) for _, cells, _ in found), default=0)


ROUTES = (Route("/noisy", shown(_noisy), methods=["GET"]),)
