"""The interval of a lift covers the truth at every look, and says no more than it knows."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.report.inference import UNITS_MIN, Fairness, Scores, Unit, boundary, draws_needed, lift, pooled, share


def drawn(seed: int, count: int, p: float, without: float, with_help: float) -> list[Unit]:
    """Units of an honest coin."""
    dice = random.Random(seed)
    units = []
    for _ in range(count):
        helped = dice.random() < p
        units.append(Unit(helped, p, dice.random() < (with_help if helped else without)))
    return units


@pytest.mark.parametrize("p", [0.5, 0.9])
def test_it_covers_the_truth_at_every_look(p: float) -> None:
    """300 experiments, looked at after each unit: the share ever wrong is at most 5 %, and the truth is zero."""
    wrong = 0
    for seed in range(300):
        scores = Scores()
        ever = False
        for number, unit in enumerate(drawn(seed, 400, p, 0.3, 0.3)):
            scores.add(unit)
            if number % 10 == 0:
                found = scores.lift()
                ever = ever or not found.low <= 0.0 <= found.high
        wrong += ever
    assert wrong <= 15


def test_it_finds_what_is_there() -> None:
    """A lift of 0.3 is found within some hundred units, and the estimate is near it."""
    found = [lift(drawn(seed, 600, 0.5, 0.2, 0.5)) for seed in range(40)]
    assert sum(one.says == "helps" for one in found) >= 38
    estimates = [one.estimate for one in found if one.estimate is not None]
    assert sum(estimates) / len(estimates) == pytest.approx(0.3, abs=0.02)
    assert lift(drawn(1, 600, 0.5, 0.5, 0.2)).says == "harms"


def test_it_covers_the_mean_effect_where_effects_change_with_time() -> None:
    """Help that helps at first and then no more: the interval is about the mean of the units so far."""
    wrong = 0
    for seed in range(200):
        dice, scores, truth, ever = random.Random(seed), Scores(), 0.0, False
        for number in range(300):
            effect = 0.5 if number < 60 else 0.0
            helped = dice.random() < 0.5
            scores.add(Unit(helped, 0.5, dice.random() < 0.2 + effect * helped))
            truth += effect
            found = scores.lift()
            ever = ever or not found.low <= truth / (number + 1) <= found.high
        wrong += ever
    assert wrong <= 10


def test_a_later_rarer_coin_spends_the_error_anew() -> None:
    """The interval is for one range of scores: where it grows after something was told, the new one may not spend the error again."""
    many, rare = drawn(1, 1500, 0.5, 0.3, 0.3), drawn(1, 10, 0.9, 0.3, 0.3)
    told, spent = [], (0.9 * 0.05, 0.1 * 0.05 / 2)
    for units, error in (([*rare, *many], spent[0]), ([*many, *rare], spent[1])):
        scores = Scores()
        for unit in units:
            scores.add(unit)
        found = scores.lift()
        told.append((found.high - found.low) / 2)
        assert told[-1] == pytest.approx(boundary(scores._variance, error / 2, 20.0) / found.units)
    assert told[0] < told[1] < 0.35


@pytest.mark.parametrize(("p", "difference"), [(0.5, 0.3), (0.8, 0.4)])
def test_the_draws_said_to_be_needed_are_about_enough(p: float, difference: float) -> None:
    """With so many, about half of the experiments see a lift of that size; with three times as many, all."""
    needed = draws_needed(difference, [p])
    for times, least, most in ((1, 8, 37), (3, 39, 40)):
        seen = [lift(drawn(seed, times * needed, p, 0.5 - difference / 2, 0.5 + difference / 2)) for seed in range(40)]
        assert least <= sum(one.says == "helps" for one in seen) <= most


def test_few_units_are_not_enough() -> None:
    """However clear they look; and so are many that were all helped."""
    few = [Unit(number % 2 == 0, 0.5, number % 2 == 0) for number in range(UNITS_MIN - 1)]
    assert (lift(few).says, lift(few).estimate, lift(few).low, lift(few).high) == ("not enough data", None, -1.0, 1.0)
    assert lift([Unit(helped=True, probability=0.5, reached=True)] * 100).says == "not enough data"


def test_a_coin_that_is_not_what_it_says_is_found() -> None:
    """A share of 0.6 where 0.5 was said, within some hundred draws; a fair coin passes."""
    dice = random.Random(5)
    unfair, fair = Fairness(), Fairness()
    for _ in range(1500):
        unfair.add(Unit(dice.random() < 0.6, 0.5, reached=False))
        fair.add(Unit(dice.random() < 0.5, 0.5, reached=False))
    assert (unfair.fair(), fair.fair()) == (False, True)


def test_a_fair_coin_is_seldom_accused() -> None:
    """400 coins of 0.9, looked at after each draw."""
    accused = 0
    for seed in range(400):
        test = Fairness()
        for unit in drawn(seed, 300, 0.9, 0.5, 0.5):
            test.add(unit)
        accused += not test.fair()
    assert accused <= 3


@given(st.lists(st.tuples(st.booleans(), st.floats(0.05, 0.95), st.booleans()), max_size=60))
def test_it_is_an_interval_around_its_estimate(draws: list[tuple[bool, float, bool]]) -> None:
    """Whatever the units, within -1 to 1."""
    found = lift(Unit(*one) for one in draws)
    assert -1.0 <= found.low <= found.high <= 1.0
    if found.estimate is not None and abs(found.estimate) <= 1:
        assert found.low <= found.estimate <= found.high


def test_the_boundary_grows_slower_than_its_variance() -> None:
    """So that an interval becomes narrower; and a smaller chance asks for a wider one."""
    widths = [boundary(variance, 0.025, 4.0) / variance for variance in (10.0, 100.0, 1e3, 1e4)]
    assert all(before > after for before, after in pairwise(widths))
    assert boundary(100.0, 0.001, 4.0) > boundary(100.0, 0.05, 4.0)


def test_playbooks_together_say_more_than_each_alone() -> None:
    """In the order of time, so that it is one sequence."""
    parts = [drawn(seed, 60, 0.5, 0.1, 0.6) for seed in range(5)]
    alone = [lift(part) for part in parts]
    together = pooled((number, unit) for part in parts for number, unit in enumerate(part))
    assert all(one.high - one.low > together.high - together.low for one in alone)
    assert together.units == 300


def test_a_probability_of_one_is_no_coin() -> None:
    """Nothing can be learned from it, and it would divide by zero."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        lift([Unit(helped=True, probability=1.0, reached=True)])


def test_a_share_covers_the_truth_at_every_look() -> None:
    """200 experiments of 0.8, looked at every 20 units."""
    wrong = 0
    for seed in range(200):
        dice = random.Random(seed)
        ys = [dice.random() < 0.8 for _ in range(200)]
        found = [share(ys[:end]) for end in range(20, 201, 20)]
        wrong += any(not one.low <= 0.8 <= one.high for one in found)
    assert wrong <= 10
    assert share([]) == (0, None, 0.0, 1.0)
