"""Operators' orders: the latest of a key stands, for its time, and stops what it names."""

from hypothesis import given
from hypothesis import strategies as st

from processors.decisions import Reason
from processors.orders import FOREVER, Order, StandingOrders
from processors.playbooks.resources import Silence
from tests.support.commands import command

NAMES = st.sampled_from(["*", "a", "b"])
ORDERS = st.builds(
    Order, kind=st.sampled_from(["kill_switch", "silence"]), on=st.booleans(), author=st.just("op"), reason=st.just("test"),
    at=st.integers(0, 9).map(float), until=st.sampled_from([0.0, 5.0, 50.0]), community=NAMES, playbook=NAMES, theme=NAMES,
)  # fmt: skip


def standing(*orders: Order) -> StandingOrders:
    """These orders, taken in their order."""
    taken = StandingOrders()
    for one in orders:
        taken.take(one)
    return taken


@given(st.lists(ORDERS, max_size=12, unique_by=lambda one: (one.key, one.at)), st.randoms(use_true_random=False))
def test_the_latest_of_each_key_stands_in_whatever_order_they_come(orders: list[Order], dice: st.DataObject) -> None:
    """Also when old records are sent again."""
    mixed = [*orders, *orders]
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    now = 10.0
    latest = {
        key: max((one for one in orders if one.key == key), key=lambda one: one.at) for key in {o.key for o in orders}
    }
    expected = {one.key for one in latest.values() if one.on and (not one.until or one.until > now)}
    assert {one.key for one in standing(*mixed).standing(now)} == expected


@given(st.lists(ORDERS, max_size=8), NAMES, NAMES, NAMES)
def test_what_stops_deliveries_is_what_the_arbiter_is_told(
    orders: list[Order], community: str, playbook: str, theme: str
) -> None:
    """One meaning on both ways."""
    taken, sent = standing(*orders), command(community=community, playbook=playbook, theme=theme)
    matching = [one for one in taken.silences(10.0) if one.matches(community, playbook, theme)]
    reason = taken.stops(sent, 10.0)
    assert (reason is not None) == bool(matching)
    if matching:
        kill = any(one.kind == "kill_switch" for one in matching)
        assert reason == (Reason.KILL_SWITCH if kill else Reason.SILENCED)


def test_an_order_without_an_end_has_a_far_one_in_a_bundle() -> None:
    """A bundle's silences have an end each."""
    order = Order(kind="silence", on=True, author="op", reason="too much", at=1.0, playbook="a")
    assert standing(order).silences(2.0) == (Silence(FOREVER, "op", playbook="a"),)


def test_a_rollback_stops_what_was_given_before_and_nothing_after() -> None:
    """Of its playbook, the steps of a sequence too; the arbiter is told nothing of it."""
    back = Order(kind="rollback", on=True, author="op", reason="test", at=100.0, until=1000.0, playbook="course")
    taken = standing(back)
    for name, at, stopped in (
        ("course", 99.0, True),
        ("course:two", 100.0, True),
        ("course", 101.0, False),
        ("other", 99.0, False),
    ):
        found = taken.stops(command(playbook=name, not_before=at), 200.0)
        assert found == (Reason.RECALLED if stopped else None)
    assert taken.stops(command(playbook="course", not_before=99.0), 1001.0) is None
    assert taken.silences(200.0) == ()
