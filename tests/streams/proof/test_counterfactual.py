"""Another number of the policy: the real core decides again, and what cannot be known is not told."""

import msgspec
import pytest

from processors.decisions import Decision, Reason, Verdict
from processors.events import Event
from processors.member_partition import MemberPartition
from processors.playbooks.resources import Policy
from processors.vocabulary import VOCABULARY, Tick
from streams.errors import UserError
from streams.proof.counterfactual import TRIED, Log, compared, key_of, tried
from tests.support.stories import DAY, NOON, catalog, event, playbook, resource

POLICY = Policy(quiet_from=0, quiet_to=0, budget_day=1, budget_week=3, budget_week_new=3)
CATALOG = catalog(
    playbook("ask", "question.asked"), playbook("look", "search.performed", resource="other", theme="x"),
    policy=POLICY, resources=(resource(), resource("other")),
)  # fmt: skip


def log(member: str = "ann") -> Log:
    """Ann asks, and an hour later searches: the second of that day is one too many; ben is there too."""
    activated = Event("a", "catalog.activated", "@0", NOON, VOCABULARY["catalog.activated"](hash=CATALOG.hash))
    events = [
        activated, tick(0), event("community.joined", 0, member), event("question.asked", 1, member, text="How do I print labels?"),
        event("post.read", 2, "ben"), tick(60), event("search.performed", 61, member, query="labels"), tick(120),
    ]  # fmt: skip
    return Log(f"town/{member}", 0, events, whole=True)


def tick(minute: float) -> Event:
    """A tick of the partition."""
    return Event(f"tick/{minute}", "tick", "@0", NOON + minute * 60, Tick())


def recorded(one: Log) -> list[Decision]:
    """What the core decides about the member."""
    part = MemberPartition(0, {}, None, lambda _hash: CATALOG)
    for happened in one.events:
        if happened.key in (one.member, "@0"):
            part.apply(happened)
    return part.take_outputs().decisions


def test_a_larger_budget_would_have_let_it_go() -> None:
    """And all that was recorded comes out the same where nothing is changed."""
    story = recorded(log())
    (held,) = [one for one in story if one.reason is Reason.BUDGET_DAY]
    found = compared(log(), story, lambda _hash: CATALOG, "budget_day", 2)
    assert found.same == {one.id for one in story}
    assert found.then[key_of(held)].verdict is Verdict.SEND
    ((before, after),) = found.changes()
    assert before
    assert after
    assert (before.reason, after.reason) == (Reason.BUDGET_DAY, Reason.SENT)
    assert CATALOG.policy("town") is POLICY, "the policy in force is as it was"


def test_a_smaller_one_would_have_let_nothing_go() -> None:
    """The first send falls to it too."""
    story = recorded(log())
    found = compared(log(), story, lambda _hash: CATALOG, "budget_day", 0)
    assert {one.verdict for one in found.then.values()} == {Verdict.DROP}
    assert len(found.changes()) == 1


def test_what_does_not_come_out_again_is_not_known() -> None:
    """A decision that hangs on what is not in the log, or on what was cut off."""
    story = recorded(log())
    other = Decision(
        "f" * 32, "town/ann", NOON + 70, Verdict.DROP, Reason.VOLUME_CONTROLLED, playbook="ask", lane="proactive"
    )
    found = compared(log()._replace(whole=False), [*story, other], lambda _hash: CATALOG, "budget_day", 2)
    assert other.id not in found.same
    assert (len(found.same), found.recorded, found.whole) == (len(story), len(story) + 1, False)


def test_help_in_distress_is_left_out() -> None:
    """Of a bare decision nothing is tried, nor counted as known."""
    bare = Decision("e" * 32, "town/ann", NOON, Verdict.SEND, Reason.SENT, lane="safety")
    assert compared(log(), [bare], lambda _hash: CATALOG, "budget_day", 2).recorded == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("safety_week", 2, "expected one of"), ("budget_week", 2.5, "whole number"), ("budget_week", 21, "0 to 20"), ("quiet_to", -1, "0 to 23"),
     ("cooldown_theme", float("nan"), "days"), ("salt", 1, "expected one of"), ("", 1, "number")],
)  # fmt: skip
def test_what_may_not_be_tried_is_said(field: str, value: float, said: str) -> None:
    """Nothing of the safety lane, no fractions of messages, no number out of reach."""
    with pytest.raises(UserError, match=said):
        tried(field, value)


def test_every_number_that_may_be_tried_is_one_of_the_policy() -> None:
    """Days are given as days, and are seconds in the policy."""
    for field, (unit, _) in TRIED.items():
        assert isinstance(getattr(Policy(), field), int | float)
        assert tried(field, 2) == 2 * unit
    assert tried("cooldown_theme", 0.5) == DAY / 2


def test_two_of_one_moment_may_change_places() -> None:
    """Their ids count the member's decisions; what became of each occasion is the same all the same."""
    story = recorded(log())
    swapped = [msgspec.structs.replace(one, id=f"{number:032}") for number, one in enumerate(story)]
    assert len(compared(log(), swapped, lambda _hash: CATALOG, "budget_day", 2).same) == len(story)
    late = [msgspec.structs.replace(one, time=one.time + 3600) for one in story]
    assert compared(log(), late, lambda _hash: CATALOG, "budget_day", 2).same == frozenset()
