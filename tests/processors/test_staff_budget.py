"""One place hears of all members: what staff is told a day is bounded for the community, not for each member."""

from hypothesis import given
from hypothesis import strategies as st

from processors.member_partition import MemberPartition
from processors.playbooks.resources import Policy
from processors.staff_budget import COMMUNITIES_MAX, DAY, KEPT_MAX, StaffBudget, share
from tests.support.stories import NOON, Story, catalog, event, playbook

TELL = playbook("tell", "post.created", lane="staff", channels=("staff",), expires=3600.0)


def test_a_day_on_which_many_need_somebody_does_not_flood_the_staff() -> None:
    """A hundred members of one community within two hours, and one of another community."""
    story = Story(catalog(TELL, policy=Policy(staff_day=20)))
    for number in range(100):
        story.tell(event("post.created", number, f"m{number}"))
    assert story.reasons == ["sent"] * 20 + ["budget_day"] * 80
    assert story.decisions[-1].needed == "staff_day > 20 in the community"
    story.tell(event("post.created", 24 * 60, "early"))
    assert story.reasons[-1] == "sent"  # the budget rolls: the first message is a day old


def test_each_partition_has_its_part() -> None:
    """Four partitions tell five each."""
    cut = catalog(TELL, policy=Policy(staff_day=20))
    partition = MemberPartition(0, {}, None, lambda _hash: cut, partitions=4)
    partition.activate(cut.hash)
    partition.tick(NOON)
    for number in range(30):
        partition.apply(event("post.created", 1, f"m{number}"))
    assert len(partition.take_outputs().commands) == 5
    again = MemberPartition(0, {}, partition.encode_shared(), lambda _hash: cut, partitions=4)
    again.apply(event("post.created", 2, "later"))
    assert [str(one.reason) for one in again.take_outputs().decisions] == ["budget_day"]  # a restart forgets nothing


def test_what_others_read_in_a_thread_takes_nothing_from_it() -> None:
    """A template in a thread has limits of its own."""
    template = playbook("pause", "channel.joined", lane="staff", channels=("thread",))
    story = Story(catalog(template, TELL, policy=Policy(staff_day=1)))
    for number in range(3):
        story.tell(event("channel.joined", number, f"m{number}", thread="t1"))
    story.tell(event("post.created", 5, "ann"))
    assert [one.channel for one in story.commands] == ["thread", "thread", "thread", "staff"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, DAY)), max_size=80), st.integers(1, 40))
def test_no_order_of_messages_exceeds_it(asked: list[tuple[int, int]], allowed: int) -> None:
    """In any 24 hours and each community."""
    budget, now, went = StaffBudget(), 1_000_000, dict[str, list[int]]()
    for town, gap in asked:
        now += gap
        if budget.taken(str(town), now) < share(allowed, 1):
            budget.take(str(town), now)
            went.setdefault(str(town), []).append(now)
    for times in went.values():
        assert all(sum(1 for one in times if time - DAY < one <= time) <= allowed for time in times)


def test_what_is_remembered_is_bounded() -> None:
    """Times of a community, and communities."""
    budget = StaffBudget()
    for number in range(COMMUNITIES_MAX + 2):
        budget.take(f"c{number}", number)
    for number in range(100):
        budget.take("c9", number)
    assert len(budget.told) == COMMUNITIES_MAX
    assert len(budget.told["c9"]) <= KEPT_MAX
    assert [share(20, partitions) for partitions in (1, 4, 8, 64)] == [20, 5, 3, 1]
