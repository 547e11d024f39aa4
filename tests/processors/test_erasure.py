"""A member who is erased: both stages drop what they know, and a restart at any point knows no more and no less."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.community_partition import CommunityPartition
from processors.events import Event
from processors.ids import mark
from processors.member_partition import MemberPartition
from processors.threads import ThreadPost
from processors.vocabulary import Announcement, Erasure, Item, Profile, Tick
from tests.support.stories import NOON, catalog, event, playbook

CATALOG = catalog(
    playbook("a"), playbook("c", "channel.joined", wait=1800.0), playbook("d", "signal.not_started"),
    playbook("news", "feature.announced"),
)  # fmt: skip


def opened(states: dict[bytes, bytes] | None = None, shared: bytes | None = None) -> MemberPartition:
    """Open a partition; a new one starts with the catalog in force."""
    partition = MemberPartition(0, {} if states is None else states, shared, lambda _hash: CATALOG)
    if shared is None:
        partition.activate(CATALOG.hash)
    return partition


def tick(minute: float) -> Event:
    """A tick, minutes after noon."""
    return Event(f"tick/{minute}", "tick", "@0", NOON + minute * 60, Tick())


def erased(member: str, number: int = 0) -> Event:
    """The wish to be forgotten."""
    return Event(f"erase/{member}/{number}", "member.erased", f"town/{member}", NOON + number * 60, Erasure())


def cut(partition: MemberPartition, states: dict[bytes, bytes]) -> None:
    """Store what was touched, delete what is gone."""
    for key, value in partition.take_touched():
        if value is None:
            states.pop(key, None)
        else:
            states[key] = value


def test_an_erased_member_has_no_state_and_no_timer() -> None:
    """Neither before the cut that deletes it nor after; the community stage is told."""
    partition, states = opened(), dict[bytes, bytes]()
    partition.apply(tick(0))
    for one in (event("community.joined", 0, "ann"), event("channel.joined", 0, "ann"), event("post.read", 0, "bob")):
        partition.apply(one)
    cut(partition, states)
    assert set(states) == {b"town/ann", b"town/bob"}
    partition.apply(erased("ann"))
    assert [(one.kind, one.member) for one in partition.take_outputs().threads][-1] == ("erased", "town/ann")
    partition.apply(tick(60 * 24 * 30))
    assert [one.member for one in partition.take_outputs().decisions if one.member == "town/ann"] == []
    cut(partition, states)
    assert set(states) == {b"town/bob"}


def test_who_comes_back_begins_anew() -> None:
    """A state from before would say that something was sent."""
    partition, states = opened(), dict[bytes, bytes]()
    partition.apply(tick(0))
    verdicts = []
    for number in range(2):
        partition.apply(event("post.created", 0, "ann", f"p{number}"))
        verdicts += [one.verdict for one in partition.take_outputs().decisions]
        partition.apply(erased("ann", number))
    assert verdicts == ["send", "send"]
    cut(partition, states)
    assert states == {}


LOG = st.lists(
    st.tuples(
        st.sampled_from(("post.created", "channel.joined", "profile", "erase", "announce", "tick", "cut", "cut")),
        st.sampled_from("abc"),
        st.integers(1, 3000),
    ),
    max_size=40,
)


def folded(log: list[tuple[str, str, int]], *, restarts: bool) -> tuple[list[object], dict[bytes, bytes]]:
    """Fold a log with cuts, and after each cut a restart or none."""
    states: dict[bytes, bytes] = {}
    partition, minute, conclusions = opened(states), 0, []  # as in a worker: what a cut has closed is what is stored
    for number, (kind, member, gap) in enumerate(log):
        if kind == "cut":
            cut(partition, states)
            if restarts:
                out = partition.take_outputs()
                conclusions += [*out.decisions, *out.threads]
                partition = opened(states, partition.encode_shared())
            continue
        minute += gap
        partition.apply(tick(minute))
        if kind == "erase":
            partition.apply(erased(member, number))
        elif kind == "announce":
            wanted = ("ferns",) if gap % 2 else ()
            data = Announcement(
                community="town", kind="feature.announced", item=Item(name="dark mode", interests=wanted)
            )
            partition.apply(Event(f"f{number}", "announcement", "@0", NOON + minute * 60, data))
        elif kind == "profile":
            profile = Profile(interests=("ferns",) if gap % 3 else ("moss",))
            partition.apply(Event(f"i{number}", "profile.changed", f"town/{member}", NOON + minute * 60, profile))
        elif kind != "tick":
            partition.apply(event(kind, minute / 60, member, f"e{number}"))
    partition.apply(tick(minute + 60 * 24 * 40))
    cut(partition, states)
    out = partition.take_outputs()
    return [*conclusions, *out.decisions, *out.threads], states


@settings(max_examples=150, deadline=None)
@given(LOG)
def test_a_restart_after_an_erasure_changes_nothing(log: list[tuple[str, str, int]]) -> None:
    """No ghost in the indexes of the one that ran on, no old state in the one that restarted."""

    def order(found: tuple[list[object], dict[bytes, bytes]]) -> tuple[list[bytes], dict[bytes, bytes]]:
        return sorted(msgspec.json.encode(one) for one in found[0]), found[1]

    assert order(folded(log, restarts=True)) == order(folded(log, restarts=False))


def said(number: int, member: str, **fields: object) -> ThreadPost:
    """Words of a member in the community stage."""
    plain = {"channel": "help", "thread": f"t{number}", "text": "How do I mount the frobnicator partition under gentoo?",
             "time": NOON + number * 60, "question": True}  # fmt: skip
    return ThreadPost(f"p{number}", fields.pop("kind", "post"), f"town/{member}", **plain | fields)  # type: ignore[arg-type]


POSTS = [
    said(1, "ann"), said(2, "bob"), said(3, "ann", thread=""),
    said(4, "ann", thread="hot", question=False, heat=2, to="town/bob"),
    said(5, "bob", thread="hot", question=False, heat=2, to="town/ann"), said(6, "ann", kind="flagged", thread="hot", to="town/bob"),
    said(7, "ann", kind="explained", question=False), said(8, "ann", kind="stuck", about="start/profile"),
    said(11, "ann", peer=True, title="A title", thread="titled"), said(12, "bob", title="A title", thread="titled"),
    said(9, "bob", thread="", question=True), said(10, "bob", thread="", text="ann: try another kernel", question=False),
]  # fmt: skip


@pytest.mark.parametrize("restart", [False, True])
def test_the_community_stage_keeps_no_byte_of_an_erased_member(restart: bool) -> None:
    """Questions, clusters, explanations, speakers, heat, flags and troubles; what others did stays."""
    partition, states = CommunityPartition(0, {}, None, 1), dict[bytes, bytes]()
    for post in POSTS:
        partition.apply(post)
    states |= {key: value for key, value in partition.take_touched() if value is not None}
    assert any(mark("town/ann") in value for value in states.values())
    assert sum(b"ann" in key + value for key, value in states.items()) >= 6
    if restart:
        partition = CommunityPartition(0, states, partition.encode_shared(), 1)
    partition.apply(ThreadPost("e1", "erased", "town/ann", time=NOON + 900))
    for key, value in partition.take_touched():
        if value is None:
            states.pop(key, None)
        else:
            states[key] = value
    assert [key for key, value in states.items() if b"ann" in key + value or mark("town/ann") in value] == []
    assert any(b"town/bob" in value for value in states.values())
