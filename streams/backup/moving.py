"""From one number of partitions to another, as pure functions: which record goes where, and what partitions share, shared anew.

A member's state goes with their key. What the members of a partition share is counts of a community; each new partition gets
what all old ones knew of usefulness and volume, and its share of the pulse.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import TypeVar

from processors.announcements import Announcer, Walk
from processors.community.pulse import REMEMBERED, Pulse
from processors.community_partition import Shared as CommunityShared
from processors.member.rhythm import COUNT_MAX as LOOKS_MAX
from processors.member.state import decode_state, encode_state
from processors.member_partition import Shared as MemberShared
from processors.staff_budget import StaffBudget
from processors.usefulness import COUNT_MAX, RESOURCES_MAX, Usefulness
from processors.volume import PLAYBOOKS_MAX, Volume, Volumes

T = TypeVar("T")


class CannotMoveError(Exception):
    """Something is under way that belongs to a partition and not to a key."""


def members_shared(parts: Sequence[MemberShared], count: int) -> MemberShared:
    """Return what each of `count` new partitions begins with. Raises `CannotMoveError`."""
    if len({one.catalog for one in parts}) > 1:
        raise CannotMoveError("not all partitions have the same catalog in force yet")
    if any(one.walk.under_way for one in parts):
        raise CannotMoveError("an announcement is still being told")
    watched = {one.watched for one in parts}
    return MemberShared(
        time=max(one.time for one in parts),
        catalog=parts[0].catalog,
        walk=Walk(seen=_union([one.walk.seen for one in parts])),
        pulses=_each([one.pulses for one in parts], lambda some: _pulse(some, count)),
        usefulness=_each([one.usefulness for one in parts], _usefulness),
        watched=watched.pop() if len(watched) == 1 else "",
        looking=any(one.watched for one in parts),  # all are looked at once more
        volumes=Volumes(_latest(_each([one.volumes.known for one in parts], _volume))),
        staff=StaffBudget(_each([one.staff.told for one in parts], lambda some: _told(some, count))),
    )


def rested(state: bytes, community: str, old: MemberShared, new: MemberShared) -> bytes:
    """Return a member's state with its marks of the community's rest moved from the old partition's count to the new one's."""
    known, now = old.pulses.get(community), new.pulses.get(community)
    more = now.rest - known.rest if known and now else 0
    if not more:
        return state
    member = decode_state(state)
    member.rest += more
    if member.rhythm is not None:
        member.rhythm.rest += more
    return encode_state(member)


def communities_shared(parts: Sequence[CommunityShared], count: int) -> CommunityShared:
    """Return what each new partition of the threads begins with: time as far as all had it."""
    time = min((one.time for one in parts if one.time), default=0.0)
    return CommunityShared(dict.fromkeys(range(count), time) if time else {}, time)


def announcer(parts: Sequence[Announcer]) -> Announcer:
    """Return the ids that each new partition of the announcements remembers."""
    return Announcer(_union([one.seen for one in parts]))


def _each(parts: Iterable[dict[str, T]], merged: Callable[[list[T]], T]) -> dict[str, T]:
    found: dict[str, list[T]] = {}
    for part in parts:
        for name, one in part.items():
            found.setdefault(name, []).append(one)
    return {name: merged(some) for name, some in sorted(found.items())}


def _union(seen: Iterable[bytes]) -> bytes:
    """Return marks of 8 bytes, each once, in order."""
    return b"".join(dict.fromkeys(one[at : at + 8] for one in seen for at in range(0, len(one), 8)))


def _pulse(some: list[Pulse], count: int) -> Pulse:
    day = max(one.day for one in some)
    for one in some:
        one.roll(day)
    length = max(len(one.counts) for one in some)
    aligned = [(0,) * (length - len(one.counts)) + one.counts for one in some]
    sums = [sum(days) for days in zip(*aligned, strict=True)]
    return Pulse(
        day, _share(sum(one.today for one in some), count),
        tuple(_share(one, count) for one in sums)[-REMEMBERED:], max(one.rest for one in some),
        _looks([one.looks for one in some if one.looks]),
    )  # fmt: skip


def _looks(some: list[bytes]) -> bytes:
    """Return how sure the silences of all partitions looked: it holds of the community, so each new one knows all of it."""
    sums = [sum(counts) for counts in zip(*some, strict=True)]
    while max(sums, default=0) > LOOKS_MAX:
        sums = [one // 2 for one in sums]
    return bytes(sums)


def _told(some: list[list[int]], count: int) -> list[int]:
    """Return for each new partition its part of what staff was told, spread over the same times."""
    return sorted(time for times in some for time in times)[::-count][::-1]


def _share(total: int, count: int) -> int:
    return (total + count // 2) // count


def _usefulness(some: list[Usefulness]) -> Usefulness:
    counts: dict[str, tuple[int, int]] = {}
    for one in some:
        for resource, (worth, shown) in one.counts.items():
            had, seen = counts.get(resource, (0, 0))
            counts[resource] = (had + worth, seen + shown)
    kept = sorted(counts, key=lambda name: (-counts[name][1], name))[:RESOURCES_MAX]
    return Usefulness({name: _halved(*counts[name]) for name in sorted(kept)})


def _halved(worth: int, shown: int) -> tuple[int, int]:
    while shown >= COUNT_MAX:
        worth, shown = worth // 2, shown // 2
    return worth, shown


def _latest(known: dict[str, Volume]) -> dict[str, Volume]:
    kept = sorted(known, key=lambda name: (-known[name].day, name))[:PLAYBOOKS_MAX]
    return {name: known[name] for name in sorted(kept)}


def _volume(some: list[Volume]) -> Volume:
    """Return the counts together, and the most careful level of all."""
    day = max(one.day for one in some)
    for one in some:
        one.fade(day)

    def both(a: Volume, b: Volume) -> Volume:
        return Volume(
            a.sent + b.sent,
            a.unwelcome + b.unwelcome,
            a.welcome + b.welcome,
            day,
            max(a.level, b.level),
            max(a.changed, b.changed),
        )

    return reduce(both, some)
