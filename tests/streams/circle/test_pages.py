"""Which records of Circle's lists are new, in whatever order its pages come, and where a reading goes on."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.circle.pages import LATE_S, PER_PAGE, Progress, order, read_page, resumed

T0 = 1767225600.0


def record(number: int, at: float) -> dict[str, Any]:
    """Return a record as the Admin API lists it."""
    return {"id": number, "created_at": datetime.fromtimestamp(at, UTC).isoformat()}


def page(known: list[dict[str, Any]], number: int, size: int) -> dict[str, Any]:
    """Return one page of a list."""
    shown = known[(number - 1) * size : number * size]
    return {
        "page": number,
        "per_page": size,
        "count": len(known),
        "has_next_page": number * size < len(known),
        "records": shown,
    }


def walk(known: list[dict[str, Any]], progress: Progress, size: int) -> tuple[set[int], Progress, int]:
    """Read a list until it is done: the ids that were fresh, where that leads, and how many pages it took."""
    found: set[int] = set()
    for asked in range(1, 200):
        fresh, progress, _ = read_page(progress, page(known, progress.asks, size))
        found |= {one["id"] for one in fresh}
        if not progress.page:
            return found, progress, asked
    raise AssertionError("a reading that does not end")


@given(
    st.lists(st.integers(0, 200_000), max_size=60, unique=True),
    st.integers(0, 200_000),
    st.integers(1, 20),
    st.sampled_from(["newest", "oldest", "any"]),
)
def test_all_that_is_new_is_read_whatever_the_order(ages: list[int], until: int, size: int, how: str) -> None:
    """Newest first and oldest first give all that is new; no order is read whole where the first page shows that there is none."""
    known = [record(age, T0 + age) for age in ages]
    if how != "any":
        known.sort(key=lambda one: one["id"], reverse=how == "newest")
    new = {age for age in ages if age > until}
    found, progress, _ = walk(known, Progress(until=T0 + until), size)
    if how != "any":
        assert new <= found <= {age for age in ages if age > until - LATE_S}
        assert progress.until == T0 + max([until, *ages])
        assert walk(known, progress, size)[0] == set()  # what is met again is not written again
    else:
        assert found <= {age for age in ages if age > until - LATE_S}


def test_no_order_is_read_whole() -> None:
    """A list by names: what is new stands anywhere."""
    known = [record(number, T0 + number * 17 % 40 * 2500) for number in range(40)]
    times = [T0 + number * 17 % 40 * 2500 for number in range(40)]
    assert order(times[:10]) == 0
    found, _, asked = walk(known, Progress(until=T0 + 90_000), 10)
    assert found == {number for number in range(40) if times[number] > T0 + 90_000 - LATE_S}
    assert asked == 4


def test_a_quiet_list_costs_one_page_and_an_old_one_two() -> None:
    """Where nothing is new, newest first is seen on its first page; oldest first needs its last one."""
    known = [record(number, T0 + 1000 * number) for number in range(500)]
    done = Progress(until=T0 + 1000 * 500)
    assert walk(known[::-1], done, PER_PAGE)[2] == 1
    assert walk(known, done, PER_PAGE)[2] == 2


def test_a_reading_cut_short_goes_on_and_misses_nothing() -> None:
    """New records push old ones to later pages; one that was deleted draws them forward: a page earlier finds them."""
    known = [record(number, T0 + 1000 * number) for number in range(50)][::-1]
    first = read_page(Progress(until=T0), page(known, 1, 10))
    second = read_page(first.progress, page(known, 2, 10))
    found = {one["id"] for one in [*first.fresh, *second.fresh]}
    known = [one for one in known if one["id"] not in (45, 38)]  # deleted, of pages that were read
    rest, progress, _ = walk(known, resumed(second.progress), 10)
    assert found | rest >= set(range(1, 50)) - {45, 38}
    assert progress.until == T0 + 49_000


def test_pinned_before_the_newest_changes_no_order() -> None:
    """One or two old posts at the top."""
    known = [record(1, T0 + 1), record(2, T0 + 2), *(record(n, T0 + 1000 * n) for n in range(60, 40, -1))]
    found, _, asked = walk(known, Progress(until=T0 + 55_000), 10)
    assert found >= {56, 57, 58, 59, 60}
    assert asked == 1


def test_what_is_no_page_ends_a_reading_and_loses_nothing() -> None:
    """Records without a time are counted; a body that is none at all gives nothing, and the place stays."""
    place = Progress(until=T0)
    for body in (None, [], {"records": None}, {"records": ["x", {"id": 3}]}, {"has_next_page": True, "records": []}):
        read = read_page(place, body)
        assert (read.fresh, read.progress) == ([], place)
    assert read_page(place, {"records": ["x", {"id": 3}]}).unread == 2
    assert read_page(place, {"count": "many", "per_page": 0, "records": [record(1, T0 + 9)]}).fresh
