"""Simulated communities: the same for the same seed, and reports that are held against what was put into them."""

import pytest

from streams.report.figures import all_draws
from streams.report.ledger import Ledger, draws
from streams.simulation.community import BEGINS, DAY, Need, simulate
from streams.simulation.run import TOGETHER, Look, run, summary


def test_a_community_is_the_same_for_its_seed_and_its_draws_are_those_of_the_core() -> None:
    """Goals follow the chance that was put in, with help and without."""
    need = Need("helps", "draft.abandoned", "post.created", 0.2, 0.7)
    made, again = (simulate(5, members=200, days=60, needs=(need,)) for _ in range(2))
    cases = made.ledger.cases()
    assert cases == again.ledger.cases()
    reached = {
        helped: [case.reached_after is not None for case in cases if case.helped is helped] for helped in (True, False)
    }
    assert min(map(len, reached.values())) > 150
    assert sum(reached[True]) / len(reached[True]) == pytest.approx(0.7, abs=0.08)
    assert sum(reached[False]) / len(reached[False]) == pytest.approx(0.2, abs=0.08)
    assert {round(made.effects[case.playbook, case.member, case.moment], 9) for case in cases if case.drawn} == {0.5}
    assert len(draws(cases, once_for_all=True)) <= 200


def test_what_is_looked_at_each_day_is_what_a_report_of_that_day_says() -> None:
    """The draws that a report counts on a day are the first ones of those that the last report counts: reached or not, none comes early."""
    made = simulate(7, members=60, days=30)
    last = all_draws(made.ledger.cases(), made.playbooks)
    for day in (5, 10, 20, 31):
        then = BEGINS + day * DAY + 3600
        cut = Ledger(made.playbooks)
        cut._drawn = [one for one in made.ledger._drawn if one.time <= then]
        cut._done = {what: [time for time in times if time <= then] for what, times in made.ledger._done.items()}
        cut.ends = then
        drawn = all_draws(cut.cases(), made.playbooks)
        assert len(drawn) > 10
        assert [case.unit() for case in drawn] == [case.unit() for case in last[: len(drawn)]]


def test_reports_tell_the_truth_about_a_few_communities() -> None:
    """Few and small, for time; `lotse simulate` has two hundred. Intervals cover, and nothing that does nothing wins."""
    result = run(6, members=100, days=40)
    assert result.coverage >= 0.95
    assert result.false_win_rate <= 0.05
    assert result.together_coverage >= 0.95
    assert result.coin_accused == 0.0
    assert result == run(6, members=100, days=40)
    assert run(1, members=20, days=10) != run(1, members=20, days=10, first=1)


def test_an_untruth_would_be_seen() -> None:
    """The shares say what the looks say."""
    looks = [
        Look("helps", 100, 0.5, 0.25, covered=False, claimed=True, accused=False, needless=False, fades=False),
        Look(TOGETHER, 200, 0.4, 0.1, covered=False, claimed=False, accused=False, needless=False, fades=False),
        Look("does-nothing", 100, 0.25, 0.0, covered=True, claimed=True, accused=True, needless=True, fades=True),
    ]
    result = summary(looks, seeds=1, members=10, days=10, events=5)
    assert result.together_coverage == 0.0
    assert (result.coverage, result.bias_share, result.false_win_rate, result.found_rate) == (0.5, 1.0, 1.0, 1.0)
    assert (result.needless_false, result.habituation_false, result.coin_accused) == (0.5, 0.5, 0.5)
