"""A plan follows from its unit costs and assumptions, from a village to a hundred million."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.capacity.plan import MEANINGS, Assumptions, UnitCosts, plan

COSTS, ASSUMED = UnitCosts(), Assumptions()


@given(st.integers(1, 10**8), st.floats(0.01, 10**6))
def test_its_workers_carry_the_peak_and_one_may_be_lost(members: int, events_per_s: float) -> None:
    """And each has partitions; the log can be handed on four times."""
    made = plan(members, events_per_s, COSTS, ASSUMED)
    assert made.worker_cores * COSTS.pipeline_per_cpu_s >= events_per_s * ASSUMED.peak
    assert (made.worker_cores - 1) * COSTS.pipeline_per_cpu_s > events_per_s * 0.99
    assert made.partitions >= 4 * made.worker_cores
    assert made.partitions & (made.partitions - 1) == 0


@given(st.integers(1, 10**7), st.floats(0.01, 10**5))
def test_ten_times_as_much_never_needs_less(members: int, events_per_s: float) -> None:
    """Of anything."""
    small, large = (plan(members * by, events_per_s * by, COSTS, ASSUMED) for by in (1, 10))
    for name in ("partitions", "workers", "brokers", "log_gib", "delivery_processes", "cost_per_month"):
        assert getattr(large, name) >= getattr(small, name)


def test_the_sizes_of_the_question() -> None:
    """1 M, 10 M, 100 M members; 1 k to 1 M events a second: the last tells where the design ends."""
    small, middle, large = (
        plan(10**6, 1e3, COSTS, ASSUMED),
        plan(10**7, 1e5, COSTS, ASSUMED),
        plan(10**8, 1e6, COSTS, ASSUMED),
    )
    assert (small.workers, small.partitions) == (2, 8)
    assert [limit.split(" (")[0] for limit in small.limits] == ["the console keeps the newest 10,000,000 decisions"]
    assert plan(10**5, 10.0, COSTS, ASSUMED).limits == []
    assert small.recovery_s == pytest.approx(10**6 / 2 / COSTS.recovery_states_per_s, abs=0.1)
    assert middle.workers == 20
    assert [limit.split(":")[0] for limit in middle.limits[:1]] == ["the log is beyond 100 TiB"]
    assert "no single community may bring more than about 7,500 events a second" in middle.limits[1]
    assert "the last 6 minutes here" in middle.limits[2]
    assert large.workers == 200
    assert large.brokers == 30


def test_each_assumption_is_told_in_words() -> None:
    """None is a name alone."""
    assert set(MEANINGS) == {*UnitCosts.__struct_fields__, *Assumptions.__struct_fields__}


def test_nothing_is_no_deployment() -> None:
    """It says so."""
    with pytest.raises(ValueError, match="above 0"):
        plan(0, 1.0, COSTS, ASSUMED)
