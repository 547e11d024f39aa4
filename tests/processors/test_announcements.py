"""An announcement reaches each member it concerns exactly once, in portions, whatever repeats and restarts there are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors import announcements
from processors.announcements import UNDER_WAY_MAX, Announcer
from processors.decisions import Verdict
from processors.events import Event
from processors.loop import Loop
from processors.member_partition import MemberPartition
from processors.playbooks.catalog import Catalog
from processors.vocabulary import Announcement, Item, Profile, Text, Tick
from tests.support.stories import NOON, catalog, event, playbook

CATALOG = catalog(playbook("news", "feature.announced"))
MEMBERS = [f"m{number:02}" for number in range(25)]


def announced(identifier: str = "f1", **item: object) -> Event:
    """A copy of an announcement, as it lies in the member log."""
    data = Announcement(community="town", kind="feature.announced", item=Item(name="dark mode", **item))  # type: ignore[arg-type]
    return Event(identifier, "announcement", "@0", NOON, data)


def tick(minutes: float, since: float | None = None) -> Event:
    """A tick, or a run of them."""
    return Event(f"t{minutes}", "tick", "@0", NOON + minutes * 60, Tick(since=since))


def opened(
    states: dict[bytes, bytes] | None = None, shared: bytes | None = None, rules: Catalog = CATALOG
) -> MemberPartition:
    """Open a partition."""
    partition = MemberPartition(0, states or {}, shared, lambda _hash: rules)
    if shared is None:
        partition.activate(rules.hash)
    return partition


def peopled(rules: Catalog = CATALOG) -> MemberPartition:
    """A partition with members; each third is interested in ferns."""
    partition = opened(rules=rules)
    partition.apply(tick(0))
    for number, name in enumerate(MEMBERS):
        partition.apply(event("post.created", 0, name, f"p{name}"))
        if number % 3 == 0:
            partition.apply(Event(f"i{name}", "profile.changed", f"town/{name}", NOON, Profile(interests=("ferns",))))
    partition.take_outputs()
    return partition


def told(partition: MemberPartition) -> list[str]:
    """Members whose playbook came to a decision since the last look, in order."""
    return [one.member.partition("/")[2] for one in partition.take_outputs().decisions if one.playbook == "news"]


def test_all_members_are_told_at_the_next_tick_and_once() -> None:
    """Not at once, for another clock than ticks there is not; a repeat of the copy changes nothing."""
    partition = peopled()
    partition.apply(announced())
    partition.apply(announced())
    assert told(partition) == []
    partition.apply(tick(1))
    assert told(partition) == MEMBERS
    partition.apply(announced())
    partition.apply(tick(2))
    assert told(partition) == []


def test_who_came_after_a_look_that_found_nobody_is_told_too() -> None:
    """Where absences are waited for, all members are looked at once, and at first there is none."""
    partition = peopled(catalog(playbook("news", "feature.announced"), playbook("away", f"absence.{3 * 86400}")))
    partition.apply(announced())
    partition.apply(tick(1))
    assert told(partition) == MEMBERS
    partition.apply(event("post.created", 2, "zoe"))
    partition.apply(announced("f2"))
    partition.apply(tick(3))
    assert told(partition) == [*MEMBERS, "zoe"]


def test_only_those_whom_it_concerns() -> None:
    """By interest; a profile that changes while the walk is under way counts as it is when its turn comes."""
    partition = peopled()
    partition.apply(announced(interests=("ferns",)))
    partition.apply(tick(1))
    assert told(partition) == MEMBERS[::3]
    partition.apply(Event("i", "profile.changed", "town/m01", NOON, Profile(interests=("ferns", "moss"))))
    partition.apply(Event("j", "profile.changed", "town/m00", NOON, Profile(interests=())))
    partition.apply(announced("f2", interests=("ferns", "moss")))
    partition.apply(tick(2))
    assert told(partition) == ["m01", *MEMBERS[3::3]]


@given(st.integers(1, 30), st.lists(st.booleans(), min_size=40, max_size=40), st.booleans())
@settings(max_examples=30, deadline=None)
def test_portions_and_restarts_change_nothing(portion: int, cuts: list[bool], restricted: bool) -> None:
    """However many a tick, with a cut and a restore after any tick: everybody once, in the same order."""
    states: dict[bytes, bytes] = {}
    partition, found = peopled(), []
    partition.apply(announced(interests=("ferns",) if restricted else ()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(announcements, "PORTION", portion)
        for minute, cut in enumerate(cuts, start=1):
            partition.apply(tick(minute))
            found += told(partition)
            if cut:
                states.update((key, value) for key, value in partition.take_touched() if value is not None)
                partition = opened(states, partition.encode_shared())
    assert found == (MEMBERS[::3] if restricted else MEMBERS)


def test_a_run_of_ticks_tells_as_single_ticks_do() -> None:
    """A replay's one record for many minutes tells a portion at each."""
    times = []
    for ticks in ([tick(minute) for minute in range(1, 8)], [tick(7, since=NOON)]):
        partition = peopled()
        partition.apply(announced())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(announcements, "PORTION", 10)
            for one in ticks:
                partition.apply(one)
        times.append([(one.member, one.time) for one in partition.take_outputs().decisions])
    assert times[0] == times[1]
    assert len({time for _, time in times[0]}) == 3, "25 members in portions of 10"


def test_too_many_at_once_are_refused_with_a_reason() -> None:
    """The queue is bounded; the copy becomes a dead letter, the others go on."""
    partition = peopled()
    refused = [partition.apply(announced(f"f{number}")) for number in range(UNDER_WAY_MAX + 1)]
    assert refused == [None] * UNDER_WAY_MAX + ["announcements_full"]


def test_the_announcer_copies_once_and_only_announcements() -> None:
    """A producer may repeat; a member's own words are no announcement."""
    announcer = Announcer()
    news = Event("f1", "feature.announced", "town", NOON, Item(name="dark mode"))
    assert [copy.key for copy in announcer.copies(news, 3)] == ["@0", "@1", "@2"]
    assert announcer.copies(news, 3) == []
    with pytest.raises(ValueError, match=r"feature\.announced.*found post\.created"):
        announcer.copies(Event("p", "post.created", "town", NOON, Text(text="hello")), 3)


def test_offline_too() -> None:
    """The plain loop tells the members of a community what is addressed to the community."""
    sent: list[str] = []
    loop = Loop(CATALOG, lambda one: sent.append(one.member) if one.verdict is Verdict.SEND else None, lambda _: None)
    loop.feed(event("post.created", 0, "ann", "p1"))
    loop.feed(Event("f1", "feature.announced", "town", NOON + 60, Item(name="dark mode")))
    loop.advance(NOON + 600)
    assert sent == [event("post.created", 0, "ann", "p1").key]
