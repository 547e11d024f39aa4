"""Whether reports tell the truth: many communities, looked at every day, against the effects that were put into them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import NamedTuple

import msgspec

from streams.report.figures import all_draws, playbook_figures
from streams.report.inference import ALPHA, Fairness, Scores
from streams.report.ledger import Case, draws
from streams.simulation.community import DAY, simulate

NOTHING, NEEDLESS, TIRES = "does-nothing", "needless", "tires"
TOGETHER = ""  # all playbooks of a community


class Look(NamedTuple):
    """One playbook of one community, after all its days."""

    playbook: str
    units: int
    estimate: float | None
    truth: float
    covered: bool  # at the end of every day
    claimed: bool  # "helps", at the end of any day
    accused: bool  # the coin was called unfair
    needless: bool
    fades: bool
    held_out: bool = False


class Result(msgspec.Struct, frozen=True):
    """Over all seeds; every share is 0 to 1. `stated` is the chance of being wrong that the report states.

    `coverage`: of (community, playbook) pairs, those whose interval held the truth at the end of every day. `bias_share`: the mean
    error of the last estimates, as a share of the mean true lift of what helps. `false_win_rate`: of playbooks that do nothing,
    those ever said to help. `together_coverage`: the same as coverage for all playbooks of a community together; none of these is in
    the shares above. `*_found` of what was planted, `*_false` of what was not; `found_held_out` of what helps under a holdout.
    """

    first: int
    seeds: int
    members: int
    days: int
    units: int
    events: int
    stated: float
    coverage: float
    together_coverage: float
    bias_share: float
    false_win_rate: float
    found_rate: float
    found_held_out: float
    needless_found: float
    needless_false: float
    habituation_found: float
    habituation_false: float
    coin_accused: float


def run(seeds: int, members: int, days: int, on_seed: Callable[[], None] = lambda: None, first: int = 0) -> Result:
    """Simulate communities of seeds `first`, `first` + 1, ... on all cores; the same arguments give the same result."""
    looks: list[Look] = []
    events = 0
    # Forked from a process of one thread: threads that a fork leaves behind may hold what it needs. From 3.14 on the default.
    with ProcessPoolExecutor(min(seeds, cpu_count() or 1), get_context("forkserver")) as pool:
        for count, found in pool.map(_community, range(first, first + seeds), [members] * seeds, [days] * seeds):
            events += count
            looks += found
            on_seed()
    return summary(looks, first=first, seeds=seeds, members=members, days=days, events=events)


def summary(looks: Iterable[Look], *, seeds: int, members: int, days: int, events: int, first: int = 0) -> Result:
    """Return the shares of these looks."""
    taken = list(looks)
    every = [one for one in taken if one.playbook != TOGETHER]
    known = [one for one in every if one.estimate is not None]
    error = _mean((one.estimate or 0.0) - one.truth for one in known)
    size = _mean(one.truth for one in known if one.truth > 0)
    helps = [one for one in every if one.playbook == "helps"]
    return Result(
        first=first,
        seeds=seeds,
        members=members,
        days=days,
        events=events,
        stated=ALPHA,
        units=sum(one.units for one in every),
        coverage=_mean(one.covered for one in every),
        together_coverage=_mean(one.covered for one in taken if one.playbook == TOGETHER),
        bias_share=abs(error) / size if size else 0.0,
        false_win_rate=_mean(one.claimed for one in every if one.truth == 0),
        found_rate=_mean(one.claimed for one in helps if not one.held_out),
        found_held_out=_mean(one.claimed for one in helps if one.held_out),
        needless_found=_mean(one.needless for one in every if one.playbook == NEEDLESS),
        needless_false=_mean(one.needless for one in every if one.playbook != NEEDLESS),
        habituation_found=_mean(one.fades for one in every if one.playbook == TIRES),
        habituation_false=_mean(one.fades for one in every if one.playbook != TIRES),
        coin_accused=_mean(one.accused for one in every),
    )


def _community(seed: int, members: int, days: int) -> tuple[int, list[Look]]:
    made = simulate(seed, members, days)
    specs, cases = {one.id: one for one in made.playbooks}, made.ledger.cases()
    looks = [_look(TOGETHER, all_draws(cases, made.playbooks), made.effects)]
    for figures in playbook_figures(made.ledger, made.playbooks):
        name = figures.playbook
        if figures.resource:
            continue
        once = specs[name].holdout > 0
        drawn = draws((case for case in cases if case.playbook == name), once_for_all=once)
        look = _look(name, drawn, made.effects)
        looks.append(look._replace(needless=figures.needless, fades=figures.habit == "fades", held_out=once))
    return made.events, looks


def _look(name: str, cases: list[Case], effects: dict[tuple[str, str, int], float]) -> Look:
    """Go through the days: at the end of each, what would the report have said, and was it true?

    What a report counts on a day is what was over by then (`draws`), so each day's is the beginning of the last one's.
    """
    scores, coin, true, covered, claimed = Scores(), Fairness(), 0.0, True, False
    for number, case in enumerate(cases):
        scores.add(case.unit())
        coin.add(case.unit())
        true += effects[case.playbook, case.member, case.moment]
        if number + 1 == len(cases) or cases[number + 1].closes // DAY > case.closes // DAY:
            now = scores.lift()
            covered = covered and now.low <= true / (number + 1) <= now.high
            claimed = claimed or now.says == "helps"
    last = scores.lift()
    truth = true / len(cases) if cases else 0.0
    return Look(
        name, len(cases), last.estimate, truth, covered, claimed, not coin.fair(), needless=False, fades=False
    )  # fmt: skip


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
