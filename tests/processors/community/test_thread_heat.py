"""Heat in threads: what acts, what is only a forecast, for whom, and within which bounds."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.community import thread_heat
from processors.community.thread_heat import PLACES_MAX, REMEMBERED, REST, Place, ThreadHeat
from processors.community_partition import CommunityPartition
from processors.signals import Signal
from processors.threads import ThreadPost

AT = 1_767_614_400.0


def post(
    minute: float, member: str, heat: int = 2, kind: str = "post", to: str = "", about: str = "", thread: str = "t"
) -> ThreadPost:
    """Something in a thread, some minutes after noon."""
    return ThreadPost(
        id=f"{kind}/{member}/{minute}/{about}", kind=kind, member=f"town/{member}", thread=thread, time=AT + 60 * minute,  # type: ignore[arg-type]
        heat=heat, to=f"town/{to}" if to else "", about=about,
    )  # fmt: skip


def told(*posts: ThreadPost) -> list[tuple[str, str]]:
    """Who is told what kind of thing."""
    heat = ThreadHeat([])
    return [(key, signal.kind) for one in posts for key, signal in heat.fold(one)]


def test_two_sides_that_keep_at_it_are_heated() -> None:
    """Staff is told through the place; each side is told alike."""
    found = told(post(0, "ann"), post(1, "ben"), post(2, "ann"), post(3, "ben"))
    assert found == [("town/#t", "heated"), ("town/ann", "quarrelled"), ("town/ben", "quarrelled")]


@pytest.mark.parametrize(
    "posts",
    [
        [post(minute, "ann") for minute in range(12)],  # one side alone: a forecast at most
        [post(0, "ann"), post(1, "ben"), post(2, "cleo"), post(3, "dan")],  # nobody keeps at it
        [post(0, "ann"), post(0, "ben"), post(2000, "ann"), post(2000, "ben")],  # days apart
        [post(0, "ann"), post(1, "ben", kind="flagged", to="ann", heat=0)],  # one flag on one post: no quarrel
        [post(0, "ann", kind="flagged", to="ann", heat=0), post(1, "ann"), post(2, "ann")],  # a flag on one's own words
        [post(0, "mod", kind="explained", heat=0)],  # an explanation in a calm thread
    ],
)  # fmt: skip
def test_what_is_only_a_forecast_tells_nobody(posts: list[ThreadPost]) -> None:
    """Words alone, however many, do not act."""
    assert told(*posts) == []


def test_flags_by_one_member_are_one() -> None:
    """Ten flags by one do not make a heated place; a second reporter does, and the flagged side is told."""
    mob = [post(minute, "ben", kind="flagged", to="ann", about="p", heat=0) for minute in range(10)]
    assert told(*mob) == []
    assert told(*mob, post(11, "cleo", kind="flagged", to="ann", about="p", heat=0)) == [("town/#t", "heated")]
    sharp = told(post(0, "ann"), post(1, "ann"), post(2, "ben", kind="flagged", to="ann", heat=0))
    assert sharp == [("town/#t", "heated"), ("town/ann", "quarrelled")]


def test_a_moderators_step_explains_to_author_and_target() -> None:
    """The one aimed at is known by the sharp post; a flag alone tells the author nothing."""
    attack = post(0, "ann", to="ben", about="p")
    assert told(attack, post(1, "cleo", kind="flagged", to="ann", about="p", heat=0)) == []
    step = post(2, "mod", kind="moderated", to="ann", about="p", heat=0)
    assert told(attack, step)[:2] == [("town/ann", "moderated"), ("town/ben", "targeted")]
    assert told(step) == [("town/ann", "moderated")]


def test_a_heated_place_rests() -> None:
    """Once told, a quarrel that goes on is told again only after the rest."""
    quarrel = [post(minute, ("ann", "ben")[minute % 2]) for minute in range(40)]
    assert [kind for _, kind in told(*quarrel)].count("heated") == 1
    again = [post(REST / 60 + minute, ("ann", "ben")[minute % 2]) for minute in range(10)]
    assert [kind for _, kind in told(*quarrel, *again)].count("heated") == 2


def test_calm_words_change_nothing() -> None:
    """Nothing is remembered, nothing is to be stored."""
    heat = ThreadHeat([])
    assert heat.fold(post(0, "ann", heat=0)) == []
    assert heat.touched == {}


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places, and what is remembered of each; the one longest quiet gives way and is taken out of the store."""
    monkeypatch.setattr(thread_heat, "PLACES_MAX", 5)
    heat = ThreadHeat([])
    for number in range(9):
        heat.fold(post(number, "ann", thread=f"t{number}"))
    assert [name for name, place in heat.touched.items() if place is None] == ["t0", "t1", "t2", "t3"]
    for minute in range(3 * REMEMBERED):
        heat.fold(post(10 + minute, "ann", thread="t8"))
    place = heat.touched["t8"]
    assert place is not None
    assert len(place.sharp) == REMEMBERED
    assert PLACES_MAX == 1000


@given(
    st.lists(
        st.builds(
            post,
            st.integers(0, 4000),
            st.sampled_from("abc"),
            st.integers(0, 2),
            st.sampled_from(("post", "flagged", "moderated", "explained")),
            st.sampled_from(("", "a", "b")),
            st.sampled_from(("p", "q")),
            st.sampled_from("tu"),
        ),
        max_size=40,
    ),
    st.integers(0, 40),
)
def test_a_restart_changes_nothing(posts: list[ThreadPost], cut: int) -> None:
    """What is stored and read again concludes what an unbroken run does."""

    def conclude(heat: ThreadHeat, part: list[ThreadPost]) -> list[tuple[str, Signal]]:
        return [one for each in part for one in heat.fold(each)]

    whole = conclude(ThreadHeat([]), posts)
    before = ThreadHeat([])
    first = conclude(before, posts[:cut])
    stored = [msgspec.msgpack.encode(place) for place in before.touched.values() if place]
    after = ThreadHeat([msgspec.msgpack.decode(one, type=Place) for one in stored])
    assert first + conclude(after, posts[cut:]) == whole


def test_it_survives_in_the_partitions_store() -> None:
    """Warm places are stored with their community, names with slashes too; a flag is no answer and no ask."""
    partition = CommunityPartition(0, {}, None, 1)
    for one in (post(0, "ann", thread="a/b"), post(1, "ben", thread="a/b"), post(2, "ann", thread="a/b")):
        partition.apply(one)
    stored = {key: value for key, value in partition.take_touched() if value is not None}
    again = CommunityPartition(0, stored, partition.encode_shared(), 1)
    again.apply(post(3, "ben", thread="a/b"))
    assert next((sent.key, sent.signal.kind) for sent in again.take_outputs().signals) == ("town/#a/b", "heated")
