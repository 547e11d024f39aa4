"""What the members of a partition share, moved to another number of partitions."""

import pytest

from processors.announcements import Announcer, UnderWay, Walk
from processors.community.pulse import Pulse
from processors.community_partition import Shared as CommunityShared
from processors.member.rhythm import Rhythm
from processors.member.state import MemberState, decode_state, encode_state
from processors.member_partition import Shared
from processors.staff_budget import StaffBudget
from processors.usefulness import COUNT_MAX, Usefulness
from processors.vocabulary import Item
from processors.volume import Volume, Volumes
from streams.backup.moving import CannotMoveError, announcer, communities_shared, members_shared, rested


def test_time_and_catalog_go_on() -> None:
    """The latest time; one catalog; all members are looked at once more where playbooks wait for something."""
    merged = members_shared([Shared(10.0, "h", watched="w"), Shared(12.0, "h", watched="w", looked="town/z")], 3)
    assert (merged.time, merged.catalog, merged.handed) == (12.0, "h", 0.0)
    assert (merged.watched, merged.looking, merged.looked) == ("w", True, "")


def test_what_belongs_to_a_partition_must_be_done_first() -> None:
    """A catalog that is not in force everywhere, an announcement on its way."""
    with pytest.raises(CannotMoveError, match="catalog"):
        members_shared([Shared(10.0, "h"), Shared(10.0, "")], 2)
    walk = Walk([UnderWay("a", "town", "feature.announced", Item(name="a"), 1.0)])
    with pytest.raises(CannotMoveError, match="announcement"):
        members_shared([Shared(10.0, "h"), Shared(10.0, "h", walk=walk)], 2)


def test_a_pulse_is_shared_out_and_its_rest_only_grows() -> None:
    """Members of a day over all old partitions, by the number of new ones; days aligned at the last."""
    parts = [
        Shared(1.0, "h", pulses={"town": Pulse(20, 6, (8, 8), 100, bytes((200, 1, 2)))}),
        Shared(1.0, "h", pulses={"town": Pulse(20, 2, (4,), 300, bytes((100, 3, 0)))}),
        Shared(1.0, "h", pulses={"town": Pulse(20)}),
    ]
    # How sure silences look is known to each of them as a whole, halved where it would be too much.
    assert members_shared(parts, 4).pulses == {"town": Pulse(20, 2, (2, 3), 300, bytes((150, 2, 1)))}


def test_a_member_is_as_long_silent_as_before() -> None:
    """What counts is the rest since their last visit: a difference, which the new partition's count keeps."""
    old, new = Shared(pulses={"town": Pulse(20, 0, (), 100)}), Shared(pulses={"town": Pulse(20, 0, (), 300)})
    state = MemberState(posts=3, rest=90, rhythm=Rhythm(rest=40))
    moved = decode_state(rested(encode_state(state), "town", old, new))
    assert moved.rhythm is not None
    assert (moved.rest, moved.rhythm.rest, moved.posts) == (290, 240, 3)
    assert 300 - moved.rhythm.rest == 100 - 40
    assert rested(encode_state(state), "hamlet", old, new) == encode_state(state)


def test_what_was_learnt_is_known_everywhere() -> None:
    """Counts of usefulness and volume add up; the most careful level stays."""
    parts = [
        Shared(1.0, "h", usefulness={"town": Usefulness({"a": (4, 2), "b": (2, COUNT_MAX - 1)})},
               volumes=Volumes({"town/p": Volume(10.0, 2.0, 1.0, 30, 0, 5)})),
        Shared(1.0, "h", usefulness={"town": Usefulness({"a": (4, 1), "b": (2, 1)})},
               volumes=Volumes({"town/p": Volume(20.0, 8.0, 0.0, 30, 2, 9), "town/q": Volume(1.0, day=30)})),
    ]  # fmt: skip
    merged = members_shared(parts, 2)
    assert merged.usefulness["town"].counts == {"a": (8, 3), "b": (2, COUNT_MAX // 2)}
    assert merged.volumes.known == {"town/p": Volume(30.0, 10.0, 1.0, 30, 2, 9), "town/q": Volume(1.0, day=30)}


def test_ids_of_announcements_are_remembered_everywhere() -> None:
    """Each once; those that were told, too."""
    assert announcer([Announcer(b"a" * 8 + b"b" * 8), Announcer(b"b" * 8)]).seen == b"a" * 8 + b"b" * 8
    merged = members_shared([Shared(1.0, "h", walk=Walk(seen=b"a" * 8)), Shared(1.0, "h", walk=Walk(seen=b"c" * 8))], 2)
    assert merged.walk.seen == b"a" * 8 + b"c" * 8


def test_the_community_stage_goes_on_at_the_time_that_all_had() -> None:
    """Each new source has handed that over."""
    merged = communities_shared([CommunityShared({0: 9.0, 1: 8.0}, 8.0), CommunityShared({0: 9.0, 1: 9.0}, 9.0)], 3)
    assert (merged.watermarks, merged.time) == ({0: 8.0, 1: 8.0, 2: 8.0}, 8.0)
    assert communities_shared([CommunityShared({}, 0.0)], 2) == CommunityShared({}, 0.0)


def test_what_staff_was_told_is_shared_out() -> None:
    """Each new partition gets its part of the same times, so that the budget of the day stays what it was."""
    parts = [
        Shared(1.0, "h", staff=StaffBudget({"town": [10, 30]})),
        Shared(1.0, "h", staff=StaffBudget({"town": [20, 40]})),
    ]
    assert members_shared(parts, 1).staff.told == {"town": [10, 20, 30, 40]}
    assert members_shared(parts, 2).staff.told == {"town": [20, 40]}


def test_each_part_of_what_is_shared_is_moved() -> None:
    """Who adds a field says here how it moves."""
    assert Shared.__struct_fields__ == (
        "time", "catalog", "handed", "walk", "pulses", "usefulness", "watched", "looking", "looked", "volumes", "staff",
    )  # fmt: skip
    assert CommunityShared.__struct_fields__ == ("watermarks", "time")
    assert Announcer.__struct_fields__ == ("seen",)
