"""A plan follows from its unit costs and assumptions, from a village to a hundred million."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.capacity.plan import Assumptions, UnitCosts, plan

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
    assert (small.workers, small.partitions, small.limits) == (2, 8, [])
    assert small.recovery_s == pytest.approx(10**6 / 2 / COSTS.recovery_states_per_s, abs=0.1)
    assert middle.workers == 20
    assert [limit.split(":")[0] for limit in middle.limits] == ["the log is beyond 100 TiB"]
    assert large.workers == 200
    assert large.brokers == 30


def test_nothing_is_no_deployment() -> None:
    """It says so."""
    with pytest.raises(ValueError, match="above 0"):
        plan(0, 1.0, COSTS, ASSUMED)
