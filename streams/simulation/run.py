"""Whether reports tell the truth: many communities, looked at every day, against the effects that were put into them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from typing import NamedTuple

import msgspec

from streams.report.figures import playbook_figures
from streams.report.inference import ALPHA, Fairness, Scores
from streams.report.ledger import Case, draws
from streams.simulation.community import DAY, simulate

NOTHING, NEEDLESS, TIRES = "does-nothing", "needless", "tires"


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


class Result(msgspec.Struct, frozen=True):
    """Over all seeds; every share is 0 to 1. `stated` is the chance of being wrong that the report states.

    `coverage`: of (community, playbook) pairs, those whose interval held the truth at the end of every day. `bias_share`: the mean
    error of the last estimates, as a share of the mean true lift of what helps. `false_win_rate`: of playbooks that do nothing,
    those ever said to help. `*_found` of what was planted, `*_false` of what was not.
    """

    seeds: int
    members: int
    days: int
    units: int
    events: int
    stated: float
    coverage: float
    bias_share: float
    false_win_rate: float
    found_rate: float
    needless_found: float
    needless_false: float
    habituation_found: float
    habituation_false: float
    coin_accused: float


def run(seeds: int, members: int, days: int, on_seed: Callable[[], None] = lambda: None) -> Result:
    """Simulate communities of seeds 0, 1, ... on all cores; the same arguments give the same result."""
    looks: list[Look] = []
    events = 0
    with ProcessPoolExecutor(min(seeds, cpu_count() or 1)) as pool:
        for count, found in pool.map(_community, range(seeds), [members] * seeds, [days] * seeds):
            events += count
            looks += found
            on_seed()
    return summary(looks, seeds=seeds, members=members, days=days, events=events)


def summary(looks: Iterable[Look], *, seeds: int, members: int, days: int, events: int) -> Result:
    """Return the shares of these looks."""
    every = list(looks)
    known = [one for one in every if one.estimate is not None]
    error = _mean((one.estimate or 0.0) - one.truth for one in known)
    size = _mean(one.truth for one in known if one.truth > 0)
    return Result(
        seeds=seeds,
        members=members,
        days=days,
        events=events,
        stated=ALPHA,
        units=sum(one.units for one in every),
        coverage=_mean(one.covered for one in every),
        bias_share=abs(error) / size if size else 0.0,
        false_win_rate=_mean(one.claimed for one in every if one.truth == 0),
        found_rate=_mean(one.claimed for one in every if one.playbook == "helps"),
        needless_found=_mean(one.needless for one in every if one.playbook == NEEDLESS),
        needless_false=_mean(one.needless for one in every if one.playbook != NEEDLESS),
        habituation_found=_mean(one.fades for one in every if one.playbook == TIRES),
        habituation_false=_mean(one.fades for one in every if one.playbook != TIRES),
        coin_accused=_mean(one.accused for one in every),
    )


def _community(seed: int, members: int, days: int) -> tuple[int, list[Look]]:
    made = simulate(seed, members, days)
    by_playbook: dict[str, list[Case]] = {}
    for case in made.ledger.cases():
        by_playbook.setdefault(case.playbook, []).append(case)
    looks = []
    for figures in playbook_figures(made.ledger, made.playbooks):
        if figures.resource:
            continue
        name = figures.playbook
        effects = {
            (member, moment): effect for (playbook, member, moment), effect in made.effects.items() if playbook == name
        }
        once = next(one.holdout > 0 for one in made.playbooks if one.id == name)
        looks.append(
            _look(
                name,
                draws(by_playbook[name], once_for_all=once),
                effects,
                figures.needless,
                fades=figures.habit == "fades",
            )
        )
    return made.events, looks


def _look(name: str, cases: list[Case], effects: dict[tuple[str, int], float], needless: bool, *, fades: bool) -> Look:
    """Go through the days: at the end of each, what would the report have said, and was it true?"""
    scores, coin, true, covered, claimed = Scores(), Fairness(), 0.0, True, False
    for number, case in enumerate(cases):
        scores.add(case.unit())
        coin.add(case.unit())
        true += effects[case.member, case.moment]
        if number + 1 == len(cases) or cases[number + 1].time // DAY > case.time // DAY:
            now = scores.lift()
            covered = covered and now.low <= true / (number + 1) <= now.high
            claimed = claimed or now.says == "helps"
    last = scores.lift()
    return Look(
        name,
        len(cases),
        last.estimate,
        true / len(cases) if cases else 0.0,
        covered,
        claimed,
        not coin.fair(),
        needless,
        fades,
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
